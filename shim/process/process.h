/* SPDX-License-Identifier: MIT */
/*
 * What one process keeps: the wait area, the counts, what its rings are known by.
 *
 * All of it (but the area, and the counts where they are a file) is static memory under
 * MADV_WIPEONFORK, so that a child made by any kind of fork, raw clone included, finds zeroes: no
 * lock that another thread held, no slot that is in use, no rings that are not its own. Zeroes
 * mean "not live"; the child then begins anew, in the same memory. Nothing is allocated: liburing's
 * functions allocate nothing, so they work in a signal handler that interrupted malloc(), in a
 * child of _Fork(), and under any limit of memory.
 */
#ifndef REGWAIT_PROCESS_H
#define REGWAIT_PROCESS_H

#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "base/arch/arch.h"
#include "base/lock.h"
#include "base/signals.h"
#include "contract/stats_page.h"
#include "process/places.h"

#define SLOTS_MAX	 4095
#define ZONE_SLOTS	 63 /* REGWAIT_SLOTS by default: with the last one, a page of 4 KiB */
#define ZONE_LINES	 256
#define ZONE_TABLE	 1280  /* bytes for the table of rings (ring/table.c), to begin with */
#define ZONE_MORE_TABLE	 8192  /* and then */
#define ZONE_NEAR_OWNERS 2     /* of slots and of lines */
#define FD_NEAR		 256   /* descriptors that most programs never get beyond */
#define FD_STATES	 65536 /* descriptors that bare enters are followed on */
#define FD_ARMED_NEAR	 128

enum user_namespace { NAMESPACE_UNKNOWN, NAMESPACE_FIRST, NAMESPACE_OTHER };

/* A nonce leaves these bits of a tag (ring/tag.h) to others. */
#define NONCE_SHIFT 16
#define NONCE_MASK  (~(uint64_t)0 << NONCE_SHIFT)

struct process {
	uint64_t nonce; /* marks our rings (ring/tag.h); 0: not live */
	/* The same while waits may be registered; 0 in a sandbox. */
	uint64_t serving;
	struct regwait_stats_page *stats_page; /* the counts; a file, or memory of ours */
	struct reg_wait *slots; /* the wait area: what is registered, as is slots_size */
	size_t slots_size;	/* bytes, whole pages */
	bool page_is_file;
	/* Written when threads come. What is above is read at every wait. */
	struct lock lock __attribute__((aligned(128)));
	uint8_t touched;     /* process_touch() */
	struct signals held; /* by the owner of the lock: what to restore */
	const void *owner;   /* of the lock, while it is held: an address of its own */
	struct places slot_owners, line_owners;
	unsigned nr_armed;    /* armed rings that live (ring/arm.c), as below */
	unsigned departed[2]; /* those that ended in this second, in the one before */
	int64_t departed_second;
	struct { /* ring/budget.c */
		bool begun;
		unsigned counted; /* rings in the semaphore of the user below */
		unsigned free;	  /* others: there was no limit when they were armed */
		uid_t user;
		int set; /* of semaphores, known to be the user's; -1: none yet */
	} budget;
};

/*
 * What a forked child, and its children, must know of the rings that they inherit. It lies in the
 * place of a slot that is never handed out, and looks to the kernel like any that is nobody's.
 */
struct kept {
	uint8_t fd_armed_near[FD_ARMED_NEAR / 8]; /* process/fd_state.h */
	unsigned last_handle;			  /* ring/table.c */
	uint32_t flags;				  /* of the slot: none */
	uint64_t sigmask;			  /* at no address */
	uint32_t sigmask_sz;
	uint16_t fd_highest;	/* process/fd_state.c: none beyond it was ever written */
	uint8_t user_namespace; /* ring/budget.c: enum user_namespace */
	uint8_t slots_used;	/* none beyond them was ever handed out */
	uint64_t nonce;		/* the last that this process or an ancestor had */
	uint64_t ancestors[2];	/* those before it, whose rings may have been inherited */
};

#define SAME_PLACE(field) \
	_Static_assert(offsetof(struct kept, field) == offsetof(struct reg_wait, field), "a slot")
SAME_PLACE(flags);
SAME_PLACE(sigmask);
SAME_PLACE(sigmask_sz);
_Static_assert(sizeof(struct kept) == sizeof(struct reg_wait), "a slot");

/*
 * The wait area, whole pages, which a forked child inherits. The slots in it are nobody's there,
 * by its nonce. While rings are armed with it, the kernel gives the child a copy at the fork
 * already, and so the child's first ring has no fault to wait for; wiped, it would have one, and a
 * second one for what is kept, elsewhere.
 */
union area {
	struct reg_wait slots[ARCH_PAGE_MAX / sizeof(struct reg_wait)];
	struct {
		struct reg_wait handed_out[ZONE_SLOTS];
		struct kept kept;
	};
} __attribute__((aligned(ARCH_PAGE_MAX)));

extern union area area __attribute__((visibility("hidden")));

/*
 * The memory that fork wipes, in one piece. Every page that a child touches costs it a fault, one
 * or two microseconds: so what it takes to make one ring and to wait on it is in the first, of
 * 4 KiB.
 */
struct zone {
	struct process process;
	pthread_mutex_t near_owners[2 * ZONE_NEAR_OWNERS];
	uint8_t near_fd_states[FD_NEAR];
	char table[ZONE_TABLE] __attribute__((aligned(64)));
	struct {
		struct regwait_stats_page head;
		struct regwait_thread_counts lines[ZONE_LINES];
	} stats_page __attribute__((aligned(128)));
	/* What most programs never come to. */
	char more_table[ZONE_MORE_TABLE] __attribute__((aligned(64)));
	pthread_mutex_t slot_owners[ZONE_SLOTS], line_owners[ZONE_LINES];
	uint8_t fd_states[FD_STATES]; /* process/fd_state.h */
} __attribute__((aligned(ARCH_PAGE_MAX)));

#define ZONE_FIRST offsetof(struct zone, stats_page.lines[1])
_Static_assert(ZONE_FIRST <= 4096, "a page of 4 KiB");

extern struct zone zone __attribute__((visibility("hidden")));

#define this_process (zone.process)

/*
 * The mode, where it can be changed while we run: in the stats page, once there is one. Anything
 * but MODE_ON is for wait_otherwise().
 */
extern unsigned char *live_mode __attribute__((visibility("hidden")));

/* At the start: before this, and where it is not possible, there is no process. */
void process_start(void);

/* The state of this process, made when it is first asked for. NULL: not available. */
struct process *process_get(void);

/* The same, but NULL where none was made yet. */
static inline struct process *process_peek(void)
{
	return __atomic_load_n(&this_process.nonce, __ATOMIC_ACQUIRE) ? &this_process : NULL;
}

/*
 * Before the first look at a forked child's state, where a ring is made and so something will be
 * written there: a page that is read first costs a child one more fault when it is written.
 */
static inline void process_touch(void)
{
	__atomic_store_n(&this_process.touched, 0, __ATOMIC_RELAXED);
}

/*
 * Taken for what threads seldom do, with signals blocked. In a sandbox they are not blocked: the
 * caller may be a signal handler that interrupted the owner of the lock. So there it is only tried
 * for a while; false: somebody else has it.
 */
bool process_lock(struct process *p);
void process_unlock(struct process *p);

/* For assertions: does the calling thread have the lock? */
bool process_lock_is_held(const struct process *p);

/*
 * A filter may kill the process for any system call that the program does not make by itself. So
 * from here on we make none: rings are made as they were asked for, waits are plain. The same goes
 * for forked children.
 */
void process_enters_sandbox(void);

/* The kernel refused the filter. One that was accepted earlier stays in force. */
void process_leaves_sandbox(void);

/* How many filters are in force. */
extern unsigned process_sandboxed __attribute__((visibility("hidden")));

/*
 * Is the calling process the one that this state belongs to? A child of vfork is not: it has our
 * memory, but an id of its own. In a sandbox, where the id is not asked for, the answer is yes.
 */
bool process_is_mine(const struct process *p);

#endif
