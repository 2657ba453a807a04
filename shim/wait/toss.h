/* SPDX-License-Identifier: MIT */
/*
 * Waits without a timeout in the modes ab and aa: with REGWAIT_SPIN a coin decides whether one looks before
 * it sleeps. Of timed ones measure.c keeps account.
 */
#ifndef REGWAIT_TOSS_H
#define REGWAIT_TOSS_H

#include <stdbool.h>
#include <stdint.h>

#include "contract/histogram.h"

struct toss {
	bool looks;
	enum regwait_variant variant;
	struct regwait_variants *variants;
	uint64_t start;
};

/* False: the mode is another, or the thread has no slot. */
bool toss_begin(struct toss *t) __attribute__((visibility("hidden")));
void toss_end(const struct toss *t) __attribute__((visibility("hidden")));

#endif
