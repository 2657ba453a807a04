/* SPDX-License-Identifier: MIT */
/*
 * The bare system calls that liburing exports (since 2.3). Here a ring is known only by its
 * descriptor.
 */
#include "base/greet.h"
#include "process/readable.h"
#include "ring/register.h"
#include "ring/ring.h"
#include "wait/ask.h"
#include "wait/enter_look.h"
#include "symbols/symbols.h"

static int make_setup(const struct creation *c)
{
	return c->next->io_uring_setup(c->sq_entries, c->p);
}

VERSIONED(on_setup, io_uring_setup, "2.3", "2.4");
int on_setup(unsigned entries, struct io_uring_params *p)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);

	if (next)
		return next->io_uring_setup(entries, p);
	next = next_for(caller);
	if (process_sandboxed || !params_are_writable(p))
		return next->io_uring_setup(entries, p);
	config_greet();
	return ring_create(&(struct creation){
		.make = make_setup,
		.next = next,
		.sq_entries = entries,
		.p = p,
	});
}

VERSIONED(on_register, io_uring_register, "2.3", "2.4");
int on_register(unsigned fd, unsigned opcode, const void *arg, unsigned nr_args)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);

	if (next)
		return next->io_uring_register(fd, opcode, arg, nr_args);
	return register_call(next_for(caller), fd, opcode, arg, nr_args);
}

SEPARATE int other_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
			  size_t size)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, arg, size);

	return enter_otherwise(&e, origin_here());
}

SEPARATE int rest_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
			 size_t size)
{
	const struct next *next = next_near(__builtin_return_address(0));

	if (config.spin_auto) {
		const struct enter e = enter_of(fd, submit, wait_nr, flags, arg, size);

		if (enter_is_asleep(&e)) {
			enter_sleeps(&e);
			return enter_by_slot(&e, origin_here());
		}
	}
	if (likely(next) && enter_passes(fd, flags, size, origin_here().frame))
		return next->io_uring_enter2(fd, submit, wait_nr, flags, arg, size);
	return other_enter2(fd, submit, wait_nr, flags, arg, size);
}

/* A timeout of zero that may be answered by asking the kernel. */
SEPARATE int ask_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
			size_t size)
{
	const struct enter e = { .fd = fd, .flags = flags };
	int ret;

	if (enter_by_asking(&e, origin_here(), &ret))
		return ret;
	return rest_enter2(fd, submit, wait_nr, flags, arg, size);
}

SEPARATE int hot_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
			size_t size)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, arg, size);

	if (enter_is_hot(&e))
		return enter_by_slot(&e, origin_of_jump());
	if (enter_may_ask(&e))
		return ask_enter2(fd, submit, wait_nr, flags, arg, size);
	return rest_enter2(fd, submit, wait_nr, flags, arg, size);
}

/* An enter without a timeout, or on a ring that stays plain, jumps on to the real function. */
VERSIONED(on_enter2, io_uring_enter2, "2.3", "2.4");
int on_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
	      size_t size)
{
	const struct next *next;
	unsigned state;

	if (unlikely(!next_is_first(arch_caller())))
		return rest_enter2(fd, submit, wait_nr, flags, arg, size);
	next = next_callers[0].next;
	if (!(flags & IORING_ENTER_EXT_ARG) || config.mode == MODE_OFF)
		return next->io_uring_enter2(fd, submit, wait_nr, flags, arg, size);
	if (unlikely(!enter_is_short(flags, size)))
		return rest_enter2(fd, submit, wait_nr, flags, arg, size);
	state = enter_state(fd, flags);
	if (likely(fd_state_is_armed(state)))
		return hot_enter2(fd, submit, wait_nr, flags, arg, size);
	if (enter_passes_at_once(state))
		return next->io_uring_enter2(fd, submit, wait_nr, flags, arg, size);
	return rest_enter2(fd, submit, wait_nr, flags, arg, size);
}

SEPARATE int enter_of_unknown(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags,
			      sigset_t *mask)
{
	return next_for(__builtin_return_address(0))
		->io_uring_enter(fd, submit, wait_nr, flags, mask);
}

/* Its argument is a signal mask of the kernel's size, so it is never a timed wait. */
VERSIONED(on_enter, io_uring_enter, "2.3", "2.4");
int on_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, sigset_t *mask)
{
	if (likely(next_is_first(arch_caller())))
		return next_callers[0].next->io_uring_enter(fd, submit, wait_nr, flags, mask);
	return enter_of_unknown(fd, submit, wait_nr, flags, mask);
}
