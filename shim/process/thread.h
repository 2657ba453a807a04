/* SPDX-License-Identifier: MIT */
/*
 * What a thread has of its own: a line of counts, from its first wait of any kind on, and a slot
 * of the wait area, from its first wait that can be registered. It keeps both while it lives.
 */
#ifndef REGWAIT_THREAD_H
#define REGWAIT_THREAD_H

#include "process/process.h"

/* In the thread's own storage: all that a wait needs, so that it shares nothing. */
struct thread {
	/*
	 * The process's nonce when the slot was taken. In a forked child the process has none, or
	 * another, and so the slot, which is its parent's, counts as none. 0: no slot was taken.
	 */
	uint64_t nonce;
	struct reg_wait *slot;
	struct regwait_wait_counts *counts; /* the line of counts */
	uint64_t counts_nonce;		    /* as above, of the line */
	const void *busy;    /* the frame of a wait for which the slot is written, or NULL */
	const void *unsure;  /* such a frame, of which is not known whether it was left */
	uint32_t offset;     /* of the slot in the wait area, bytes */
	uint8_t pages_tried; /* of timeouts, see timeout_is_readable() */
	uint8_t slotless;    /* this many waits until a slot is looked for again */
	uintptr_t ts_page;   /* where the last timeout lay */
	uintptr_t arg_page;  /* and the last argument of a bare enter */
};

/* initial-exec: no call into the loader for its address; a preload is there from the start. */
extern __thread struct thread me __attribute__((tls_model("initial-exec"), visibility("hidden")));

/*
 * Counts in the thread's own line. They are added up by atomic loads;
 * under ThreadSanitizer, and only there, the writing side is atomic as well.
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

/* Has the calling thread a slot of this process's area? */
static inline bool thread_has_slot(void)
{
	return me.nonce && me.nonce == this_process.nonce;
}

/* Has it a line of counts? */
static inline bool thread_has_line(void)
{
	return me.counts_nonce == this_process.nonce;
}

/* For assertions: is me.slot one of this process's area, and not its last one? */
static inline bool thread_owns_slot(void)
{
	const struct process *p = &this_process;

	return thread_has_slot() && me.offset + sizeof(*me.slot) < p->slots_size &&
	       (char *)me.slot == (char *)p->slots + me.offset;
}

/* Gives the thread a slot, and a line, if it has none and one is free. */
bool thread_take_slot(struct process *p);

/* Gives it a line. With more threads than there are lines, some count in one that they share. */
void thread_take_line(struct process *p);

/* Before another thread is made: from now on it must show when this one ends (places.h). */
void thread_keep_places(void);

/* Counts a wait of the calling thread that went the plain way. p may be NULL. */
void count_plain(struct process *p, enum regwait_reason why);

#endif
