/* SPDX-License-Identifier: MIT */
/*
 * Registered ring descriptors of our own (REGWAIT_RINGFD). A thread's waits on a ring that it made
 * go by an index, which saves the kernel the look-up of the descriptor.
 *
 * An index belongs to one task, and while we hold it, closing the descriptor does not end the ring.
 * So we register one when a ring is made or enabled, never later (the program may have given up
 * io_uring_register(2) by then), and give it back before the program could notice it. It is held
 * only of a ring that the kernel itself ties to one task (IORING_SETUP_SINGLE_ISSUER), and only
 * while the process has one thread: then this thread is the one that makes threads, closes
 * descriptors, or enters a sandbox.
 *
 * The word before a ring's tag holds the index, together with a number that is never used again.
 * The thread that holds the index has the same word in its own list. Only if both are equal does
 * the index stand for this ring.
 */
#ifndef REGWAIT_RINGFD_H
#define REGWAIT_RINGFD_H

#include "ring/index.h"
#include "ring/ring.h"
#include "ring/tag.h"

struct ringfds {
	uint64_t held[INDICES]; /* the word in the ring's memory; 0: not held */
	int fd[INDICES];	/* the ring's when we registered it */
	uint64_t nonce;		/* of the process that holds these */
	pid_t tid;		/* a vfork child, which shares our memory, has another */
	bool hands_off;		/* the program uses indices itself */
};

extern __thread struct ringfds ringfds
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Has this process ever held an index? Once true, it stays true. */
extern bool ringfd_ever __attribute__((visibility("hidden")));

static inline uint64_t *ringfd_word(const struct io_uring *ring)
{
	return tag_address(ring) - 1;
}

/* The index that this thread holds of the ring; -1: none. */
static inline int ringfd_index(const struct io_uring *ring)
{
	uint64_t holding = __atomic_load_n(ringfd_word(ring), __ATOMIC_RELAXED);
	unsigned i = holding % INDICES;

	return ringfds.held[i] == holding && ringfds.fd[i] == ring->enter_ring_fd ? (int)i : -1;
}

/* Registers an index of an armed ring, if that is allowed. Under the table's lock. */
void ringfd_take(struct process *p, struct io_uring *ring);

/* These descriptors are about to be closed or replaced: gives their indices back. */
void ringfd_closing(unsigned first, unsigned last);

/* The process is about to make a thread: gives back all that this thread holds. */
void ringfd_give_back(void);

/* The same for a thread by clone(2), which libc does not know of. */
void ringfd_have_clones(void);

/* The process is about to enter a sandbox, in which nothing can be given back. */
void ringfd_entering_sandbox(void);

/* The program registers descriptors itself: gives all back, and holds none from here on. */
void ringfd_hands_off(void);

static inline void ringfd_registering(unsigned opcode)
{
	opcode &= ~REGISTER_USE_REGISTERED_RING;
	if (opcode == REGISTER_RING_FDS || opcode == UNREGISTER_RING_FDS)
		ringfd_hands_off();
}

#endif
