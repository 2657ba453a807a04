/* SPDX-License-Identifier: MIT */
/*
 * The life of a ring: creation with the wait area registered, the changes that
 * would mislead us, and the end.
 */
#ifndef REGWAIT_RING_H
#define REGWAIT_RING_H

#include "next.h"
#include "process.h"
#include "tag.h"

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

/* Is the library itself calling our functions on its way through ring_create()? */
bool ring_in_creation(void);

/* The program mapped a ring that it has a descriptor of. */
void ring_mapped(int fd, struct io_uring *ring, const struct next *next);

/*
 * The program enables a ring that it created disabled: ring_enabling() before,
 * ring_enabled() after the real call succeeded, with what the first returned.
 */
enum regwait_reason ring_enabling(uint64_t tag, int fd, unsigned op_flags);
void ring_enabled(struct io_uring *ring, enum regwait_reason why);

/* The same by descriptor alone. False: it is no disabled ring of ours. */
bool ring_enabling_fd(int fd, enum regwait_reason *why);
void ring_enabled_fd(int fd, enum regwait_reason why);

/* Has a ring whose tag says "disabled" been enabled by descriptor? Then it is tagged anew. */
bool ring_now_enabled(struct io_uring *ring);

/* The descriptor is closed, the ring lives on by its registered index. */
void ring_fd_closed(int fd);

/* The program is done with the ring; call before the real function. */
void ring_ended(struct io_uring *ring);

/* Is the ring with this descriptor armed? For bare system calls; not a hot path. */
bool ring_fd_is_armed(int fd);

/* The ring's tag if this process made it, else 0. */
uint64_t ring_own_tag(const struct io_uring *ring);

/* The library whose functions the ring's user calls. */
const struct next *ring_next(const struct io_uring *ring, const void *caller);

/*
 * The first sight of a ring that was made behind our back: marks it as unseen,
 * so that its next wait need not ask again. Returns the new tag.
 */
uint64_t ring_unseen(struct process *p, struct io_uring *ring, const struct next *next);

#endif
