/* SPDX-License-Identifier: MIT */
/*
 * Has a signal handler run since? A thread that sleeps in a wait is woken by it, with -EINTR; one
 * that looks is not, and the kernel keeps no count of signals. But it puts a handler's frame right
 * below the stack pointer, beyond the red zone, or at the end of the alternate stack, if the handler
 * asks for that and the thread is not on it already. So we write words there, and see whether they are
 * still the same.
 *
 * The function that does this must call no other in between.
 */
#ifndef REGWAIT_MARKS_H
#define REGWAIT_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "process/thread.h"

#if ARCH_CAN_LOOK

/*
 * On x86-64 the highest part of the frame that is written for certain is a word at the end of the
 * floating point state, which ends at a multiple of 64 bytes, and 4.
 */
#define MARKS	     9

#define marks_inline static inline __attribute__((always_inline))

/* Nothing that a frame would have there. */
#define MARK 0x5e6fa7d1c3b29487ULL

_Static_assert(8 * MARKS <= STACK_MARKED, "they are written to what can be");

/* The end of an alternate stack need not be aligned. */
typedef uint64_t mark_word __attribute__((aligned(1), may_alias));

marks_inline volatile mark_word *mark_at(uintptr_t top, int i)
{
	return (volatile mark_word *)top - i;
}

/* top: the end of the alternate stack (thread_knows_stack()); 0: no frame comes there. */
marks_inline void marks_put(uintptr_t top)
{
	int i;

	for (i = 1; i <= MARKS; i++)
		arch_store_below(ARCH_RED_ZONE + 8 * i, MARK);
	if (top)
		for (i = 1; i <= MARKS; i++)
			*mark_at(top, i) = MARK;
}

marks_inline bool marks_are_gone(uintptr_t top)
{
	uint64_t differ = 0;
	int i;

	for (i = 1; i <= MARKS; i++)
		differ |= arch_load_below(ARCH_RED_ZONE + 8 * i) ^ MARK;
	if (top)
		for (i = 1; i <= MARKS; i++)
			differ |= *mark_at(top, i) ^ MARK;
	return differ;
}

#endif
#endif
