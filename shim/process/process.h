/* SPDX-License-Identifier: MIT */
/*
 * The state of one process: the wait area, the counts, and what is known of its rings.
 *
 * It is static memory under MADV_WIPEONFORK (but for the area, and for a stats page that is a
 * file). So a child of any kind of fork, raw clone included, finds zeroes: no lock that another
 * thread held, no slot in use, no rings that are not its own. Zeroes mean "not live"; the child
 * then begins anew in the same memory.
 *
 * Nothing is allocated: liburing's functions allocate nothing, so they work in a signal handler
 * that interrupted malloc(), in a child of _Fork(), and under any limit of memory. Ours must as
 * well.
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
#define ZONE_SLOTS	 63 /* REGWAIT_SLOTS by default; with the last slot, a page of 4 KiB */
#define ZONE_LINES	 256
#define ZONE_TABLE	 1280 /* bytes for the table of rings (ring/table.c) at first */
#define ZONE_MORE_TABLE	 8192 /* and more when these are full */
#define ZONE_NEAR_OWNERS 2    /* mutexes in the zone's first page, for slots and lines each */
#define ZONE_GATES	 16
#define FD_NEAR		 256   /* descriptors that are enough for most programs */
#define FD_STATES	 65536 /* descriptors whose bare enters can be registered */
#define FD_ARMED_NEAR	 128

enum user_namespace { NAMESPACE_UNKNOWN, NAMESPACE_FIRST, NAMESPACE_OTHER };

/* The nonce is in these bits of a tag (ring/tag.h). */
#define NONCE_SHIFT 16
#define NONCE_MASK  (~(uint64_t)0 << NONCE_SHIFT)

struct process {
	uint64_t nonce; /* marks this process's rings (ring/tag.h); 0: not live */
	/* The nonce while waits may be registered; 0 in a sandbox. */
	uint64_t serving;
	struct regwait_stats_page *stats_page; /* the counts, in a file or in memory of ours */
	struct reg_wait *slots;		       /* the wait area */
	size_t slots_size;		       /* bytes, whole pages */
	bool stats_page_is_file;
	/*
	 * The fields above are read at every wait; those below are written when threads come and
	 * go.
	 */
	struct lock lock __attribute__((aligned(128)));
	uint8_t touched;     /* process_touch() */
	struct signals held; /* the owner's signal mask, to be restored */
	const void *owner;   /* of the lock, while it is held: an address that only the owner has */
	struct places slot_owners, line_owners;
	unsigned nr_armed; /* armed rings that have not ended (ring/arm.c) */
	unsigned ended[2]; /* armed rings that ended in this second, and in the one before */
	int64_t ended_second;
	struct { /* ring/budget.c */
		bool begun;
		unsigned counted;   /* rings that the user's semaphore counts */
		unsigned uncounted; /* rings that it does not count: no limit, or our option's */
		uid_t user;
		int set; /* the user's semaphore set, checked; -1: none yet */
	} budget;
};

/*
 * What a forked child and its children must know of inherited rings: memory that fork does not
 * wipe. It lies in the place of the slot that is never handed out. To the kernel it looks like a
 * slot that nobody owns.
 */
struct kept {
	uint8_t fd_armed_near[FD_ARMED_NEAR / 8]; /* process/fd_state.h */
	unsigned last_handle;			  /* ring/table.c */
	uint32_t flags;				  /* of the slot: none */
	uint64_t sigmask;			  /* at no address */
	uint32_t sigmask_sz;
	uint16_t fd_highest;	/* the highest descriptor ever noted (process/fd_state.c) */
	uint8_t user_namespace; /* enum user_namespace (ring/budget.c) */
	uint8_t slots_used;	/* how many slots were ever handed out */
	uint64_t nonce;		/* the newest, of this process or of an ancestor */
	uint64_t ancestors[2];	/* the nonces before it, whose rings may have been inherited */
};

#define SAME_PLACE(field) \
	_Static_assert(offsetof(struct kept, field) == offsetof(struct reg_wait, field), "a slot")
SAME_PLACE(flags);
SAME_PLACE(sigmask);
SAME_PLACE(sigmask_sz);
_Static_assert(sizeof(struct kept) == sizeof(struct reg_wait), "a slot");

/*
 * The wait area: whole pages, which a forked child inherits. Their slots are nobody's in the child,
 * since its nonce is another.
 *
 * The area is not wiped because that is cheaper: while rings are armed with it, the kernel copies
 * it for the child during the fork, so the child's first ring causes no page fault. Wiped, it would
 * cause one, and struct kept, elsewhere, a second.
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
 * The memory that fork wipes, in one piece. Every page that a child touches costs it a page fault
 * (one or two microseconds), so everything that one ring and one wait need is in the first 4 KiB.
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
	/* What most programs never use. */
	char more_table[ZONE_MORE_TABLE] __attribute__((aligned(64)));
	pthread_mutex_t slot_owners[ZONE_SLOTS], line_owners[ZONE_LINES];
	uint8_t fd_states[FD_STATES]; /* process/fd_state.h */
	struct gate {
		unsigned inside, closed;
	} __attribute__((aligned(64))) gates[ZONE_GATES]; /* wait/gate.h */
	uint8_t fd_looks[FD_STATES / 8];		  /* process/fd_state.h */
} __attribute__((aligned(ARCH_PAGE_MAX)));

#define ZONE_FIRST offsetof(struct zone, stats_page.lines[1])
_Static_assert(ZONE_FIRST <= 4096, "a page of 4 KiB");

extern struct zone zone __attribute__((visibility("hidden")));

#define this_process (zone.process)

/*
 * Where the mode is that can be changed while the program runs: in the stats page, once there is
 * one. Waits in any mode but MODE_ON go to wait_otherwise().
 */
extern unsigned char *live_mode __attribute__((visibility("hidden")));

/* At the start. Before this, and if it fails, process_get() returns NULL. */
void process_start(void);

/* The state of this process, which is made at the first call. NULL: it cannot be made. */
struct process *process_get(void);

/* The state of this process, or NULL if it has not been made yet. */
static inline struct process *process_peek(void)
{
	return __atomic_load_n(&this_process.nonce, __ATOMIC_ACQUIRE) ? &this_process : NULL;
}

/*
 * Writes to the first page of the zone. Called before the first read where a ring is made and the
 * page will be written anyway: a page that is read first costs a forked child a second page fault
 * when it is written.
 */
static inline void process_touch(void)
{
	__atomic_store_n(&this_process.touched, 0, __ATOMIC_RELAXED);
}

/*
 * The lock for what threads do seldom; signals are blocked while it is held. In a sandbox they are
 * not: the caller may be a signal handler that interrupted the owner of the lock. So there the lock
 * is only tried for a while. False: another thread has it.
 */
bool process_lock(struct process *p);
void process_unlock(struct process *p);

/* For assertions: does the calling thread have the lock? */
bool process_lock_is_held(const struct process *p);

/*
 * The process enters a sandbox: the filter may kill it for any system call that the program itself
 * does not make. From here on we make none. Rings are made as the program asked for them, and waits
 * are plain; the same in forked children.
 */
void process_enters_sandbox(void);

/* The kernel refused the filter; filters that it accepted earlier stay in force. */
void process_leaves_sandbox(void);

/* How many filters are in force. */
extern unsigned process_sandboxed __attribute__((visibility("hidden")));

/*
 * Is the calling process the one that this state belongs to? A child of vfork is not: it has our
 * memory, but a process id of its own. In a sandbox, where the id cannot be asked for, the answer
 * is yes.
 */
bool process_is_mine(const struct process *p);

#endif
