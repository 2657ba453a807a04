/* SPDX-License-Identifier: MIT */
/*
 * REGWAIT_IOWAIT=off: which waits are made with IORING_ENTER_NO_IOWAIT (Linux 6.15), so that a CPU
 * that has nothing to do meanwhile counts as idle and not as waiting for I/O.
 *
 * A ring structure is marked in its int_flags when the ring is made. From 2.10 on the mark is
 * liburing's own bit: io_uring_set_iowait() sets and clears it, and so the program's will is kept.
 * Before, the same byte has a bit that no release uses; our own waits look at it (enter_flags() in
 * wait/engine.h), and so does what stands in for these releases' waits (wait/stand_in.h). The mark goes
 * where the structure goes: into a copy, into a forked child.
 *
 * A bare enter has no structure. All of a program's get the flag, until one has it already: such a
 * program decides for itself.
 */
#ifndef REGWAIT_IOWAIT_RING_H
#define REGWAIT_IOWAIT_RING_H

#include "base/config.h"
#include "base/next.h"

/*
 * What bare enters are tested for, and made with, on their shortest way: one operand each. With
 * REGWAIT_SPIN none takes that.
 */
struct iowait_bare {
	unsigned
		looks; /* of these flags a timed one has ENTER_TIMED and no others; 0: none is short */
	unsigned by_slot; /* what a registered one has beside the program's flags */
};

extern struct iowait_bare iowait_bare __attribute__((visibility("hidden")));

/* With REGWAIT_IOWAIT=off: see iowait_bare_flags(). */
unsigned iowait_flags(unsigned flags);

bool iowait_mark(struct io_uring *ring, unsigned features, const struct next *next);

/*
 * A ring was made, or mapped into this structure; the kernel gave it these features. NULL: there is
 * only a descriptor. Are its waits kept out of iowait?
 */
static inline bool iowait_keep_out(struct io_uring *ring, unsigned features,
				   const struct next *next)
{
	return config.no_iowait && iowait_mark(ring, features, next);
}

/* Is this structure marked? Then *quirks are those of its int_flags. */
static inline bool iowait_is_kept_out(const struct io_uring *ring, unsigned *quirks)
{
	*quirks = ring->int_flags & INT_FLAG_NO_IOWAIT_OLD ? liburing_quirks(LIBURING_OLDEST) :
							     liburing_quirks(LIBURING_INT_FLAGS);
	return ring->int_flags & (INT_FLAG_NO_IOWAIT_OLD | IORING_ENTER_NO_IOWAIT);
}

/* The flags with which a bare enter is made that the program made with these. */
static inline unsigned iowait_bare_flags(unsigned flags)
{
	return config.no_iowait ? iowait_flags(flags) : flags;
}

/* The program has the flag in a bare enter: from here on none of them gets it from us. */
void iowait_program_decides(void);

#endif
