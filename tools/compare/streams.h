/* SPDX-License-Identifier: MIT */
/*
 * What is learned from what a run of the program prints.
 *
 * Nothing is read before the program has ended, which would take processor time beside it. Only of a
 * program that prints much, a thread reads piece after piece meanwhile, so that memory does not fill.
 */
#ifndef REGWAIT_STREAMS_H
#define REGWAIT_STREAMS_H

#include <pthread.h>
#include <regex.h>
#include <stdatomic.h>
#include <stdint.h>

#include "figure.h"
#include "output.h"

enum { OUTPUT, ERROR, STREAMS };

struct stream_options {
	const char *metric; /* a figure that is looked for in both; NULL: none */
	regex_t regex;	    /* the same, compiled */
	bool hash;	    /* is the hash of its standard output asked for? */
	bool show;	    /* pass on what the program prints */
};

struct streams {
	const struct stream_options *options;
	struct output outputs[STREAMS];
	struct figure figures[STREAMS];
	uint64_t hash;	/* of its standard output */
	char said[128]; /* its last line on standard error */
	pthread_t reader;
	bool reads; /* the thread was started */
	atomic_bool idle;
};

/* 0, -errno */
int streams_open(struct streams *s, const struct stream_options *options);

/* To be called now and then while the program runs. */
void streams_meanwhile(struct streams *s);

/* The program has ended: reads what is left. */
void streams_finish(struct streams *s);

/* The figure that was found, in standard output if there is one. */
const struct figure *streams_figure(const struct streams *s);

void streams_close(struct streams *s);

#endif
