/* SPDX-License-Identifier: MIT */
/*
 * Waits by liburing's rules, made here: without iowait, where liburing (2.3 to 2.9) cannot be told;
 * and those that look before they sleep.
 */
#include "base/bindings.h"
#include "base/log.h"
#include "process/readable.h"
#include "ring/iowait.h"
#include "wait/gate.h"
#include "wait/going.h"
#include "wait/look.h"
#include "wait/stand_in.h"

/* A ring that has our tag, and so what its waits go by. */
static bool may_look(const struct io_uring *ring, const struct next *real, uint64_t *tag)
{
	if (!config.spin || !real->known || real->interposed || !ring->cq.cqes)
		return false;
	*tag = tag_read(ring);
	return !((*tag ^ this_process.nonce) & NONCE_MASK) && rules_are_known(tag_reason(*tag));
}

/*
 * Are the waits of this ring ours, when they come to this library? In a sandbox they are not. *tag
 * has what they go by.
 */
static bool is_ours(const struct io_uring *ring, const struct next *real, uint64_t *tag)
{
	unsigned quirks;

	if (process_sandboxed)
		return false;
	if (may_look(ring, real, tag))
		return true;
	if (real->version >= LIBURING_NO_IOWAIT || !iowait_is_kept_out(ring, &quirks))
		return false;
	*tag = TAG_QUIRK(quirks);
	return true;
}

/*
 * Without IORING_FEAT_EXT_ARG a timeout is an SQE of liburing's own, and without
 * IORING_FEAT_MIN_TIMEOUT a minimum is refused: these are left to it.
 */
bool stand_in_wait(const struct wait *w, const struct next *real, int *ret)
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
		.ts = w->ts,
		.reason = looking_reason_of(w->min_wait, w->sigmask),
	};
	uint64_t tag;

	if (!is_ours(w->ring, real, &tag) || ~w->ring->features & features_needed(w->kind))
		return false;
	g.looks = config.spin && (!w->ts || timeout_is_readable(w->ts));
	/* This one alone has an argument though it may have no timeout. */
	if (w->ts || w->kind == WAIT_CQES_MIN_TIMEOUT) {
		arg.min_wait_usec = w->min_wait;
		g.flags = IORING_ENTER_EXT_ARG;
		g.arg = (uintptr_t)&arg;
		g.size = sizeof(arg);
	}
	g.submit = submits(w->kind) ? flush_sq(w->ring, tag) : 0;
	*ret = going_wait(w->ring, w->cqe_ptr, &g, tag);
	return true;
}

static int wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
		     struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, wait_nr, ts, 0, sigmask);
	const struct next *real = stand_in_for(__builtin_return_address(0));
	int ret;

	if (stand_in_wait(&w, real, &ret))
		return ret;
	return real->io_uring_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

static int submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				   unsigned wait_nr, struct __kernel_timespec *ts,
				   sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_TIMEOUT, ring, cqe_ptr, wait_nr, ts, 0, sigmask);
	const struct next *real = stand_in_for(__builtin_return_address(0));
	int ret;

	if (stand_in_wait(&w, real, &ret))
		return ret;
	return real->io_uring_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
}

static int wait_cqes_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				 unsigned wait_nr, struct __kernel_timespec *ts, unsigned min_wait,
				 sigset_t *sigmask)
{
	const struct wait w =
		wait_of(WAIT_CQES_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	const struct next *real = stand_in_for(__builtin_return_address(0));
	int ret;

	if (stand_in_wait(&w, real, &ret))
		return ret;
	return real->io_uring_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

static int submit_and_wait_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				       unsigned wait_nr, struct __kernel_timespec *ts,
				       unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	const struct next *real = stand_in_for(__builtin_return_address(0));
	int ret;

	if (stand_in_wait(&w, real, &ret))
		return ret;
	return real->io_uring_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait,
							  sigmask);
}

/*
 * With REGWAIT_SPIN=auto: a ring where looking does not pay, so that its waits are the library's. As
 * elsewhere those count that may sleep.
 */
static bool is_asleep(const struct io_uring *ring, const struct next *real, unsigned wait_nr)
{
	unsigned available;

	if (ring->cq.khead != me.asleep || (config.no_iowait && real->version < LIBURING_NO_IOWAIT))
		return false;
	available = __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE) - *ring->cq.khead;
	if (wait_nr > available)
		learn_slept();
	return true;
}

/* Called for io_uring_wait_cqe() and its like, by liburing for its own untimed waits as well. */
static int get_cqe(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned submit,
		   unsigned wait_nr, sigset_t *sigmask)
{
	struct going g = {
		.submit = submit,
		.wait_nr = wait_nr,
		.arg = (uintptr_t)sigmask,
		.size = KERNEL_SIGSET_SIZE,
		.looks = config.spin,
		.reason = looking_reason_of(0, sigmask),
	};
	const struct next *real = stand_in_for(__builtin_return_address(0));
	uint64_t tag;

	if (!sigmask && is_asleep(ring, real, wait_nr))
		return real->__io_uring_get_cqe(ring, cqe_ptr, submit, wait_nr, sigmask);
	if (is_ours(ring, real, &tag) && ring->features & IORING_FEAT_EXT_ARG)
		return going_wait(ring, cqe_ptr, &g, tag);
	return real->__io_uring_get_cqe(ring, cqe_ptr, submit, wait_nr, sigmask);
}

static int submit_and_wait(struct io_uring *ring, unsigned wait_nr)
{
	const struct next *real = stand_in_for(__builtin_return_address(0));
	struct going g = { .wait_nr = wait_nr, .size = KERNEL_SIGSET_SIZE };
	unsigned flags, available;
	bool asks, enters;
	uint64_t tag;

	if (is_asleep(ring, real, wait_nr) || !is_ours(ring, real, &tag))
		return real->io_uring_submit_and_wait(ring, wait_nr);
	g.submit = flush_sq(ring, tag);
	available = __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE) - *ring->cq.khead;
	g.looks = config.spin && wait_nr > available;
	flags = enter_flags(ring, tag);
	asks = wait_nr || cq_needs_enter(ring, tag);
	enters = sq_needs_enter(ring, g.submit, &flags);
	if (!asks && !enters)
		return g.submit;
	if (asks)
		flags |= IORING_ENTER_GETEVENTS;
	return going_enter(ring, &g, flags, tag);
}

static void queue_exit(struct io_uring *ring)
{
	struct gate *gate = gate_of(ring);

	gate_close(gate);
	stand_in_for(__builtin_return_address(0))->io_uring_queue_exit(ring);
	gate_open(gate);
}

static int resize_rings(struct io_uring *ring, struct io_uring_params *p)
{
	struct gate *gate = gate_of(ring);
	int ret;

	gate_close(gate);
	ret = stand_in_for(__builtin_return_address(0))->io_uring_resize_rings(ring, p);
	gate_open(gate);
	return ret;
}

static void found(const struct object *o, const struct next *next);

/* Functions that we export, and what they are replaced by where waits look. */
static const struct rebound *rebound;

static struct stand_in ours = {
	.functions = {
		.io_uring_wait_cqes = wait_cqes,
		.io_uring_submit_and_wait_timeout = submit_and_wait_timeout,
		.io_uring_wait_cqes_min_timeout = wait_cqes_min_timeout,
		.io_uring_submit_and_wait_min_timeout = submit_and_wait_min_timeout,
		.__io_uring_get_cqe = get_cqe,
		.io_uring_submit_and_wait = submit_and_wait,
	},
	.below = LIBURING_NO_IOWAIT,
	.found = found,
};

static bool bind(const struct object *o, const char *name, void *real, void *function)
{
	return function == real || bindings_change(o, name, real, function);
}

/*
 * Waits without a timeout are not exported, and of those that are the exported ones do not look:
 * there the object is bound to us by hand.
 */
static void found(const struct object *o, const struct next *next)
{
	const struct next *real = next->real;
	const struct rebound *r = rebound;
	bool all;

	if (process_sandboxed || !real)
		return;
	all = bind(o, "__io_uring_get_cqe", (void *)real->__io_uring_get_cqe,
		   (void *)next->__io_uring_get_cqe);
	all &= bind(o, "io_uring_submit_and_wait", (void *)real->io_uring_submit_and_wait,
		    (void *)next->io_uring_submit_and_wait);
	for (; config.spin && r->name; r++)
		all &= bind(o, r->name, r->exported, r->looks);
	if (!all)
		log_info("%s: not all of its waits %s: its calls could not be bound to us",
			 *o->path ? o->path : config.program,
			 config.spin	? "look before they sleep" :
			 config.watches ? "are timed" :
					  "are kept out of iowait");
}

void stand_in_start(const struct rebound *exported)
{
	rebound = exported;
	if (config.watches) {
		ours.functions = watching_functions;
		ours.below = LIBURING_NEWEST + 1;
	} else if (config.enters_change) {
		ours.functions.io_uring_enter = stand_in_enter;
		ours.functions.io_uring_enter2 = stand_in_enter2;
	}
	if (config.spin) {
		look_start();
		ours.functions.io_uring_queue_exit = queue_exit;
		ours.functions.io_uring_resize_rings = resize_rings;
		ours.below = LIBURING_NEWEST + 1;
		iowait_bare.looks = 0;
	}
	if (config.enters_change)
		libraries_stand_in(&ours);
}
