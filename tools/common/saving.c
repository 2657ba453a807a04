/* SPDX-License-Identifier: MIT */
/*
 * Paired blocks.
 */
#include <stdlib.h>

#include "saving.h"
#include "statistics.h"

/* With the interval of their median by order statistics (binomial). */
#define PAIRS  41
#define MEDIAN 20
#define LOW    13
#define HIGH   27

static bool pair(saving_block *expensive, saving_block *cheap, void *arg, bool turned,
		 double *difference)
{
	double first = (turned ? expensive : cheap)(arg);
	double second = (turned ? cheap : expensive)(arg);

	*difference = turned ? first - second : second - first;
	return first >= 0 && second >= 0;
}

bool saving_measure(saving_block *expensive, saving_block *cheap, void *arg, struct saving *s)
{
	double differences[PAIRS], warm_up;
	int i;

	if (!pair(expensive, cheap, arg, true, &warm_up))
		return false;
	for (i = 0; i < PAIRS; i++)
		if (!pair(expensive, cheap, arg, i % 2, &differences[i]))
			return false;
	qsort(differences, PAIRS, sizeof(*differences), by_size);
	*s = (struct saving){ differences[MEDIAN], differences[LOW], differences[HIGH] };
	return true;
}
