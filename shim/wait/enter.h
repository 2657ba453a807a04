/* SPDX-License-Identifier: MIT */
/*
 * The life of a bare timed enter, io_uring_enter(2) with IORING_ENTER_EXT_ARG, by whichever entry
 * point it comes. The ring is known by its descriptor (process/fd_state.h) or index.
 *
 * Without access to the ring's memory there is nothing to decide: the call is made with the
 * program's arguments, but the timed argument goes into the slot. A timeout of zero is different:
 * what the call returns depends on completions that we cannot see. poll(2) can.
 */
#ifndef REGWAIT_ENTER_H
#define REGWAIT_ENTER_H

#include "base/debug.h"
#include "process/fd_state.h"
#include "ring/index.h"
#include "ring/iowait.h"
#include "wait/engine.h"
#include "wait/pass.h"

struct enter {
	unsigned fd, submit, wait_nr, flags;
	const struct getevents_arg *arg;
	size_t size;
	const struct next *next; /* the real functions; NULL: by the caller's address */
};

/* As the program made it; by the real functions that the caller's address tells. */
wait_inline struct enter enter_of(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags,
				  const void *arg, size_t size)
{
	return (struct enter){
		.fd = fd,
		.submit = submit,
		.wait_nr = wait_nr,
		.flags = flags,
		.arg = arg,
		.size = size,
	};
}

wait_inline bool enter_is_by_index(const struct enter *e)
{
	return e->flags & IORING_ENTER_REGISTERED_RING;
}

/* Finds out how an enter goes that the faster paths do not take, and makes it. Returns -errno. */
int enter_otherwise(const struct enter *e, struct origin origin)
	__attribute__((noinline, cold, visibility("hidden")));

/*
 * The kernel refused the registered wait and did nothing else: makes the call again as the program
 * made it, with what the slot holds. So the caller need not keep more than what is in registers
 * anyway. caller: an address in the program; NULL: the caller jumps, so it is the return address.
 */
int enter_refused(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, int ret,
		  const void *caller) __attribute__((noinline, cold, visibility("hidden")));

/*
 * Where the return address cannot be read by the frame, it need not be kept either, if the only
 * function that wants it is jumped to and finds it for itself: enter_refused().
 */
#define origin_of_jump() ((struct origin){ __builtin_dwarf_cfa(), NULL })

/* The same where all of the enter has been kept. */
int enter_refused_of(const struct enter *e, int ret, const void *caller)
	__attribute__((noinline, cold, visibility("hidden")));

/* As enter_by_slot(), for those that are not in a hurry. */
int enter_by_slot_slowly(const struct enter *e, struct origin origin)
	__attribute__((noinline, cold, visibility("hidden")));

/* The same for one that may look before it sleeps: REGWAIT_SPIN. */
int enter_by_slot_looking(const struct enter *e, struct origin origin)
	__attribute__((visibility("hidden")));

wait_inline bool enter_is_timed(unsigned flags, size_t size)
{
	return (flags & ENTER_LOOKS) == ENTER_TIMED && size == sizeof(struct getevents_arg);
}

/* Is it one, and may take the shortest way? */
wait_inline bool enter_is_short(unsigned flags, size_t size)
{
	unsigned looks = __atomic_load_n(&iowait_bare.looks, __ATOMIC_RELAXED);

	return (flags & looks) == ENTER_TIMED && size == sizeof(struct getevents_arg);
}

/* Is this a registered wait of the program's own? */
wait_inline bool enter_is_own_reg_wait(unsigned flags)
{
	return (flags & (ENTER_TIMED | IORING_ENTER_EXT_ARG_REG)) ==
	       (ENTER_TIMED | IORING_ENTER_EXT_ARG_REG);
}

/* What is known of the ring that fd and flags name, as in process/fd_state.h. */
wait_inline unsigned enter_state(unsigned fd, unsigned flags)
{
	return flags & IORING_ENTER_REGISTERED_RING ? index_state(fd) : fd_state_read(fd);
}

/*
 * For a timed enter: is the ring one that stays plain? Then the wait is counted. False: ask
 * enter_passes().
 */
wait_inline bool enter_passes_at_once(unsigned state)
{
	unsigned why = state ^ FD_KNOWN;

	if (!reason_is_settled(why) || unlikely(!thread_has_line()))
		return false;
	count_one(me.counts->plain[why]);
	return true;
}

/*
 * Does this enter go to the real function unchanged, by a jump? Then it is counted, if it is timed.
 * False: it is one for enter_otherwise().
 */
wait_inline bool enter_passes(unsigned fd, unsigned flags, size_t size, const void *frame)
{
	enum regwait_reason why;
	unsigned state;

	if (config.mode == MODE_OFF)
		return true;
	if (config.no_iowait && flags & IORING_ENTER_NO_IOWAIT)
		iowait_program_decides();
	if (!enter_is_timed(flags, size))
		return !enter_is_own_reg_wait(flags);
	state = enter_state(fd, flags);
	if (!state || !thread_has_line())
		return false;
	why = fd_state_reason(state);
	if (!why)
		why = reason_on_armed(frame);
	else if (!reason_is_settled(why))
		why = REASON_NONE;
	if (!why)
		return false;
	count_one(me.counts->plain[why]);
	return true;
}

/* For a timed enter on an armed ring: may we read its argument, in order to register the wait? */
wait_inline bool enter_may_register(const struct enter *e)
{
	return likely(me.nonce) && thread_is_served() &&
	       likely((uintptr_t)e->arg >> TS_PAGE_SHIFT == me.arg_page) && likely(!me.busy);
}

wait_inline bool enter_fits_slot(const struct getevents_arg *arg)
{
	return likely(arg->ts >> TS_PAGE_SHIFT == me.ts_page) &&
	       likely(!arg->sigmask || arg->sigmask_sz == KERNEL_SIGSET_SIZE);
}

wait_inline const struct __kernel_timespec *enter_timeout(const struct enter *e)
{
	return (const struct __kernel_timespec *)(uintptr_t)e->arg->ts;
}

/*
 * Writes the slot for a registered wait, as in engine.h, and in the same order for the same reasons. It
 * is the wait's until me.busy is cleared.
 */
wait_inline void enter_write_slot(const struct enter *e, const void *frame)
{
	/* Read as two words: the program may just have written them as two. */
	uint64_t sec = enter_timeout(e)->tv_sec, nsec = enter_timeout(e)->tv_nsec;
	struct reg_wait *slot = me.slot;

	debug_assert(thread_owns_slot() && !me.busy);
	me.busy = frame;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	slot->ts.tv_sec = sec;
	slot->ts.tv_nsec = nsec;
	slot->min_wait_usec = e->arg->min_wait_usec;
	slot->sigmask = e->arg->sigmask;
	count_one(me.counts->registered);
}

/* Makes the registered wait whose slot has been written. */
wait_inline int enter_by_written_slot(const struct enter *e)
{
	int ret = kernel_enter(e->fd, e->submit, e->wait_nr,
			       e->flags | __atomic_load_n(&iowait_bare.by_slot, __ATOMIC_RELAXED),
			       me.offset, sizeof(*me.slot));

	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.busy = NULL;
	return ret;
}

wait_inline int enter_with_slot(const struct enter *e, const void *frame)
{
	enter_write_slot(e, frame);
	return enter_by_written_slot(e);
}

wait_inline bool enter_is_refused(int ret)
{
	return unlikely(ret == -EINVAL || ret == -EFAULT);
}

/* Registers the wait, and makes it plain if the kernel refuses that. */
wait_inline int enter_by_slot(const struct enter *e, struct origin origin)
{
	int ret = enter_with_slot(e, origin.frame);

	if (enter_is_refused(ret))
		return enter_refused(e->fd, e->submit, e->wait_nr, e->flags, ret,
				     origin_caller(origin));
	return ret;
}

/*
 * Can this timed enter on an armed ring be registered at once? Timeouts of zero may be polled
 * instead (wait/enter_choice.c).
 */
wait_inline bool enter_is_hot(const struct enter *e)
{
	return mode_is_on() && enter_may_register(e) && enter_fits_slot(e->arg) &&
	       likely(enter_timeout(e)->tv_sec | enter_timeout(e)->tv_nsec);
}

#endif
