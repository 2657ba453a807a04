/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_RUNS_H
#define REGWAIT_RUNS_H

#include "comparison.h"
#include "input.h"
#include "streams.h"

struct run_options {
	struct stream_options streams;
	bool bare_baseline;
	bool ignore_failure; /* judge even if both variants fail alike */
	bool never_preload;  /* the program would not run with a preloaded library */
	char *settings[5];   /* of the on variant */
	struct input *input; /* what every run reads */
};

/* Runs a program switched off and on in turn. 0, EXIT_NO. */
int runs_measure(struct comparison *c, char **argv, const struct run_options *o,
		 const struct comparison_limits *limits);

#endif
