/* SPDX-License-Identifier: MIT */
/* See facts.h. */
#include <stdio.h>
#include <string.h>

#include "facts.h"

#define MAX_FACTS 64

static struct fact facts[MAX_FACTS];
static unsigned int fact_count;

void fact_set(const char *name, double value)
{
	if (fact_count == MAX_FACTS)
		return;
	snprintf(facts[fact_count].name, sizeof(facts[0].name), "%s", name);
	facts[fact_count++].value = value;
}

bool fact_get(const char *name, double *value)
{
	unsigned int i;

	for (i = 0; i < fact_count; i++) {
		if (!strcmp(facts[i].name, name)) {
			*value = facts[i].value;
			return true;
		}
	}
	return false;
}

const struct fact *facts_all(unsigned int *count)
{
	*count = fact_count;
	return facts;
}

int facts_load(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[256], name[64];
	double value;
	int count = 0;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %lf", name, &value) != 2)
			continue;
		fact_set(name, value);
		count++;
	}
	fclose(file);
	return count;
}
