/* SPDX-License-Identifier: MIT */
/*
 * What one way of doing something saves against another, measured here and now.
 */
#ifndef REGWAIT_SAVING_H
#define REGWAIT_SAVING_H

#include <stdbool.h>

/* A median and how far it may be trusted: the 95 % interval of it. All ns each. */
struct saving {
	double median, low, high;
};

/* A block of one kind: ns each; negative if it failed. */
typedef double saving_block(void *arg);

/*
 * Blocks of both kinds in pairs, in which each kind is the first one by turns, after a block of each that
 * does not count. False: one failed.
 */
bool saving_measure(saving_block *expensive, saving_block *cheap, void *arg, struct saving *s);

#endif
