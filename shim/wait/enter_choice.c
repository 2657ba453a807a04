/* SPDX-License-Identifier: MIT */
/*
 * The bare enters that the faster paths do not take: the first of a thread or of a ring, and those
 * with an argument in a memory page that is new to us. Those that are not registered or polled go
 * to the real function unchanged.
 */
#include "base/greet.h"
#include "ring/ring.h"
#include "wait/ask.h"
#include "wait/measure.h"
#include "wait/nested.h"
#include "wait/plain.h"

/*
 * A registered wait of the program's own, on a ring whose wait area is ours: without us the ring
 * has no region, and the kernel would find no reg_wait at any offset.
 */
static int enter_own_reg_wait(const struct enter *e, const void *caller)
{
	struct enter nowhere = *e;

	if (process_peek() && !ring_reason(e->fd, enter_is_by_index(e)))
		nowhere.arg = (void *)-sizeof(struct reg_wait);
	return enter_plain(&nowhere, caller);
}

static enum regwait_reason reason_of_enter(struct process *p, const struct enter *e,
					   const void *frame)
{
	enum regwait_reason why = ring_reason(e->fd, enter_is_by_index(e));

	if (why && why != REASON_OBSERVED)
		return why;
	if (process_sandboxed)
		return REASON_SANDBOX;
	if (!argument_is_readable(e->arg, sizeof(*e->arg)))
		return REASON_BAD_POINTER;
	if (!e->arg->ts)
		return REASON_NO_TIMEOUT;
	if (!timeout_is_readable((const struct __kernel_timespec *)(uintptr_t)e->arg->ts) ||
	    (e->arg->sigmask && e->arg->sigmask_sz != KERNEL_SIGSET_SIZE))
		return REASON_BAD_POINTER;
	if (!thread_take_slot(p))
		return REASON_NO_SLOT;
	if (slot_is_busy(frame))
		return REASON_NESTED;
	return why ? why : mode_reason(p->stats_page->mode);
}

enum asking_tells asking_tells;

/*
 * 0: there is a completion; -ETIME: there is none. Anything else: that cannot be found out so. Until a
 * completion has been seen by asking, poll(2) has the last word, which costs as much again.
 */
static int ask_and_learn(const struct enter *e, struct origin origin)
{
	enum asking_tells known = __atomic_load_n(&asking_tells, __ATOMIC_RELAXED), now;
	int ret = known == ASKING_DOES_NOT_TELL ? -ENOSYS : ask(e, origin);

	if (known || (ret && ret != -ETIME))
		return ret;
	if (ret && !kernel_poll_in(e->fd))
		return ret;
	/* A completion that came just now looks like an answer that was wrong. */
	now = ret ? ASKING_DOES_NOT_TELL : ASKING_TELLS;
	__atomic_store_n(&asking_tells, now, __ATOMIC_RELAXED);
	return ret ? -ENOSYS : 0;
}

/*
 * An enter that waits for nothing does all that one with a timeout of zero does, but if it submits
 * nothing it returns 0, where the other returns -ETIME if the CQ is empty. poll(2) tells whether it
 * is. Both together cost a twentieth of a timer.
 */
static int enter_and_poll(const struct enter *e, struct origin origin)
{
	struct enter rest = *e;
	int ret, there;

	ret = kernel_enter(e->fd, e->submit, 0, e->flags & ~IORING_ENTER_EXT_ARG, 0, 0);
	there = ret ? 0 : kernel_poll_in(e->fd);
	if (there < 0) {
		rest.submit = 0;
		return enter_by_slot_slowly(&rest, origin);
	}
	count_one(me.counts->polled);
	return ret ? ret : there ? 0 : -ETIME;
}

static int enter_polled(const struct enter *e, struct origin origin)
{
	int ret = e->submit ? -ENOSYS : ask_and_learn(e, origin);

	if (ret && ret != -ETIME)
		return enter_and_poll(e, origin);
	count_one(me.counts->polled);
	return ret;
}

int enter_otherwise(const struct enter *e, struct origin origin)
{
	enum regwait_reason why;
	struct process *p;

	/* Where waits look, what would be hot comes here, too. */
	if (config.spin && enter_is_timed(e->flags, e->size) &&
	    fd_state_is_armed(enter_state(e->fd, e->flags)) && enter_is_hot(e))
		return enter_by_slot_looking(e, origin);
	if (enter_is_own_reg_wait(e->flags))
		return enter_own_reg_wait(e, origin_caller(origin));
	if (!enter_is_timed(e->flags, e->size) || config.mode == MODE_OFF ||
	    (!e->next && next_inside(origin_caller(origin))))
		return enter_plain(e, origin_caller(origin));
	config_greet();
	p = process_peek();
	if (!p)
		return enter_plain(e, origin_caller(origin));
	why = reason_of_enter(p, e, origin.frame);
	if (why && why != REASON_OBSERVED) {
		count_plain(p, why);
		return enter_plain(e, origin_caller(origin));
	}
	if (why)
		return measure_observed_enter(p, e, origin);
	if (p->stats_page->mode != MODE_ON)
		return measure_enter(p, e, origin);
	if (enter_may_poll(e))
		return enter_polled(e, origin);
	return config.spin ? enter_by_slot_looking(e, origin) : enter_by_slot_slowly(e, origin);
}
