/* SPDX-License-Identifier: MIT */
/*
 * Learns whether to look before sleeping.
 */
#include <string.h>

#include "base/config.h"
#include "base/kernel.h"
#include "wait/learn.h"

#define LEARNERS    8  /* rings of one thread; others take their places, and begin anew */
#define FIRST_PAUSE 4  /* blocks before the other way is tried */
#define LAST_PAUSE  64 /* after it was of no use some times */
#define STAGES	    3  /* blocks of 4, 16 and 64 waits, each of which must be better */
#define SLEEP_TRIAL 8
/* In percent: what looking must spare to be worth it. */
#define WORTH 5

static __thread struct learner learners[LEARNERS];
__thread struct sleeper sleeper;

static void begin_block(struct learner *l, enum learn_state state, unsigned block)
{
	l->state = state;
	l->block = block;
	l->left = block - 1;
}

/* An outlier changes little, and what gets slower for good is noticed after a while. */
static uint64_t least(uint64_t before, uint64_t now)
{
	uint64_t aged = before + before / 16;

	return before && aged < now ? aged : now;
}

static bool is_worth_it(const struct learner *l, uint64_t looking)
{
	return looking * 100 < l->sleep * (100 - WORTH);
}

/* More than it may take to look can be spared by no wait. */
static bool is_out_of_reach(const struct learner *l)
{
	return l->sleep * WORTH > (uint64_t)config.spin * 1000 * 100;
}

static void pause_longer(struct learner *l)
{
	l->pause = !l->pause ? FIRST_PAUSE : l->pause < LAST_PAUSE ? 2 * l->pause : LAST_PAUSE;
	l->rest = l->pause;
}

static void pause_anew(struct learner *l)
{
	l->pause = 0;
	pause_longer(l);
}

static void judge_sleep(struct learner *l, uint64_t cost)
{
	l->sleep = least(l->sleep, cost);
	if (l->rest)
		l->rest--;
	if (l->rest || is_out_of_reach(l)) {
		begin_block(l, LEARN_SLEEPS, LEARN_BLOCK);
		return;
	}
	l->stage = 0;
	begin_block(l, LEARN_TRIES_TO_LOOK, 4);
}

static void judge_trial(struct learner *l, uint64_t cost)
{
	if (!is_worth_it(l, cost)) {
		pause_longer(l);
		begin_block(l, LEARN_SLEEPS, LEARN_BLOCK);
		return;
	}
	l->looks = cost;
	if (++l->stage < STAGES) {
		begin_block(l, LEARN_TRIES_TO_LOOK, 4u << 2 * l->stage);
		return;
	}
	pause_anew(l);
	begin_block(l, LEARN_LOOKS, LEARN_BLOCK);
}

static void judge_look(struct learner *l, uint64_t cost)
{
	l->looks = least(l->looks, cost);
	if (l->rest)
		l->rest--;
	if (l->rest && is_worth_it(l, cost))
		begin_block(l, LEARN_LOOKS, LEARN_BLOCK);
	else
		begin_block(l, LEARN_TRIES_TO_SLEEP, SLEEP_TRIAL);
}

static void judge_sleep_trial(struct learner *l, uint64_t cost)
{
	l->sleep = cost;
	if (is_worth_it(l, l->looks)) {
		pause_longer(l);
		begin_block(l, LEARN_LOOKS, LEARN_BLOCK);
		return;
	}
	pause_anew(l);
	begin_block(l, LEARN_SLEEPS, LEARN_BLOCK);
}

/* Processor time counts for half: what is spent to be faster is spent on purpose. */
void learn_judge(struct learner *l, int64_t wall, int64_t cpu)
{
	uint64_t cost = 0;

	if (l->block)
		cost = (wall - l->wall + (cpu - l->cpu) / 2) / l->block;
	l->wall = wall;
	l->cpu = cpu;
	if (!l->block) {
		pause_anew(l);
		begin_block(l, LEARN_SLEEPS, LEARN_BLOCK);
		return;
	}
	switch ((enum learn_state)l->state) {
	case LEARN_SLEEPS:
		judge_sleep(l, cost);
		break;
	case LEARN_TRIES_TO_LOOK:
		judge_trial(l, cost);
		break;
	case LEARN_LOOKS:
		judge_look(l, cost);
		break;
	case LEARN_TRIES_TO_SLEEP:
		judge_sleep_trial(l, cost);
		break;
	}
}

static struct learner *learner_of(const void *ring)
{
	return &learners[(uintptr_t)ring / 4096 % LEARNERS];
}

/* What is left of its block is told to the ring whose waits did not ask. */
static void wake_sleeper(void)
{
	struct learner *l = learner_of(sleeper.ring);

	if (sleeper.ring && l->ring == sleeper.ring)
		l->left = sleeper.left;
	sleeper.ring = NULL;
}

bool learn_looks(const void *ring)
{
	struct learner *l = learner_of(ring);

	wake_sleeper();
	if (l->ring != ring) {
		memset(l, 0, sizeof(*l));
		l->ring = ring;
	}
	if (l->left)
		l->left--;
	else
		learn_judge(l, kernel_time(CLOCK_MONOTONIC), kernel_time(CLOCK_THREAD_CPUTIME_ID));
	if (learner_looks(l))
		return true;
	sleeper.ring = ring;
	sleeper.left = l->left;
	return false;
}
