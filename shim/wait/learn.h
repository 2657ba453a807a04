/* SPDX-License-Identifier: MIT */
/*
 * REGWAIT_SPIN=auto: whether waits of a thread on a ring had better look before they sleep.
 *
 * That a wait found what it looked for proves nothing: where the partner needs the processor on
 * which we look, all of them do, and late. What is compared is the time that the program takes for
 * each completion that it has seen, both ways, and with it the processor time of the thread. Not for
 * each wait: one that sleeps may wake up to several completions at once, where one that looks returns
 * with the first and the program waits the more often. It is taken by blocks of waits, so that no wait
 * but the last of a block reads a clock. The thread keeps to the cheaper way and now and then tries
 * the other for a few waits, less and less often while that is of no use.
 *
 * Where processors are scarce, looking must not take more of their time than sleeping, however much
 * faster it seems: others run the later for it, or the thread itself does, when the quota of its cgroup
 * is used up. It shows in that the processor is taken away from a thread that looks.
 */
#ifndef REGWAIT_LEARN_H
#define REGWAIT_LEARN_H

#include <stdbool.h>
#include <stdint.h>

#include "process/thread.h"

#define LEARN_BLOCK 64 /* waits of a block, when nothing is tried and they may sleep */

enum learn_state { LEARN_SLEEPS, LEARN_TRIES_TO_LOOK, LEARN_LOOKS, LEARN_TRIES_TO_SLEEP };

struct learner {
	const void *ring; /* where its CQ's head is, or enter_key(): see learn_looks() */
	uint8_t state, stage;
	uint8_t scarce;	      /* processors were, so many blocks ago */
	uint16_t left;	      /* waits until the block ends */
	uint16_t block;	      /* waits of this block; 0: none has begun */
	uint16_t rest, pause; /* blocks until the other way is tried, and how many that were */
	struct usage {
		int64_t wall, cpu; /* ns */
		int64_t taken;	   /* how often the processor was taken away */
		uint32_t seen;	   /* completions, or of bare enters what was submitted */
	} began;		   /* when the block did */
	uint64_t sleep, looks;	   /* what a completion costs both ways, ns */
	uint64_t sleep_cpu, looks_cpu;
};

/* At the end of a block, with what there is now: what the next block does. */
void learn_judge(struct learner *l, const struct usage *now);

static inline bool learner_looks(const struct learner *l)
{
	return l->state == LEARN_LOOKS || l->state == LEARN_TRIES_TO_LOOK;
}

/*
 * For each wait that would sleep: shall it look first? The ring is told from others of this thread by where
 * the head of its CQ is; one of a bare enter by enter_key(), and then completions cannot be counted, but
 * what the thread submitted by bare enters (me.submitted).
 */
bool learn_looks(const void *ring);

/* A wait on the ring that me.asleep is sleeps. */
static inline void learn_slept(void)
{
	if (!--me.to_sleep)
		me.asleep = NO_RING;
}

/* Need a wait on this ring not ask? Where waits look for a fixed time, each has to. */
static inline bool learn_sleeps(const void *ring)
{
	if (me.asleep != ring)
		return false;
	learn_slept();
	return true;
}

#endif
