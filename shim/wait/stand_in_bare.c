/* SPDX-License-Identifier: MIT */
/*
 * What stands in for liburing's bare enters: they are kept out of iowait, and look before they sleep.
 */
#include "wait/enter_look.h"
#include "wait/stand_in.h"

static unsigned flags_of(unsigned flags)
{
	return config.no_iowait ? iowait_flags(flags) : flags;
}

int stand_in_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, sigset_t *mask)
{
	const struct enter e = {
		.fd = fd,
		.submit = submit,
		.wait_nr = wait_nr,
		.flags = flags,
		.arg = (const struct getevents_arg *)mask,
		.size = KERNEL_SIGSET_SIZE,
	};
	const void *caller = __builtin_return_address(0);
	int ret;

	if (config.spin && enter_looks(&e, &ret))
		return ret;
	return stand_in_for(caller)->io_uring_enter(fd, submit, wait_nr, flags_of(flags), mask);
}

int stand_in_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
		    size_t size)
{
	const struct enter e = {
		.fd = fd,
		.submit = submit,
		.wait_nr = wait_nr,
		.flags = flags,
		.arg = (const struct getevents_arg *)arg,
		.size = size,
	};
	const void *caller = __builtin_return_address(0);
	int ret;

	if (config.spin && enter_looks(&e, &ret))
		return ret;
	return stand_in_for(caller)->io_uring_enter2(fd, submit, wait_nr, flags_of(flags), arg,
						     size);
}
