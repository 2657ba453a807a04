/* SPDX-License-Identifier: MIT */
/*
 * Calls the real functions with the program's arguments.
 */
#include "wait/enter_look.h"
#include "wait/plain.h"
#include "wait/stand_in.h"
#include "wait/watch.h"

int wait_plain(const struct wait *w, const struct next *next)
{
	int ret;

	if (next->real) {
		if (stand_in_wait(w, next->real, &ret))
			return ret;
		next = next->real;
	}
	switch (w->kind) {
	case WAIT_CQES:
		return next->io_uring_wait_cqes(w->ring, w->cqe_ptr, w->wait_nr, w->ts, w->sigmask);
	case SUBMIT_AND_WAIT_TIMEOUT:
		return next->io_uring_submit_and_wait_timeout(w->ring, w->cqe_ptr, w->wait_nr,
							      w->ts, w->sigmask);
	case WAIT_CQES_MIN_TIMEOUT:
		return next->io_uring_wait_cqes_min_timeout(w->ring, w->cqe_ptr, w->wait_nr, w->ts,
							    w->min_wait, w->sigmask);
	case SUBMIT_AND_WAIT_MIN_TIMEOUT:
		return next->io_uring_submit_and_wait_min_timeout(w->ring, w->cqe_ptr, w->wait_nr,
								  w->ts, w->min_wait, w->sigmask);
	}
	return -EINVAL;
}

int enter_plain(const struct enter *e, const void *caller)
{
	const struct next *next = e->next ? e->next : next_for(caller);
	uint64_t start;
	int ret;

	if (config.spin && enter_looks(e, &ret))
		return ret;
	start = config.watches ? watch_enter(e) : 0;
	ret = stand_in_real(next)->io_uring_enter2(
		e->fd, e->submit, e->wait_nr, iowait_bare_flags(e->flags), (void *)e->arg, e->size);
	watch_end(start);
	return ret;
}
