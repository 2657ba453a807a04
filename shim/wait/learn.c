/* SPDX-License-Identifier: MIT */
/*
 * Learns whether to look before sleeping.
 */
#include <string.h>
#include <sys/resource.h>

#include "base/config.h"
#include "base/kernel.h"
#include "process/thread.h"
#include "wait/learn.h"

#define LEARNERS    8  /* rings of one thread; others take their places, and begin anew */
#define FIRST_PAUSE 4  /* blocks before the other way is tried */
#define LAST_PAUSE  64 /* after it was of no use some times */
#define STAGES	    3  /* blocks of 4, 16 and 64 waits, each of which must be better */
#define SLEEP_TRIAL 8
/* No wait that sleeps takes less: of such waits there is nothing to be learnt, and seldom looked. */
#define AWAKE_NS    1000
#define AWAKE_BLOCK 1024
/* In percent: what looking must spare to be worth it. */
#define WORTH 5

/* Processors are scarce if one is taken away at every fourth wait that looks, or for so long. */
#define OFTEN	     4
#define THROTTLED_NS 20000000
#define SCARCE	     255 /* blocks for which this is remembered */

static __thread struct learner learners[LEARNERS];

/* Of a block, in ns. Processor time counts for half: what is spent to be faster is spent on purpose. */
struct cost {
	uint64_t wait;	   /* of a wait */
	uint64_t all, cpu; /* of what one completion takes */
};

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

static bool is_worth_it(const struct learner *l)
{
	if (l->scarce && l->looks_cpu > l->sleep_cpu)
		return false;
	return l->looks * 100 < l->sleep * (100 - WORTH);
}

/* More than it may take to look can be spared by no wait. */
static bool is_out_of_reach(uint64_t wait)
{
	return wait * WORTH > (uint64_t)config.spin * 1000 * 100;
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

static void judge_sleep(struct learner *l, const struct cost *c)
{
	if (c->wait < AWAKE_NS) {
		begin_block(l, LEARN_SLEEPS, AWAKE_BLOCK);
		return;
	}
	l->sleep = least(l->sleep, c->all);
	l->sleep_cpu = least(l->sleep_cpu, c->cpu);
	if (l->rest)
		l->rest--;
	if (l->rest || is_out_of_reach(c->wait)) {
		begin_block(l, LEARN_SLEEPS, LEARN_BLOCK);
		return;
	}
	l->stage = 0;
	begin_block(l, LEARN_TRIES_TO_LOOK, 4);
}

static void judge_trial(struct learner *l, const struct cost *c)
{
	l->looks = c->all;
	l->looks_cpu = c->cpu;
	if (!is_worth_it(l)) {
		pause_longer(l);
		begin_block(l, LEARN_SLEEPS, LEARN_BLOCK);
		return;
	}
	if (++l->stage < STAGES) {
		begin_block(l, LEARN_TRIES_TO_LOOK, 4u << 2 * l->stage);
		return;
	}
	pause_anew(l);
	begin_block(l, LEARN_LOOKS, LEARN_BLOCK);
}

static void judge_look(struct learner *l, const struct cost *c)
{
	const uint64_t before = l->looks;

	l->looks = c->all;
	l->looks_cpu = c->cpu;
	if (l->rest)
		l->rest--;
	if (l->rest && is_worth_it(l))
		begin_block(l, LEARN_LOOKS, LEARN_BLOCK);
	else
		begin_block(l, LEARN_TRIES_TO_SLEEP, SLEEP_TRIAL);
	l->looks = least(before, c->all);
}

static void judge_sleep_trial(struct learner *l, const struct cost *c)
{
	l->sleep = c->all;
	l->sleep_cpu = c->cpu;
	if (is_worth_it(l)) {
		pause_longer(l);
		begin_block(l, LEARN_LOOKS, LEARN_BLOCK);
		return;
	}
	pause_anew(l);
	begin_block(l, LEARN_SLEEPS, LEARN_BLOCK);
}

/*
 * From others it was taken for us about as often as it is wanted, or from us for as long as only a quota
 * does it.
 */
static void note_scarcity(struct learner *l, const struct usage *now)
{
	const int64_t taken = now->taken - l->began.taken;
	const bool is_throttled = taken && now->wall - l->began.wall > THROTTLED_NS;

	if (learner_looks(l) && (taken * OFTEN >= l->block || is_throttled))
		l->scarce = SCARCE;
	else if (l->scarce)
		l->scarce--;
}

/* Waits that time out have no completion, and get something done. */
static struct cost cost_of(const struct learner *l, const struct usage *now)
{
	const uint32_t seen = now->seen - l->began.seen;
	const uint64_t cpu = now->cpu - l->began.cpu;
	const uint64_t all = now->wall - l->began.wall + cpu / 2;
	const uint64_t done = seen > l->block ? seen : l->block;

	return (struct cost){ .wait = all / l->block, .all = all / done, .cpu = cpu / done };
}

void learn_judge(struct learner *l, const struct usage *now)
{
	struct cost c;

	if (!l->block) {
		l->began = *now;
		pause_anew(l);
		begin_block(l, LEARN_SLEEPS, LEARN_BLOCK);
		return;
	}
	c = cost_of(l, now);
	note_scarcity(l, now);
	l->began = *now;
	switch ((enum learn_state)l->state) {
	case LEARN_SLEEPS:
		judge_sleep(l, &c);
		break;
	case LEARN_TRIES_TO_LOOK:
		judge_trial(l, &c);
		break;
	case LEARN_LOOKS:
		judge_look(l, &c);
		break;
	case LEARN_TRIES_TO_SLEEP:
		judge_sleep_trial(l, &c);
		break;
	}
}

/* Of a bare enter's ring the CQ is not at hand: what is submitted completes once, by and large. */
static uint32_t completions_seen(const void *ring)
{
	const bool is_head = (uintptr_t)ring % _Alignof(unsigned) == 0;

	return is_head ? __atomic_load_n((const unsigned *)ring, __ATOMIC_RELAXED) : me.submitted;
}

static struct usage usage_now(const void *ring)
{
	struct rusage r = { 0 };
	int64_t us;

	kernel_call(SYS_getrusage, RUSAGE_THREAD, (long)&r, 0, 0, 0, 0);
	us = (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * (int64_t)1000000 + r.ru_utime.tv_usec +
	     r.ru_stime.tv_usec;
	return (struct usage){
		.wall = kernel_time(CLOCK_MONOTONIC),
		.cpu = us * 1000,
		.taken = r.ru_nivcsw,
		.seen = completions_seen(ring),
	};
}

static struct learner *learner_of(const void *ring)
{
	return &learners[(uintptr_t)ring / 4096 % LEARNERS];
}

/* What is left of its block goes back to the ring whose waits did not ask. */
static void wake(void)
{
	struct learner *l = learner_of(me.asleep);

	if (l->ring == me.asleep)
		l->left = me.to_sleep;
	me.asleep = NO_RING;
}

static void put_to_sleep(struct learner *l)
{
	if (!l->left)
		return;
	me.to_sleep = l->left;
	l->left = 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.asleep = l->ring;
}

/* The waits of its block that slept, when it ends. Those of one that never ends are not counted. */
static void count_slept(const struct learner *l)
{
	if (!learner_looks(l) && thread_has_line())
		count_more(me.counts->unspun[LOOK_AUTO], l->block - l->left);
}

bool learn_looks(const void *ring)
{
	struct learner *l = learner_of(ring);
	struct usage now;

	wake();
	if (l->ring != ring) {
		count_slept(l);
		memset(l, 0, sizeof(*l));
		l->ring = ring;
	}
	if (l->left) {
		l->left--;
	} else {
		count_slept(l);
		now = usage_now(ring);
		learn_judge(l, &now);
	}
	if (learner_looks(l))
		return true;
	put_to_sleep(l);
	return false;
}
