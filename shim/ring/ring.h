/* SPDX-License-Identifier: MIT */
/*
 * The life of a ring: creation, with the wait area registered; the changes that we must know of;
 * and the end.
 */
#ifndef REGWAIT_RING_H
#define REGWAIT_RING_H

#include "base/next.h"
#include "process/process.h"
#include "ring/table.h"

/*
 * What a program asked for when it made a ring, so that ring_create() serves all four functions
 * that make rings. make() calls the real function with these arguments and returns what it returns:
 * negative for an error.
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

/* Calls the real function. The functions that make rings call each other, and so may call us. */
int ring_make(const struct creation *c);

/* For create.c and change.c: writes a line to the log; counts a ring; writes the ring's tag. */
void ring_log(int fd, enum regwait_reason why);
void ring_count(struct process *p, enum regwait_reason why);

/*
 * False: there is no room for a tag, or the word is used by others. (The program may have given the
 * ring memory in which an old tag of ours is left: that is overwritten.)
 */
bool ring_put_tag(struct process *p, struct io_uring *ring, enum regwait_reason why,
		  unsigned quirks);

/*
 * Looks a ring up without touching its memory, which the program may have unmapped already. False:
 * this process did not make the ring, or it has ended.
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
 * The reason why waits on this ring are plain, or REASON_NONE. The ring is named by a descriptor,
 * or by a registered index of the calling thread. It is looked up if it is not known.
 */
enum regwait_reason ring_reason(unsigned fd, bool is_index);

/* Does this descriptor still stand for the ring that we know by it? */
bool ring_is_still(unsigned fd);

/* This thread registered the descriptor under this index. */
void ring_indexed(unsigned index, int fd);

/* The program mapped the ring behind a descriptor, which the kernel made with these features. */
void ring_mapped(int fd, struct io_uring *ring, unsigned features, const struct next *next);

/*
 * The program enables a ring that it created disabled. ring_enabling() is called before the real
 * function; ring_enabled() after it succeeded, with what ring_enabling() returned. ring is NULL if
 * the program has no structure; else ref.fd is the number by which the kernel knows the ring.
 */
enum regwait_reason ring_enabling(struct ring_ref ref);
void ring_enabled(struct io_uring *ring, struct ring_ref ref, enum regwait_reason why);

/*
 * If a ring whose tag says "disabled" was enabled by its descriptor, corrects the tag and returns
 * true.
 */
bool ring_now_enabled(struct io_uring *ring);

/* The ring has new memory: io_uring_resize_rings() succeeded. */
void ring_moved(struct io_uring *ring, const struct io_uring *old);

/*
 * Does the ring's tag say that we armed it, or that a parent did? Tries first whether its memory
 * can be read.
 */
bool ring_says_armed(const struct io_uring *ring);

/* We told the program that its region is registered, though it is not. */
void ring_region_faked(struct ring_ref ref);

/*
 * The program registers waits of its own with the ring (regwait.h). Adds the ring to the table if
 * it was unknown. 0, or -errno.
 */
int ring_set_reg_waits(const struct io_uring *ring, unsigned quirks,
		       const struct reg_wait *reg_waits, unsigned nr);

/* The descriptor is closed, and the ring lives on by its registered index. */
void ring_fd_closed(int fd);

/*
 * The program is about to close these descriptors, some of which may be rings. A ring among them
 * may live on under other numbers.
 */
void ring_fds_closing(unsigned first, unsigned last);

/* The program ends the ring: to be called before the real function. */
void ring_ended(const struct io_uring *ring);

/*
 * Marks a ring that was made where we could not see it as unseen, so that its next wait need not
 * look it up again.
 */
void ring_unseen(struct process *p, struct io_uring *ring, unsigned quirks);

#endif
