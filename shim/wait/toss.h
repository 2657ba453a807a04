/* SPDX-License-Identifier: MIT */
/*
 * The modes ab and aa: a coin decides for each wait, which is timed.
 */
#ifndef REGWAIT_TOSS_H
#define REGWAIT_TOSS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "contract/histogram.h"
#include "process/process.h"

struct toss {
	enum regwait_variant variant;
	bool looks;			   /* see toss_begin() */
	struct regwait_variants *variants; /* NULL: nobody keeps the times */
	uint64_t start;
};

/* Only a process that starts in such a mode keeps times. */
static inline bool toss_is_on(void)
{
	return config.mode == MODE_AB || config.mode == MODE_AA;
}

/* For a thread with a slot; the time runs. */
void toss_coin(struct toss *t, struct process *p) __attribute__((visibility("hidden")));

/* Adds the time to those of its variant. */
void toss_end(const struct toss *t) __attribute__((visibility("hidden")));

/*
 * For a wait without a timeout, which with REGWAIT_SPIN looks before it sleeps, or does not. False: the
 * mode is another, or the thread has no slot. (Of timed ones measure.c keeps account.)
 */
bool toss_begin(struct toss *t) __attribute__((visibility("hidden")));

#endif
