/* SPDX-License-Identifier: MIT */
/*
 * What is learned from what a run of the program prints.
 *
 * Nothing is read before the program has ended, which would take processor time beside it. Only of a
 * program that prints much, a thread reads piece after piece meanwhile, so that memory does not fill.
 * If it is known to print very much, it prints into pipes, and waits where it is faster than the
 * reader.
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
	uint64_t taken; /* bytes of both that were read */
	pthread_t reader;
	bool reads; /* the thread was started */
	atomic_bool idle;
	int end; /* through pipes: tells the thread that the program has ended; else -1 */
};

/* 0, -errno. What will be read of comes through pipes, if they are asked for. */
int streams_open(struct streams *s, const struct stream_options *options, bool pipes);

/* To be called when the program has been started, and now and then while it runs. */
void streams_meanwhile(struct streams *s);

/* The program has ended: reads what is left. */
void streams_finish(struct streams *s);

/* The figure that was found, in standard output if there is one. */
const struct figure *streams_figure(const struct streams *s);

void streams_close(struct streams *s);

#endif
