/* SPDX-License-Identifier: MIT */
/*
 * Has a signal handler run since? A thread that sleeps in a wait is woken by it, with -EINTR; one
 * that looks is not, and the kernel keeps no count of signals. But it puts a handler's frame right
 * below the stack pointer, beyond the red zone. So we write words there, and see whether they are
 * still the same.
 *
 * The function that does this must call no other in between. A handler on an alternate stack leaves
 * nothing here.
 */
#ifndef REGWAIT_MARKS_H
#define REGWAIT_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arch/arch.h"

#if ARCH_CAN_LOOK

/*
 * On x86-64 the highest part of the frame that is written for certain is a word at the end of the
 * floating point state, which ends at a multiple of 64 bytes, and 4.
 */
#define MARKS	     9

#define marks_inline static inline __attribute__((always_inline))

/* Nothing that a frame would have there. */
#define MARK 0x5e6fa7d1c3b29487ULL

marks_inline void marks_put(void)
{
	int i;

	for (i = 1; i <= MARKS; i++)
		arch_store_below(ARCH_RED_ZONE + 8 * i, MARK);
}

marks_inline bool marks_are_gone(void)
{
	uint64_t differ = 0;
	int i;

	for (i = 1; i <= MARKS; i++)
		differ |= arch_load_below(ARCH_RED_ZONE + 8 * i) ^ MARK;
	return differ;
}

#endif
#endif
