/* SPDX-License-Identifier: MIT */
/* One call of a waiting function: its arguments, and what came of it. */
#ifndef FUZZ_WAIT_H
#define FUZZ_WAIT_H

#include "world.h"

#define BATCH 8

struct wait_property {
	bool cqe;    /* writes a completion pointer */
	bool timed;  /* takes a timeout */
	bool counts; /* takes a number of completions to wait for */
	bool submits;
	bool peeks; /* never sleeps */
	int since;  /* the liburing release that has it */
};

struct call {
	enum wait_call fn;
	struct slot *s;
	unsigned nr, sub, min;
	long n;
	enum ts_word ts_word;
	enum mask_word mask_word;
	struct __kernel_timespec *ts, ts_room;
	sigset_t *mask, mask_room;

	struct io_uring_cqe *cqe, *cqes[BATCH];
	int ret, err;
	bool jumped;
	long enters;
	uint64_t start_ns, end_ns;
};

extern const struct wait_property wait_property[];

/* Turn the words of the text into what the functions take. */
void wait_mask(struct call *c);
void wait_timeout(struct call *c);

void wait_call(struct call *c);

#endif
