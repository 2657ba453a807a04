/* SPDX-License-Identifier: MIT */
/*
 * An io_uring_enter(2) of a site, on the shortest way.
 *
 * The vector registers still hold the program's values: a system call preserves them, a function
 * call does not. So this file is compiled for the general registers alone, and calls no function.
 * What cannot be done so, sites/rest.c does, for which all registers are saved.
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SITES

#include "base/arch/site_entry.h"
#include "wait/ask.h"
#include "wait/enter.h"
#include "sites/answer.h"

static long as_made(const struct enter *e)
{
	return kernel_enter(e->fd, e->submit, e->wait_nr, e->flags, (uintptr_t)e->arg, e->size);
}

__attribute__((used)) long site_enter(unsigned fd, unsigned submit, unsigned wait_nr,
				      unsigned flags, const void *arg, size_t size)
{
	const struct enter e = {
		.fd = fd,
		.submit = submit,
		.wait_nr = wait_nr,
		.flags = flags,
		.arg = arg,
		.size = size,
	};
	unsigned state;
	int ret;

	if (!enter_is_short(flags, size))
		return flags & IORING_ENTER_EXT_ARG || unlikely(config.enters_change) ? NO_ANSWER :
											as_made(&e);
	state = enter_state(fd, flags);
	if (likely(fd_state_is_armed(state))) {
		if (enter_is_hot(&e)) {
			ret = enter_with_slot(&e, origin_here().frame);
			return enter_is_refused(ret) ? REFUSED + ret : ret;
		}
		if (enter_may_ask(&e) && enter_by_asking(&e, origin_here(), &ret))
			return ret;
		return NO_ANSWER;
	}
	if (unlikely(config.enters_change) || !enter_passes_at_once(state))
		return NO_ANSWER;
	return as_made(&e);
}

#endif
