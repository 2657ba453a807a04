/* SPDX-License-Identifier: MIT */
/*
 * The bare system calls that liburing exports (since 2.3). A ring is known by its descriptor here.
 */
#include "wait/enter.h"
#include "symbols/symbols.h"
#include "ring/register.h"
#include "ring/ring.h"

static int make_setup(const struct creation *c)
{
	return c->next->io_uring_setup(c->entries, c->p);
}

EXPORT int io_uring_setup(unsigned entries, struct io_uring_params *p)
{
	PASS_ON_IF_DUE(io_uring_setup, entries, p);
	if (!params_are_writable(p))
		return next_for(__builtin_return_address(0))->io_uring_setup(entries, p);
	config_greet();
	return ring_create(&(struct creation) {
		.make = make_setup, .next = next_for(__builtin_return_address(0)),
		.entries = entries, .p = p,
	});
}

EXPORT int io_uring_register(unsigned fd, unsigned opcode, const void *arg, unsigned nr_args)
{
	PASS_ON_IF_DUE(io_uring_register, fd, opcode, arg, nr_args);
	return register_call(next_for(__builtin_return_address(0)), fd, opcode, arg, nr_args);
}

static __attribute__((noinline))
int on_io_uring_enter2(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
		       void *arg, size_t size)
{
	return enter_timed((struct enter) {
		.fd = fd, .submit = to_submit, .wait_nr = min_complete, .flags = flags,
		.arg = arg, .size = size, .caller = __builtin_return_address(0),
	}, wait_frame());
}

EXPORT int io_uring_enter2(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
			   void *arg, size_t size)
{
	if (unlikely(off_knows(__builtin_return_address(0))))
		return off_next.io_uring_enter2(fd, to_submit, min_complete, flags, arg, size);
	return on_io_uring_enter2(fd, to_submit, min_complete, flags, arg, size);
}

/* Its argument is a signal mask, of the kernel's size: never a timed wait. */
EXPORT int io_uring_enter(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
			  sigset_t *arg)
{
	if (unlikely(off_knows(__builtin_return_address(0))))
		return off_next.io_uring_enter(fd, to_submit, min_complete, flags, arg);
	PASS_ON_IF_DUE(io_uring_enter, fd, to_submit, min_complete, flags, arg);
	if (door_is_armed(fd, flags))
		return kernel_enter(fd, to_submit, min_complete, flags, (uintptr_t)arg,
				    KERNEL_SIGSET_SIZE);
	return next_for(__builtin_return_address(0))->io_uring_enter(fd, to_submit, min_complete,
								     flags, arg);
}
