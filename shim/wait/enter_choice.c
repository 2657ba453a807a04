/* SPDX-License-Identifier: MIT */
/*
 * The bare enters that the faster paths do not take: the first of a thread or of a ring, and those
 * with an argument in a memory page that is new to us. Those that are not registered or polled go
 * to the real function unchanged.
 */
#include "base/greet.h"
#include "ring/ring.h"
#include "wait/ask.h"
#include "wait/enter_look.h"
#include "wait/measure.h"
#include "wait/nested.h"
#include "wait/plain.h"

static bool is_index(const struct enter *e)
{
	return e->flags & IORING_ENTER_REGISTERED_RING;
}

static int refused(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, int ret,
		   const struct next *next, const void *caller)
{
	struct __kernel_timespec ts = me.slot->ts;
	const struct getevents_arg arg = {
		.sigmask = me.slot->sigmask,
		.sigmask_sz = KERNEL_SIGSET_SIZE,
		.min_wait_usec = me.slot->min_wait_usec,
		.ts = (uintptr_t)&ts,
	};
	const struct enter again = {
		.fd = fd,
		.submit = submit,
		.wait_nr = wait_nr,
		.flags = flags,
		.arg = &arg,
		.size = sizeof(arg),
		.next = next,
	};
	struct process *p = process_peek();
	int plain;

	if (!ARCH_CALLER_IN_FRAME && !caller)
		caller = __builtin_return_address(0);
	/* A mask that cannot be read is the program's error, on any ring. */
	if (arg.sigmask && !is_readable((void *)(uintptr_t)arg.sigmask)) {
		me.counts->registered--;
		count_plain(p, REASON_BAD_POINTER);
		return ret;
	}
	/* If the number stands for another ring now, it is looked up again at the next enter. */
	if (!is_index(&again) && !ring_is_still(fd))
		fd_state_write(fd, 0);
	plain = enter_plain(&again, caller);
	me.counts->registered--;
	count_plain(p, plain == ret ? REASON_BAD_POINTER : REASON_UNSEEN);
	/* Without the wait area it is no ring that we armed: that was closed where we do not see it. */
	if (plain != ret && !is_index(&again))
		ring_fds_closing(fd, fd);
	return plain;
}

int enter_refused(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, int ret,
		  const void *caller)
{
	return refused(fd, submit, wait_nr, flags, ret, NULL, caller);
}

int enter_refused_of(const struct enter *e, int ret, const void *caller)
{
	return refused(e->fd, e->submit, e->wait_nr, e->flags, ret, e->next, caller);
}

int enter_by_slot_slowly(const struct enter *e, struct origin origin)
{
	int ret = enter_with_slot(e, origin.frame);

	return enter_is_refused(ret) ? enter_refused_of(e, ret, origin_caller(origin)) : ret;
}

/*
 * A registered wait of the program's own, on a ring whose wait area is ours: without us the ring
 * has no region, and the kernel would find no reg_wait at any offset.
 */
static int enter_own_reg_wait(const struct enter *e, const void *caller)
{
	struct enter nowhere = *e;

	if (process_peek() && !ring_reason(e->fd, is_index(e)))
		nowhere.arg = (void *)-sizeof(struct reg_wait);
	return enter_plain(&nowhere, caller);
}

static enum regwait_reason reason_of_enter(struct process *p, const struct enter *e,
					   const void *frame)
{
	enum regwait_reason why = ring_reason(e->fd, is_index(e));

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
