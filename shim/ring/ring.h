/* SPDX-License-Identifier: MIT */
/*
 * The life of a ring: creation with the wait area registered, the changes that
 * would mislead us, and the end.
 */
#ifndef REGWAIT_RING_H
#define REGWAIT_RING_H

#include "base/next.h"
#include "process/process.h"
#include "ring/table.h"

/*
 * What a program asked for when it made a ring, so that one engine serves all
 * four functions that do. make() calls the real one with these arguments and
 * returns what it returns: negative for an error.
 */
struct creation {
	int (*make)(const struct creation *c);
	const struct next *next;
	unsigned sq_entries;
	struct io_uring *ring; /* NULL: io_uring_setup(), which gives a bare descriptor */
	struct io_uring_params *p;
	void *buf; /* io_uring_queue_init_mem(): the program's memory */
	size_t buf_size;
};

int ring_create(const struct creation *c);

/* Calls the real function. Those that make rings call each other, and so us. */
int ring_make(const struct creation *c);

/* For create.c and change.c: a line in the log; a count; the ring's tag. */
void ring_log(int fd, enum regwait_reason why);
void ring_count(struct process *p, enum regwait_reason why);

/*
 * False: there is no room for a tag, or somebody else uses it. (A tag of our own may be
 * left over in memory that the program gave to the ring.)
 */
bool ring_put_tag(struct process *p, struct io_uring *ring, enum regwait_reason why,
		  unsigned quirks);

/*
 * Looks a ring up, without touching its memory: a program may call with a ring
 * that it has unmapped already. False: not made by this process, or long gone.
 */
bool ring_find(struct ring_ref ref, struct ring_info *info);

static inline struct ring_ref ring_by_struct(const struct io_uring *ring)
{
	return (struct ring_ref){ .ring = ring, .fd = -1 };
}

static inline struct ring_ref ring_by_number(int fd, bool is_index)
{
	return (struct ring_ref){ .fd = fd, .is_index = is_index };
}

/*
 * What becomes of waits on the ring behind a descriptor, or a registered index of the calling
 * thread. Looked up where it is not known.
 */
enum regwait_reason ring_reason(unsigned fd, bool is_index);

/* Does this descriptor still stand for the ring that we know it to be? */
bool ring_is_still(unsigned fd);

/* This thread registered that descriptor under an index. */
void ring_indexed(unsigned index, int fd);

/* The program mapped a ring that it has a descriptor of. */
void ring_mapped(int fd, struct io_uring *ring, unsigned quirks);

/*
 * The program enables a ring that it created disabled: ring_enabling() before,
 * ring_enabled() after the real call succeeded, with what the first returned. By a structure,
 * fd is what the kernel knows it by.
 */
enum regwait_reason ring_enabling(struct ring_ref ref);
void ring_enabled(struct io_uring *ring, struct ring_ref ref, enum regwait_reason why);

/* If a ring whose tag says "disabled" was enabled by its descriptor, corrects the tag. */
bool ring_now_enabled(struct io_uring *ring);

/* The ring has new memory: io_uring_resize_rings() succeeded. */
void ring_moved(struct io_uring *ring, const struct io_uring *old);

/* Does its memory, which is tried first, say that we armed it, or that our parent did? */
bool ring_says_armed(const struct io_uring *ring);

/* The program believes that it registered a region. */
void ring_region_faked(struct ring_ref ref);

/*
 * The program registers waits of its own with the ring (regwait.h). Adds the
 * ring if it was unknown. 0, or -errno.
 */
int ring_set_reg_waits(const struct io_uring *ring, unsigned quirks,
		       const struct reg_wait *reg_waits, unsigned nr);

/* The descriptor is closed, the ring lives on by its registered index. */
void ring_fd_closed(int fd);

/*
 * The program closes these descriptors, some of which are known: call before it does. A ring
 * among them may live on under other numbers.
 */
void ring_fds_closing(unsigned first, unsigned last);

/* The program is done with the ring; call before the real function. */
void ring_ended(const struct io_uring *ring);

/*
 * A ring that was made without our seeing it comes to us for the first time: marks it as unseen, so
 * that its next wait need not look again.
 */
void ring_unseen(struct process *p, struct io_uring *ring, unsigned quirks);

#endif
