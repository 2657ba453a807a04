/* SPDX-License-Identifier: MIT */
/*
 * Times waits, and counts what they would have been (modes observe, ab and aa).
 */
#include "wait/clock.h"
#include "wait/enter_look.h"
#include "wait/measure.h"
#include "wait/plain.h"
#include "wait/toss.h"
#include "wait/watch.h"

enum outcome { WOULD_ANSWER, WOULD_POLL, WOULD_REGISTER };

/* What wait_registered() would do with this wait. Changes nothing. */
static enum outcome outcome_of(const struct wait *w, uint64_t tag)
{
	const struct io_uring *ring = w->ring;
	unsigned available = __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE) - *ring->cq.khead;
	unsigned submit = submits(w->kind) ? unsubmitted(ring, tag) : 0;

	if (w->wait_nr <= available &&
	    (available || submit || w->wait_nr || !cq_needs_enter(ring, tag)))
		return WOULD_ANSWER;
	return may_poll(w, tag, submit, w->ts->tv_sec, w->ts->tv_nsec) ? WOULD_POLL :
									 WOULD_REGISTER;
}

static void count_observed(enum outcome outcome, int ret, uint64_t start)
{
	struct regwait_wait_counts *c = me.counts;

	c->would_answer += outcome == WOULD_ANSWER;
	c->would_poll += outcome == WOULD_POLL;
	c->would_register += outcome == WOULD_REGISTER;
	c->timed_out += outcome != WOULD_ANSWER && ret == -ETIME;
	if (outcome == WOULD_REGISTER) {
		uint64_t took = clock_now() - start;

		c->slept += took >= SLEPT_NS;
		c->slept_50 += took >= SLEPT_NS && took < 50000;
		c->slept_200 += took >= 50000 && took < 200000;
	}
}

int measure_observed(const struct wait *w, uint64_t tag, const struct next *next)
{
	enum outcome outcome = outcome_of(w, tag);
	uint64_t start = clock_now();
	int ret = wait_plain(w, next);

	count_observed(outcome, ret, start);
	return ret;
}

int measure_variants(struct process *p, const struct wait *w, uint64_t tag, const struct next *next,
		     struct origin origin)
{
	enum outcome outcome = outcome_of(w, tag);
	struct toss t;
	bool registers;
	int ret;

	if (outcome == WOULD_ANSWER)
		return wait_registered(w, tag, origin);
	toss_coin(&t, p);
	/*
	 * Under aa both variants must run the same instructions: no branch, so no &&.
	 */
	registers = (t.variant == VARIANT_REGISTERED) & (p->stats_page->mode == MODE_AB);
	if (registers) {
		ret = wait_registered_slowly(w, tag, ordinary_way(w->ring), origin);
	} else {
		count_one(me.counts->plain[REASON_PLAIN_VARIANT]);
		ret = wait_plain(w, next);
	}
	/*
	 * Zero timeouts gain a hundred times as much, by polling. They are left out of the
	 * histograms.
	 */
	if (outcome == WOULD_REGISTER)
		toss_end(&t);
	return ret;
}

int measure_observed_enter(struct process *p, const struct enter *e, struct origin origin)
{
	uint64_t start = clock_now();
	int ret;

	count_plain(p, REASON_OBSERVED);
	ret = enter_plain(e, origin_caller(origin));
	count_observed(WOULD_REGISTER, ret, start);
	return ret;
}

int measure_enter(struct process *p, const struct enter *e, struct origin origin)
{
	struct toss t;
	bool registers;
	int ret;

	toss_coin(&t, p);
	registers = (t.variant == VARIANT_REGISTERED) & (p->stats_page->mode != MODE_AA);
	if (registers) {
		ret = config.spin ? enter_by_slot_looking(e, origin) :
				    enter_by_slot_slowly(e, origin);
	} else {
		count_plain(p, REASON_PLAIN_VARIANT);
		ret = enter_plain(e, origin_caller(origin));
	}
	toss_end(&t);
	return ret;
}
