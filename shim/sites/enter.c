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

/* Above our return address lies a struct site_call. Where that ends is the frame in site_rest(), too. */
#define frame_here() ((const void *)((const struct site_call *)__builtin_dwarf_cfa() + 1))

/*
 * A timeout of zero that may be answered by asking the kernel, or what site_rest() shall do. It is
 * jumped to: what this needs must not be paid for by others.
 */
static __attribute__((noinline)) long ask_or_leave(unsigned fd, unsigned submit, unsigned wait_nr,
						   unsigned flags, const void *arg, size_t size)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, arg, size);
	const struct origin origin = { .frame = frame_here() };
	int ret;

	if (!enter_may_ask(&e) || !enter_by_asking(&e, origin, &ret))
		return NO_ANSWER;
	return ret;
}

/* How an enter goes: its answer, or what else site_entry.h says. If by the slot, that is written. */
wait_inline long decide(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags,
			const void *arg, size_t size, const void *frame)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, arg, size);
	unsigned state;

	if (unlikely(!enter_is_short(flags, size)))
		return flags & IORING_ENTER_EXT_ARG || unlikely(config.enters_change) ?
			       NO_ANSWER :
			       SITE_AS_MADE;
	state = enter_state(fd, flags);
	if (likely(fd_state_is_armed(state))) {
		if (unlikely(!enter_is_hot(&e)))
			return ask_or_leave(fd, submit, wait_nr, flags, arg, size);
		enter_write_slot(&e, frame);
		return SITE_BY_SLOT;
	}
	if (unlikely(config.enters_change) || !enter_passes_at_once(state))
		return NO_ANSWER;
	return SITE_AS_MADE;
}

#if ARCH_SITE_ENTRY_CALLS

__attribute__((used)) long site_decide(unsigned fd, unsigned submit, unsigned wait_nr,
				       unsigned flags, const void *arg, size_t size)
{
	return decide(fd, submit, wait_nr, flags, arg, size, frame_here());
}

#else

__attribute__((used)) long site_enter(unsigned fd, unsigned submit, unsigned wait_nr,
				      unsigned flags, const void *arg, size_t size)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, arg, size);
	long how = decide(fd, submit, wait_nr, flags, arg, size, frame_here());
	int ret;

	if (how == SITE_AS_MADE)
		return kernel_enter(fd, submit, wait_nr, flags, (uintptr_t)arg, size);
	if (how != SITE_BY_SLOT)
		return how;
	ret = enter_by_written_slot(&e);
	return enter_is_refused(ret) ? REFUSED + ret : ret;
}

#endif

#endif
