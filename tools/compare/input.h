/* SPDX-License-Identifier: MIT */
/*
 * Standard input for several runs: the same bytes for each.
 */
#ifndef REGWAIT_INPUT_H
#define REGWAIT_INPUT_H

#include <sys/types.h>

struct input {
	enum { INPUT_SHARED, INPUT_REWOUND, INPUT_FED } kind;
	off_t start; /* of a file */
	int kept;    /* what has been read from a pipe until now: a file */
	pid_t feeder;
	int feeder_end; /* closed, it ends */
};

/* Looks at our own standard input. */
void input_open(struct input *in);

/*
 * Before a run: *fd becomes its standard input, to be closed here after the start; -1: it
 * inherits ours. 0, -errno.
 */
int input_begin(struct input *in, int *fd);

/* After it. 0; -errno if it did not get all that it could have read. */
int input_end(struct input *in);

#endif
