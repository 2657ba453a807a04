/* SPDX-License-Identifier: MIT */
/*
 * Registered ring descriptors of our own (REGWAIT_RINGFD): a thread's waits on a ring that it
 * made go by an index, which spares the kernel the look-up of the descriptor.
 *
 * An index belongs to one task, and while it is held, closing the descriptor does not end the
 * ring. So it is asked for when a ring is made or enabled, never later (a program may forbid
 * itself io_uring_register(2) by then), and given back before anything happens by which it could
 * be noticed: an index is held only of a ring that the kernel itself ties to one task
 * (IORING_SETUP_SINGLE_ISSUER), and only while the process has one thread, which then is the one
 * that makes threads, closes descriptors, and enters a sandbox.
 *
 * The word before a ring's tag says which index, together with a number that is never used again. A
 * thread that holds the index finds the same word in its own list: only then its index means this
 * ring.
 */
#ifndef REGWAIT_RINGFD_H
#define REGWAIT_RINGFD_H

#include "ring/index.h"
#include "ring/ring.h"
#include "ring/tag.h"

struct ringfds {
	uint64_t held[INDICES]; /* 0, or what stands in the ring's memory */
	int fd[INDICES];	/* which the ring had when we asked */
	uint64_t nonce;		/* of the process that holds them */
	pid_t tid;		/* tells a vfork child, which shares our memory */
	bool hands_off;		/* the program has indices of its own */
};

extern __thread struct ringfds ringfds
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Has this process ever held an index? Never becomes false again. */
extern bool ringfd_ever __attribute__((visibility("hidden")));

static inline uint64_t *ringfd_place(const struct io_uring *ring)
{
	return tag_place(ring) - 1;
}

/* The index by which this thread reaches the ring; -1: it has none. */
static inline int ringfd_index(const struct io_uring *ring)
{
	uint64_t holding = __atomic_load_n(ringfd_place(ring), __ATOMIC_RELAXED);
	unsigned i = holding % INDICES;

	return ringfds.held[i] == holding && ringfds.fd[i] == ring->enter_ring_fd ? (int)i : -1;
}

/* Asks for an index of an armed ring, if that may be. Under the table's lock. */
void ringfd_take(struct process *p, struct io_uring *ring);

/* These descriptors are about to be closed, or to stand for something else. */
void ringfd_closing(unsigned first, unsigned last);

/* Gives back what this thread holds: the process is about to have more threads. */
void ringfd_give_back(void);

/* The same, by clone(2): libc does not know of such threads. */
void ringfd_have_clones(void);

/* The process enters a sandbox, in which nothing can be given back. */
void ringfd_entering_sandbox(void);

/* The same, and holds none from here on: the program registers descriptors itself. */
void ringfd_hands_off(void);

static inline void ringfd_registering(unsigned opcode)
{
	opcode &= ~REGISTER_USE_REGISTERED_RING;
	if (opcode == REGISTER_RING_FDS || opcode == UNREGISTER_RING_FDS)
		ringfd_hands_off();
}

#endif
