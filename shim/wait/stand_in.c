/* SPDX-License-Identifier: MIT */
/*
 * Waits of liburing 2.3 to 2.9 without iowait.
 */
#include "base/bindings.h"
#include "base/log.h"
#include "ring/iowait.h"
#include "wait/stand_in.h"

/* How one wait goes: what the calls of liburing's engine differ in. */
struct going {
	unsigned submit, wait_nr;
	unsigned flags; /* IORING_ENTER_EXT_ARG or none */
	uintptr_t arg;
	size_t size;
	bool ends; /* it has a timeout, and so enters once at the most */
};

/*
 * _io_uring_get_cqe() of these releases. What was submitted by the first enter is what is returned,
 * however often it enters, unless there was a completion before.
 */
static int go(struct io_uring *ring, struct io_uring_cqe **found, struct going g, uint64_t tag)
{
	bool entered = false;
	int err = 0;

	for (;;) {
		unsigned flags = enter_flags(ring, tag), available;
		struct io_uring_cqe *cqe = *found = peek_cq(ring, tag, &available);
		bool waits = g.wait_nr > available, enters;
		int ret;

		if (!cqe && !g.wait_nr && !g.submit) {
			if (entered || !cq_needs_enter(ring, tag))
				return err ? err : -EAGAIN;
			waits = true;
		}
		if (waits)
			flags |= IORING_ENTER_GETEVENTS | g.flags;
		enters = sq_needs_enter(ring, g.submit, &flags);
		if (!waits && !enters)
			return err;
		if (entered && g.ends)
			return cqe || err ? err : -ETIME;
		ret = kernel_enter(ring->enter_ring_fd, g.submit, g.wait_nr, flags, g.arg, g.size);
		if (ret < 0)
			return err ? err : ret;
		g.submit -= ret;
		if (cqe)
			return err;
		if (!entered)
			err = ret;
		entered = true;
	}
}

/* What the program has for the completion is written at the end: a wait may be left before. */
static int go_and_tell(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, struct going g,
		       uint64_t tag)
{
	struct io_uring_cqe *found;
	int ret = go(ring, &found, g, tag);

	*cqe_ptr = found;
	return ret;
}

/* Is it a ring of one of these releases, and are its waits ours? In a sandbox they are not. */
static bool is_ours(const struct io_uring *ring, uint64_t *tag)
{
	unsigned quirks;
	bool is = iowait_is_kept_out(ring, &quirks) && !process_sandboxed;

	*tag = TAG_QUIRK(quirks);
	return is;
}

/*
 * Without IORING_FEAT_EXT_ARG a timeout is an SQE of liburing's own, and without
 * IORING_FEAT_MIN_TIMEOUT a minimum is refused: these are left to it.
 */
bool stand_in_wait(const struct wait *w, int *ret)
{
	struct getevents_arg arg = {
		.sigmask = (uintptr_t)w->sigmask,
		.sigmask_sz = KERNEL_SIGSET_SIZE,
		.ts = (uintptr_t)w->ts,
	};
	struct going g = {
		.wait_nr = w->wait_nr,
		.arg = (uintptr_t)w->sigmask,
		.size = KERNEL_SIGSET_SIZE,
		.ends = w->ts,
	};
	uint64_t tag;

	if (!is_ours(w->ring, &tag) || ~w->ring->features & features_needed(w->kind))
		return false;
	/* This one alone has an argument though it may have no timeout. */
	if (w->ts || w->kind == WAIT_CQES_MIN_TIMEOUT) {
		arg.min_wait_usec = w->min_wait;
		g.flags = IORING_ENTER_EXT_ARG;
		g.arg = (uintptr_t)&arg;
		g.size = sizeof(arg);
	}
	g.submit = submits(w->kind) ? flush_sq(w->ring, tag) : 0;
	*ret = go_and_tell(w->ring, w->cqe_ptr, g, tag);
	return true;
}

/* The library whose function was called from here. */
static const struct next *real_for(const void *caller)
{
	return stand_in_real(next_for(caller));
}

static int wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
		     struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct wait w = { .kind = WAIT_CQES,
				.ring = ring,
				.cqe_ptr = cqe_ptr,
				.wait_nr = wait_nr,
				.ts = ts,
				.sigmask = sigmask };
	int ret;

	if (stand_in_wait(&w, &ret))
		return ret;
	return real_for(__builtin_return_address(0))
		->io_uring_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

static int submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				   unsigned wait_nr, struct __kernel_timespec *ts,
				   sigset_t *sigmask)
{
	const struct wait w = { .kind = SUBMIT_AND_WAIT_TIMEOUT,
				.ring = ring,
				.cqe_ptr = cqe_ptr,
				.wait_nr = wait_nr,
				.ts = ts,
				.sigmask = sigmask };
	int ret;

	if (stand_in_wait(&w, &ret))
		return ret;
	return real_for(__builtin_return_address(0))
		->io_uring_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
}

static int wait_cqes_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				 unsigned wait_nr, struct __kernel_timespec *ts, unsigned min_wait,
				 sigset_t *sigmask)
{
	const struct wait w = { .kind = WAIT_CQES_MIN_TIMEOUT,
				.ring = ring,
				.cqe_ptr = cqe_ptr,
				.wait_nr = wait_nr,
				.ts = ts,
				.min_wait = min_wait,
				.sigmask = sigmask };
	int ret;

	if (stand_in_wait(&w, &ret))
		return ret;
	return real_for(__builtin_return_address(0))
		->io_uring_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

static int submit_and_wait_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				       unsigned wait_nr, struct __kernel_timespec *ts,
				       unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w = { .kind = SUBMIT_AND_WAIT_MIN_TIMEOUT,
				.ring = ring,
				.cqe_ptr = cqe_ptr,
				.wait_nr = wait_nr,
				.ts = ts,
				.min_wait = min_wait,
				.sigmask = sigmask };
	int ret;

	if (stand_in_wait(&w, &ret))
		return ret;
	return real_for(__builtin_return_address(0))
		->io_uring_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait,
						       sigmask);
}

/* Called for io_uring_wait_cqe() and its like, by liburing for its own untimed waits as well. */
static int get_cqe(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned submit,
		   unsigned wait_nr, sigset_t *sigmask)
{
	const struct going g = {
		.submit = submit,
		.wait_nr = wait_nr,
		.arg = (uintptr_t)sigmask,
		.size = KERNEL_SIGSET_SIZE,
	};
	uint64_t tag;

	if (is_ours(ring, &tag) && ring->features & IORING_FEAT_EXT_ARG)
		return go_and_tell(ring, cqe_ptr, g, tag);
	return real_for(__builtin_return_address(0))
		->__io_uring_get_cqe(ring, cqe_ptr, submit, wait_nr, sigmask);
}

static int submit_and_wait(struct io_uring *ring, unsigned wait_nr)
{
	unsigned flags, submit;
	bool looks, enters;
	uint64_t tag;

	if (!is_ours(ring, &tag))
		return real_for(__builtin_return_address(0))
			->io_uring_submit_and_wait(ring, wait_nr);
	submit = flush_sq(ring, tag);
	flags = enter_flags(ring, tag);
	looks = wait_nr || cq_needs_enter(ring, tag);
	enters = sq_needs_enter(ring, submit, &flags);
	if (!looks && !enters)
		return submit;
	if (looks)
		flags |= IORING_ENTER_GETEVENTS;
	return kernel_enter(ring->enter_ring_fd, submit, wait_nr, flags, 0, KERNEL_SIGSET_SIZE);
}

static int bare_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags,
		      sigset_t *mask)
{
	return real_for(__builtin_return_address(0))
		->io_uring_enter(fd, submit, wait_nr, iowait_flags(flags), mask);
}

static int bare_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
		       size_t size)
{
	return real_for(__builtin_return_address(0))
		->io_uring_enter2(fd, submit, wait_nr, iowait_flags(flags), arg, size);
}

static void found(const struct object *o, const struct next *next);

static const struct stand_in ours = {
	.functions = {
		.io_uring_wait_cqes = wait_cqes,
		.io_uring_submit_and_wait_timeout = submit_and_wait_timeout,
		.io_uring_wait_cqes_min_timeout = wait_cqes_min_timeout,
		.io_uring_submit_and_wait_min_timeout = submit_and_wait_min_timeout,
		.__io_uring_get_cqe = get_cqe,
		.io_uring_submit_and_wait = submit_and_wait,
		.io_uring_enter = bare_enter,
		.io_uring_enter2 = bare_enter2,
	},
	.below = LIBURING_NO_IOWAIT,
	.found = found,
};

static bool bind(const struct object *o, const char *name, void *real, void *function)
{
	return function == real || bindings_change(o, name, real, function);
}

/* The two that have no timeout are not exported: there the object is bound to us by hand. */
static void found(const struct object *o, const struct next *next)
{
	const struct next *real = next->real;

	if (process_sandboxed || !real)
		return;
	if (!bind(o, "__io_uring_get_cqe", (void *)real->__io_uring_get_cqe,
		  (void *)next->__io_uring_get_cqe) ||
	    !bind(o, "io_uring_submit_and_wait", (void *)real->io_uring_submit_and_wait,
		  (void *)next->io_uring_submit_and_wait))
		log_info("%s: its waits without a timeout count as iowait: its calls could not be "
			 "bound to us",
			 *o->path ? o->path : config.program);
}

void stand_in_start(void)
{
	if (config.no_iowait)
		libraries_stand_in(&ours);
}
