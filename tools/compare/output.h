/* SPDX-License-Identifier: MIT */
/*
 * What a run of the program prints, in files without a name.
 */
#ifndef REGWAIT_OUTPUT_H
#define REGWAIT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output {
	int fd;	    /* the file; -1: not open */
	bool whole; /* all of it is kept, not only the end */
};

/* 0, -errno */
int output_open(struct output *o, bool whole);

/* Frees the memory of what will not be read, while the program runs: it may print without end. */
void output_trim(const struct output *o);

/* All that was kept of it, with a NUL behind; to be freed. NULL: it could not be read. */
char *output_read(const struct output *o, size_t *size);

void output_close(struct output *o);

#endif
