/* SPDX-License-Identifier: MIT */
/*
 * Drawings of a report, as SVG. Their colours are CSS variables of the HTML page.
 */
#ifndef REGWAIT_DRAW_H
#define REGWAIT_DRAW_H

#include <stdio.h>

#include "comparison.h"

/* Both variants of a measure; below them, unless it is too short, the ratios of the pairs. */
void draw_measure(FILE *f, const struct comparison *c, enum measure m,
		  const struct pair_summary *s);

#endif
