/* SPDX-License-Identifier: MIT */
/*
 * What stands in for liburing's bare enters: they are kept out of iowait, and look before they sleep.
 */
#include "wait/enter_look.h"
#include "wait/stand_in.h"

int stand_in_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, sigset_t *mask)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, mask, KERNEL_SIGSET_SIZE);
	const void *caller = __builtin_return_address(0);
	int ret;

	if (config.spin && enter_looks(&e, &ret))
		return ret;
	return stand_in_for(caller)->io_uring_enter(fd, submit, wait_nr, iowait_bare_flags(flags),
						    mask);
}

int stand_in_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
		    size_t size)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, arg, size);
	const void *caller = __builtin_return_address(0);
	int ret;

	if (config.spin && enter_looks(&e, &ret))
		return ret;
	return stand_in_for(caller)->io_uring_enter2(fd, submit, wait_nr, iowait_bare_flags(flags),
						     arg, size);
}
