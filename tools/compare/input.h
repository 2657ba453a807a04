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
	int kept;    /* a file with all that was read from the pipe */
	pid_t feeder;
	int feeder_end; /* the feeder ends when this is closed */
};

/* Finds out what our own standard input is. */
void input_open(struct input *in);

/*
 * Before a run: *fd is the run's standard input, which the caller closes after the start; -1: it
 * inherits ours. 0, or -errno.
 */
int input_begin(struct input *in, int *fd);

/* After the run. 0; -errno if the run did not get all of its input. */
int input_end(struct input *in);

#endif
