/* SPDX-License-Identifier: MIT */
/*
 * Times waits without a timeout, by functions that stand in for liburing's.
 */
#include "process/stats_page.h"
#include "wait/clock.h"
#include "wait/stand_in.h"
#include "wait/watch.h"

/* The time now; 0: nothing is observed. */
static uint64_t watch_begin(void)
{
	struct process *p = process_peek();

	if (!p || process_sandboxed || p->stats_page->mode != MODE_OBSERVE)
		return 0;
	thread_take_line(p);
	return thread_has_line() ? clock_now() : 0;
}

uint64_t watch_enter(const struct enter *e)
{
	if (!e->wait_nr || !(e->flags & IORING_ENTER_GETEVENTS))
		return 0;
	if (e->flags & IORING_ENTER_EXT_ARG &&
	    (e->size != sizeof(*e->arg) || !argument_is_readable(e->arg, sizeof(*e->arg)) ||
	     e->arg->ts))
		return 0;
	return watch_begin();
}

void watch_end(uint64_t start)
{
	struct regwait_wait_counts *c = me.counts;
	uint64_t took;

	if (!start)
		return;
	took = clock_now() - start;
	count_one(c->untimed);
	if (took < SLEPT_NS)
		return;
	count_one(c->untimed_slept);
	if (took < 50000)
		count_one(c->untimed_50);
	else if (took < 200000)
		count_one(c->untimed_200);
}

static uint64_t watch_ring(const struct io_uring *ring, unsigned wait_nr)
{
	unsigned available = __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE) - *ring->cq.khead;

	return wait_nr > available ? watch_begin() : 0;
}

/* Called for io_uring_wait_cqe() and its like, by liburing for its own untimed waits as well. */
static int get_cqe(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned submit,
		   unsigned wait_nr, sigset_t *sigmask)
{
	const struct next *real = stand_in_for(__builtin_return_address(0));
	uint64_t start = watch_ring(ring, wait_nr);
	int ret = real->__io_uring_get_cqe(ring, cqe_ptr, submit, wait_nr, sigmask);

	watch_end(start);
	return ret;
}

static int submit_and_wait(struct io_uring *ring, unsigned wait_nr)
{
	const struct next *real = stand_in_for(__builtin_return_address(0));
	uint64_t start = watch_ring(ring, wait_nr);
	int ret = real->io_uring_submit_and_wait(ring, wait_nr);

	watch_end(start);
	return ret;
}

static int bare_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags,
		      sigset_t *mask)
{
	const struct enter e = { .wait_nr = wait_nr, .flags = flags };
	const struct next *real = stand_in_for(__builtin_return_address(0));
	uint64_t start = watch_enter(&e);
	int ret = real->io_uring_enter(fd, submit, wait_nr, flags, mask);

	watch_end(start);
	return ret;
}

static int bare_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
		       size_t size)
{
	const struct enter e = { .wait_nr = wait_nr, .flags = flags, .arg = arg, .size = size };
	const struct next *real = stand_in_for(__builtin_return_address(0));
	uint64_t start = watch_enter(&e);
	int ret = real->io_uring_enter2(fd, submit, wait_nr, flags, arg, size);

	watch_end(start);
	return ret;
}

const struct next watching_functions = {
	.__io_uring_get_cqe = get_cqe,
	.io_uring_submit_and_wait = submit_and_wait,
	.io_uring_enter = bare_enter,
	.io_uring_enter2 = bare_enter2,
};
