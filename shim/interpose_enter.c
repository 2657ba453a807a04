/* SPDX-License-Identifier: MIT */
/*
 * The bare system calls that liburing exports (since 2.3). A ring is known by
 * its descriptor here.
 */
#include "index.h"
#include "interpose.h"
#include "region.h"
#include "ring.h"
#include "wait.h"

static int make_setup(const struct creation *c)
{
	return c->next->io_uring_setup(c->entries, c->p);
}

EXPORT int io_uring_setup(unsigned entries, struct io_uring_params *p)
{
	PASS_ON_IF_DUE(io_uring_setup, entries, p);
	if (!is_writable(p, sizeof(*p)))
		return next_for(__builtin_return_address(0))->io_uring_setup(entries, p);
	config_greet();
	return ring_create(&(struct creation) {
		.make = make_setup, .next = next_for(__builtin_return_address(0)),
		.entries = entries, .p = p,
	});
}

/* Ring descriptors that the program registers or gives back by itself. */
static void follow_indices(unsigned opcode, const struct io_uring_rsrc_update *updates, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (opcode == REGISTER_RING_FDS)
			index_registered(updates[i].offset, updates[i].data);
		else
			index_unregistered(updates[i].offset);
}

/* The descriptor of the ring that is meant, whichever way it is named; -1: unknown. */
static int fd_of(unsigned fd, bool is_index)
{
	return is_index ? index_fd(fd) : (int)fd;
}

EXPORT int io_uring_register(unsigned fd, unsigned opcode, const void *arg, unsigned nr_args)
{
	bool is_index = opcode & REGISTER_USE_REGISTERED_RING;
	unsigned op = opcode & ~REGISTER_USE_REGISTERED_RING;
	struct ring_info info = { .why = REASON_UNSEEN };
	const struct next *next;
	enum regwait_reason why;
	int ret;

	PASS_ON_IF_DUE(io_uring_register, fd, opcode, arg, nr_args);
	next = next_for(__builtin_return_address(0));
	if (op == REGISTER_MEM_REGION || op == REGISTER_ENABLE_RINGS)
		ring_find_fd(fd_of(fd, is_index), &info);
	if (op == REGISTER_MEM_REGION && !info.why)
		return region_pretend(NULL, fd_of(fd, is_index), &info, arg, nr_args);
	if (op == REGISTER_ENABLE_RINGS && info.why == REASON_DISABLED) {
		why = ring_enabling(NULL, fd_of(fd, is_index), 0);
		ret = next->io_uring_register(fd, opcode, arg, nr_args);
		if (ret >= 0)
			ring_enabled(NULL, fd_of(fd, is_index), why);
		return ret;
	}
	ret = next->io_uring_register(fd, opcode, arg, nr_args);
	if (op == REGISTER_RING_FDS || op == UNREGISTER_RING_FDS)
		follow_indices(op, arg, ret);
	return ret;
}

/*
 * A registered wait of the program's own on a ring whose area is ours: without
 * us there is no area, and the kernel finds no entry at any offset.
 */
static void *no_entry(unsigned fd, unsigned flags, void *arg)
{
	struct ring_info info;

	/* Without EXT_ARG it is something else, and nothing of ours is looked at. */
	if (!(flags & IORING_ENTER_EXT_ARG_REG) || !(flags & IORING_ENTER_EXT_ARG) ||
	    !ring_find_fd(fd_of(fd, flags & IORING_ENTER_REGISTERED_RING), &info) || info.why)
		return arg;
	return (void *)-sizeof(struct reg_wait);
}

EXPORT int io_uring_enter(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
			  sigset_t *arg)
{
	PASS_ON_IF_DUE(io_uring_enter, fd, to_submit, min_complete, flags, arg);
	return next_for(__builtin_return_address(0))->io_uring_enter(fd, to_submit, min_complete,
			flags, no_entry(fd, flags, arg));
}

EXPORT int io_uring_enter2(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
			   void *arg, size_t size)
{
	PASS_ON_IF_DUE(io_uring_enter2, fd, to_submit, min_complete, flags, arg, size);
	return next_for(__builtin_return_address(0))->io_uring_enter2(fd, to_submit, min_complete,
			flags, no_entry(fd, flags, arg), size);
}
