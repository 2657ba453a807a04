/* SPDX-License-Identifier: MIT */
/*
 * The bare system calls that liburing exports (since 2.3). A ring is known by
 * its descriptor here.
 */
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
	if (switched_off() || ring_in_creation() || !pointer_is_plausible(p))
		return OFF_NEXT()->io_uring_setup(entries, p);
	config_greet();
	return ring_create(&(struct creation) {
		.make = make_setup, .next = next_for(__builtin_return_address(0)),
		.entries = entries, .p = p,
	});
}

EXPORT int io_uring_register(unsigned fd, unsigned opcode, const void *arg, unsigned nr_args)
{
	struct ring_info info = { .why = REASON_UNSEEN };
	const struct next *next;
	enum regwait_reason why;
	int ret;

	if (switched_off())
		return OFF_NEXT()->io_uring_register(fd, opcode, arg, nr_args);
	next = next_for(__builtin_return_address(0));
	if (opcode != REGISTER_ENABLE_RINGS && opcode != REGISTER_MEM_REGION)
		return next->io_uring_register(fd, opcode, arg, nr_args);

	ring_find_fd(fd, &info);
	if (opcode == REGISTER_MEM_REGION && !info.why)
		return region_pretend(NULL, fd, &info, arg, nr_args);
	if (opcode == REGISTER_MEM_REGION || info.why != REASON_DISABLED)
		return next->io_uring_register(fd, opcode, arg, nr_args);
	why = ring_enabling(fd, 0);
	ret = next->io_uring_register(fd, opcode, arg, nr_args);
	if (ret >= 0)
		ring_enabled(NULL, fd, why);
	return ret;
}

/*
 * A registered wait of the program's own on a ring whose area is ours: without
 * us there is no area, and the kernel finds no entry at any offset.
 */
static void *no_entry(unsigned fd, unsigned flags, void *arg)
{
	struct ring_info info;

	if (!(flags & IORING_ENTER_EXT_ARG_REG) || flags & IORING_ENTER_REGISTERED_RING ||
	    !ring_find_fd(fd, &info) || info.why)
		return arg;
	return (void *)-sizeof(struct reg_wait);
}

EXPORT int io_uring_enter(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
			  sigset_t *arg)
{
	if (switched_off())
		return OFF_NEXT()->io_uring_enter(fd, to_submit, min_complete, flags, arg);
	return next_for(__builtin_return_address(0))->io_uring_enter(fd, to_submit, min_complete,
			flags, no_entry(fd, flags, arg));
}

EXPORT int io_uring_enter2(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
			   void *arg, size_t size)
{
	if (switched_off())
		return OFF_NEXT()->io_uring_enter2(fd, to_submit, min_complete, flags, arg, size);
	return next_for(__builtin_return_address(0))->io_uring_enter2(fd, to_submit, min_complete,
			flags, no_entry(fd, flags, arg), size);
}
