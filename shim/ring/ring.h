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
#include "ring/tag.h"

/*
 * What a program asked for when it made a ring, so that one engine serves all
 * four functions that do. make() calls the real one with these arguments and
 * returns what it returns: negative for an error.
 */
struct creation {
	int (*make)(const struct creation *c);
	const struct next *next;
	unsigned entries;
	struct io_uring *ring;		/* NULL: io_uring_setup(), which gives a bare descriptor */
	struct io_uring_params *p;
	void *buf;			/* io_uring_queue_init_mem(): the program's memory */
	size_t buf_size;
};

int ring_create(const struct creation *c);

/*
 * The library that is calling our functions itself, on its way through ring_create() on
 * this thread; NULL: none is.
 */
const struct next *ring_in_creation(void);

/* For ring.c and ring_change.c: a line in the log; a count; the ring's tag. */
void ring_log(int fd, enum regwait_reason why);
void ring_count(struct process *p, enum regwait_reason why);

uint64_t ring_tag_as_due(uint64_t tag);

/*
 * False: there is no room for a tag, or somebody else uses it. (A tag of our own may be
 * left over in memory that the program gave to the ring.)
 */
bool ring_put_tag(struct process *p, struct io_uring *ring, enum regwait_reason why,
		  const struct next *next);

/*
 * Looks a ring up, without touching its memory: a program may call with a ring
 * that it has unmapped already. False: not made by this process, or long gone.
 */
bool ring_find(const struct io_uring *ring, struct ring_info *info);

/*
 * The same for bare system calls, which name a ring by its descriptor or by an index of
 * the calling thread. So do the functions below where they are given no structure.
 */
bool ring_find_fd(int fd, bool is_index, struct ring_info *info);

/* This thread registered that descriptor under an index. */
void ring_indexed(unsigned index, int fd);

/* The program mapped a ring that it has a descriptor of. */
void ring_mapped(int fd, struct io_uring *ring, const struct next *next);

/*
 * The program enables a ring that it created disabled: ring_enabling() before,
 * ring_enabled() after the real call succeeded, with what the first returned.
 */
enum regwait_reason ring_enabling(const struct io_uring *ring, int fd, bool is_index);
void ring_enabled(struct io_uring *ring, int fd, bool is_index, enum regwait_reason why);

/* Has a ring whose tag says "disabled" been enabled by descriptor? Then it is tagged anew. */
bool ring_now_enabled(struct io_uring *ring);

/* The ring has new memory: io_uring_resize_rings() succeeded. */
void ring_moved(struct io_uring *ring, const struct io_uring *old);

/* Does its memory, which is tried first, say that we armed it, or that our parent did? */
bool ring_says_armed(const struct io_uring *ring);

/* A region of the program's own was only pretended to be registered. */
void ring_region_faked(const struct io_uring *ring, int fd, bool is_index);

/*
 * The program registers entries of its own for the ring's waits (regwait.h). Adds the
 * ring if it was unknown. 0, or -errno.
 */
int ring_set_entries(const struct io_uring *ring, const struct next *next,
		     const struct reg_wait *entries, unsigned nr);

/* The descriptor is closed, the ring lives on by its registered index. */
void ring_fd_closed(int fd);

/*
 * The program closes these descriptors, some of which have a door (door.h): call before it
 * does. A ring among them may live on under other numbers.
 */
void ring_fds_closing(unsigned first, unsigned last);

/* The program is done with the ring; call before the real function. */
void ring_ended(const struct io_uring *ring);

/*
 * The first sight of a ring that was made behind our back: marks it as unseen,
 * so that its next wait need not ask again.
 */
void ring_unseen(struct process *p, struct io_uring *ring, const struct next *next);

#endif
