/* SPDX-License-Identifier: MIT */
/* Named figures that belong to no row: instruction counts, and what a program finds in itself. */
#ifndef REGWAIT_BENCH_FACTS_H
#define REGWAIT_BENCH_FACTS_H

#include <stdbool.h>

struct fact {
	char name[64];
	double value;
};

/* Lines "name value"; others are skipped. Returns how many were read, -1 without the file. */
int facts_load(const char *path);
void fact_set(const char *name, double value);
bool fact_get(const char *name, double *value);
const struct fact *facts_all(unsigned int *count);

#endif
