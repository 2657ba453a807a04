/* SPDX-License-Identifier: MIT */
#include "wait/plain.h"

static int call(const struct wait *w, const struct next *next)
{
	switch (w->kind) {
	case WAIT_CQE_TIMEOUT:
		return next->io_uring_wait_cqe_timeout(w->ring, w->cqe_ptr, w->ts);
	case WAIT_CQES:
		return next->io_uring_wait_cqes(w->ring, w->cqe_ptr, w->wait_nr, w->ts,
						w->sigmask);
	case SUBMIT_AND_WAIT_TIMEOUT:
		return next->io_uring_submit_and_wait_timeout(w->ring, w->cqe_ptr, w->wait_nr,
							      w->ts, w->sigmask);
	case WAIT_CQES_MIN_TIMEOUT:
		return next->io_uring_wait_cqes_min_timeout(w->ring, w->cqe_ptr, w->wait_nr,
							    w->ts, w->min_wait, w->sigmask);
	case SUBMIT_AND_WAIT_MIN_TIMEOUT:
		return next->io_uring_submit_and_wait_min_timeout(w->ring, w->cqe_ptr, w->wait_nr,
								  w->ts, w->min_wait, w->sigmask);
	}
	return -EINVAL;
}

int wait_plain(const struct wait *w, const struct next *next)
{
	const struct next *outer = me.plain;
	int ret;

	me.plain = next;
	ret = call(w, next);
	me.plain = outer;
	return ret;
}
