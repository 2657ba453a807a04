/* SPDX-License-Identifier: MIT */
/*
 * What each thread owns: a line of counts, from its first wait of any kind on, and a slot of the
 * wait area, from its first wait that can be registered. It keeps both until it ends.
 */
#ifndef REGWAIT_THREAD_H
#define REGWAIT_THREAD_H

#include "base/libc.h"
#include "process/process.h"

/* Has the thread an alternate signal stack? What is not known is asked for. */
#define STACK_MARKED 80 /* bytes at its end that are written to (wait/marks.h) */
enum alternate_stack { STACK_UNKNOWN, STACK_NONE, STACK_THERE };

/* Thread-local: all that a wait needs, so that threads share nothing. */
struct thread {
	/*
	 * The process's nonce when the slot was taken; 0: no slot was taken. A forked child has no
	 * nonce yet, or another one, so the slot, which is its parent's, does not count.
	 */
	uint64_t nonce;
	struct reg_wait *slot;
	struct regwait_wait_counts *counts; /* the line of counts */
	uint64_t counts_nonce;		    /* the process's nonce when the line was taken */
	const void *busy;		    /* the frame of the wait that uses the slot, or NULL */
	const void *unsure;  /* a value of busy that may be out of date (wait/nested.h) */
	uint32_t offset;     /* of the slot in the wait area, bytes */
	uint8_t pages_tried; /* see process/readable.h */
	uint8_t slotless;    /* so many waits until the thread asks for a slot again */
	uint8_t stack;	     /* enum alternate_stack */
	uintptr_t stack_top; /* the end of one that has been found writable */
	uintptr_t ts_page;   /* the memory page of the last timeout */
	uintptr_t arg_page;  /* that of the last argument of a bare enter */
	const void *asleep;  /* a ring of which so many waits need not look (wait/learn.h) */
	unsigned to_sleep;   /* 0 only if it is NO_RING */
	uint32_t submitted;  /* SQEs, by bare enters that might have looked (wait/learn.h) */
};

/* No ring has this for a key, nor has a structure that was never initialised. */
#define NO_RING ((const void *)1)

/*
 * initial-exec: its address costs no call into the loader. A preload is loaded at the start, so
 * this model is possible.
 */
extern __thread struct thread me __attribute__((tls_model("initial-exec"), visibility("hidden")));

/*
 * Counts in the thread's own line. Readers add up the lines by atomic loads. Under ThreadSanitizer,
 * and only there, the writer is atomic as well.
 */
#if BUILT_FOR_TSAN
#define count_more(counter, nr) ((void)__atomic_fetch_add(&(counter), nr, __ATOMIC_RELAXED))
#else
#define count_more(counter, nr) ((void)((counter) += (nr)))
#endif
#define count_one(counter) count_more(counter, 1)

/* Does the calling thread own a slot of this process's area? */
static inline bool thread_has_slot(void)
{
	return me.nonce && me.nonce == this_process.nonce;
}

/* Does the calling thread own, or share, a line of counts? */
static inline bool thread_has_line(void)
{
	return me.counts_nonce == this_process.nonce;
}

/* For assertions: is me.slot a slot of this process's area that may be handed out? */
static inline bool thread_owns_slot(void)
{
	const struct process *p = &this_process;

	return thread_has_slot() && me.offset + sizeof(*me.slot) < p->slots_size &&
	       (char *)me.slot == (char *)p->slots + me.offset;
}

/*
 * Gives the calling thread a slot and a line, if it has none and one is free. False: it has no
 * slot.
 */
bool thread_take_slot(struct process *p);

/*
 * Gives the calling thread a line. If all lines are owned, it counts in one that such threads
 * share.
 */
void thread_take_line(struct process *p);

/*
 * Where does the kernel put a signal handler's frame, if not right below the stack pointer? Sets *top to
 * the end of the alternate stack, or to 0. False: that cannot be told. Only outside a sandbox.
 *
 * A stack that is there is asked for each time, since whoever writes to it must be sure that it still
 * is this thread's.
 */
bool thread_ask_for_stack(uintptr_t *top);

static inline bool thread_knows_stack(uintptr_t *top)
{
	*top = 0;
	return me.stack == STACK_NONE || thread_ask_for_stack(top);
}

/* Before another thread is made: locks the mutexes of this thread's places (process/places.h). */
void thread_keep_places(void);

/* Counts a plain wait of the calling thread. p may be NULL. */
void count_plain(struct process *p, enum regwait_reason why);

/* Counts a wait of the calling thread that does not look, though it might sleep. */
void count_unspun(enum look_reason why);

#endif
