/* SPDX-License-Identifier: MIT */
/*
 * Registered waits that the kernel refused, and did nothing else: made again as the program made them, by
 * what their slot holds.
 */
#include "ring/index.h"
#include "ring/ring.h"
#include "wait/enter.h"
#include "wait/plain.h"

/* The slot still holds what the wait was, so the hot path need not keep it for us. */
int wait_refused(enum wait_kind kind, struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
		 unsigned wait_nr, int ret)
{
	struct __kernel_timespec ts = me.slot->ts;
	const struct wait w = {
		.kind = kind,
		.ring = ring,
		.cqe_ptr = cqe_ptr,
		.wait_nr = wait_nr,
		.ts = &ts,
		.min_wait = me.slot->min_wait_usec,
		.sigmask = (sigset_t *)(uintptr_t)me.slot->sigmask,
	};

	/* An invalid mask is the program's error, and so is an index that stands for no ring. */
	if ((w.sigmask && !is_readable(w.sigmask)) ||
	    (ring->enter_ring_fd != ring->ring_fd &&
	     index_handle(ring->enter_ring_fd) == NO_HANDLE))
		return ret;
	me.counts->registered--;
	count_plain(process_peek(), REASON_UNSEEN);
	return wait_plain(&w, next_for(__builtin_return_address(0)));
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
	if (!enter_is_by_index(&again) && !ring_is_still(fd))
		fd_state_write(fd, 0);
	plain = enter_plain(&again, caller);
	me.counts->registered--;
	count_plain(p, plain == ret ? REASON_BAD_POINTER : REASON_UNSEEN);
	/* Without the wait area it is no ring that we armed: that was closed where we do not see it. */
	if (plain != ret && !enter_is_by_index(&again))
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
