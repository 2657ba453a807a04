/* SPDX-License-Identifier: MIT */
/*
 * The slots of the wait area, and the thread that owns one.
 */
#ifndef REGWAIT_SLOT_H
#define REGWAIT_SLOT_H

#include "process/process.h"

struct next;

/* In a thread's own storage: all that a wait needs, so that it shares nothing. */
struct thread {
	/*
	 * The process's nonce, where fork wipes it: in a child it is 0, which no armed ring's
	 * is. Never NULL; without a slot it is another 0.
	 */
	const uint64_t *nonce;
	struct reg_wait *slot;
	struct regwait_wait_counts *counts;	/* of the slot; NULL without one */
	const void *busy;	/* the frame of a wait for which the slot is written, or NULL */
	uint32_t offset;	/* of the slot in the wait area, bytes */
	uint8_t taking;		/* in slot_take() */
	uint8_t pages_tried;	/* of timeouts, see timeout_is_readable() */
	uintptr_t ts_page;	/* where the last timeout lay */
	uintptr_t arg_page;	/* and the last argument of a bare enter */
	/* In wait_plain(), with this library, whose functions call each other through the PLT. */
	const struct next *plain;
};

/* initial-exec: no call into the loader for its address; a preload is there from the start. */
extern __thread struct thread me
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/*
 * Counts in the thread's own line. Whoever adds the counts up reads them by atomic loads; to
 * please ThreadSanitizer, and only there, the other side is made atomic as well.
 */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#ifdef __SANITIZE_THREAD__
#define count_one(counter) ((void)__atomic_fetch_add(&(counter), 1, __ATOMIC_RELAXED))
#else
#define count_one(counter) ((void)(counter)++)
#endif

/* Gives the calling thread a slot of this process's area, if it has none and one is free. */
bool slot_take(struct process *p);

/*
 * Is the slot written for a wait of this thread that goes on below us? A handler may also
 * have left that wait by siglongjmp(). Then, most often, the same code waits again, called
 * from the very frame; and no two waits that go on can share one. An older frame would prove
 * as much, but which of two is older cannot be told where handlers have a stack of their own.
 */
static inline bool slot_is_busy(const void *frame)
{
	if (frame == me.busy)
		me.busy = NULL;
	return me.busy;
}

/* Counts a wait of the calling thread that went the plain way. p may be NULL. */
void count_plain(struct process *p, enum regwait_reason why);

#endif
