/* SPDX-License-Identifier: MIT */
/*
 * liburing as its callers see it: the ring structure, whose layout is the same in every
 * liburing.so.2 (2.0 to 2.15; new fields only ever took padding), the functions that we interpose,
 * and what differs between releases.
 *
 * liburing's own header is not used: Debian 12 has that of 2.3, which lacks half of these
 * functions.
 */
#ifndef REGWAIT_LIBURING_ABI_H
#define REGWAIT_LIBURING_ABI_H

#include <signal.h>
#include <stddef.h>

#include "base/kernel.h"
#include "contract/releases.h"

struct io_uring_sq {
	unsigned *khead;
	unsigned *ktail;
	unsigned *kring_mask;
	unsigned *kring_entries;
	unsigned *kflags;
	unsigned *kdropped;
	unsigned *array;
	struct io_uring_sqe *sqes;
	unsigned sqe_head;
	unsigned sqe_tail;
	size_t ring_sz;
	void *ring_ptr;
	unsigned ring_mask;    /* since 2.3 */
	unsigned ring_entries; /* since 2.3 */
	unsigned sqes_sz;      /* since 2.14 */
	unsigned pad;
};

struct io_uring_cq {
	unsigned *khead;
	unsigned *ktail;
	unsigned *kring_mask;
	unsigned *kring_entries;
	unsigned *kflags;
	unsigned *koverflow;
	struct io_uring_cqe *cqes;
	size_t ring_sz;
	void *ring_ptr;
	unsigned ring_mask;    /* since 2.3 */
	unsigned ring_entries; /* since 2.3 */
	unsigned pad[2];
};

struct io_uring {
	struct io_uring_sq sq;
	struct io_uring_cq cq;
	unsigned flags;
	int ring_fd;
	unsigned features;
	int enter_ring_fd; /* since 2.2: the registered index, else ring_fd */
	uint8_t int_flags; /* since 2.2, see below */
	uint8_t pad[3];
	unsigned pad2;
};
_Static_assert(offsetof(struct io_uring, cq) == 104, "layout of liburing.so.2");
_Static_assert(offsetof(struct io_uring, flags) == 192, "layout of liburing.so.2");
_Static_assert(offsetof(struct io_uring, int_flags) == 208, "layout of liburing.so.2");
_Static_assert(sizeof(struct io_uring) == 216, "layout of liburing.so.2");

/*
 * int_flags was renumbered in 2.8. Since then the bits for the registered ring descriptor and for
 * NO_IOWAIT are those of io_uring_enter(2) and are passed to it unchanged. Before, bit 0 stood for
 * the registered ring descriptor.
 */
#define INT_FLAGS_TO_ENTER     (IORING_ENTER_REGISTERED_RING | IORING_ENTER_NO_IOWAIT)
#define INT_FLAGS_OLD_SHIFT    4  /* 2.2 to 2.7: to where these bits are in io_uring_enter(2) */
#define INT_FLAG_REG_RING_OLD  1U /* 2.2 to 2.7 */
#define INT_FLAG_NO_IOWAIT_OLD 8U /* ours (ring/iowait.h): no such release uses the bit */
#define INT_FLAGS_REG_RING     (INT_FLAG_REG_RING_OLD | IORING_ENTER_REGISTERED_RING) /* any */
#define INT_FLAG_CQ_ENTER      4U /* since 2.10: IOPOLL without SQPOLL */

/* What a wait must know about the liburing whose rules it follows. */
enum liburing_quirk {
	/* 2.3 to 2.7: int_flags has the old numbers */
	QUIRK_OLD_INT_FLAGS = 1 << 0,
	/* 2.3 to 2.9: a peek on any IOPOLL ring enters, SQPOLL or not */
	QUIRK_IOPOLL_ENTERS = 1 << 1,
	/* since 2.13: CQEs with IORING_CQE_F_SKIP are consumed unseen */
	QUIRK_SKIPS = 1 << 2,
	/* since 2.14: IORING_SETUP_SQ_REWIND changes what a flush does */
	QUIRK_REWINDS = 1 << 3,
};

/* As LIBURING_OLDEST and LIBURING_NEWEST (contract/releases.h). */
#define LIBURING_INT_FLAGS 208 /* int_flags has the present numbers */
#define LIBURING_NO_IOWAIT 210 /* io_uring_set_iowait() */

static inline unsigned liburing_quirks(unsigned version)
{
	return (version < LIBURING_INT_FLAGS ? QUIRK_OLD_INT_FLAGS : 0) |
	       (version < LIBURING_NO_IOWAIT ? QUIRK_IOPOLL_ENTERS : 0) |
	       (version >= 213 ? QUIRK_SKIPS : 0) | (version >= 214 ? QUIRK_REWINDS : 0);
}

/* Creation, change and end of a ring. */
int io_uring_queue_init(unsigned entries, struct io_uring *ring, unsigned flags);
int io_uring_queue_init_params(unsigned entries, struct io_uring *ring, struct io_uring_params *p);
int io_uring_queue_init_mem(unsigned entries, struct io_uring *ring, struct io_uring_params *p,
			    void *buf, size_t buf_size);
int io_uring_queue_mmap(int fd, struct io_uring_params *p, struct io_uring *ring);
void io_uring_queue_exit(struct io_uring *ring);
int io_uring_enable_rings(struct io_uring *ring);
int io_uring_register_ring_fd(struct io_uring *ring);
int io_uring_unregister_ring_fd(struct io_uring *ring);
int io_uring_close_ring_fd(struct io_uring *ring);
int io_uring_resize_rings(struct io_uring *ring, struct io_uring_params *p);
int io_uring_register_region(struct io_uring *ring, struct mem_region_reg *reg);

struct io_uring_napi;
int io_uring_register_napi(struct io_uring *ring, struct io_uring_napi *napi);
int io_uring_unregister_napi(struct io_uring *ring, struct io_uring_napi *napi);

/* The bare system calls that liburing exports since 2.3. */
int io_uring_setup(unsigned entries, struct io_uring_params *p);
int io_uring_register(unsigned fd, unsigned opcode, const void *arg, unsigned nr_args);
int io_uring_enter(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
		   sigset_t *arg);
int io_uring_enter2(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
		    void *arg, size_t size);

/* Timed waits. */
int io_uring_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
			      struct __kernel_timespec *ts);
int io_uring_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
		       struct __kernel_timespec *ts, sigset_t *sigmask);
int io_uring_submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				     unsigned wait_nr, struct __kernel_timespec *ts,
				     sigset_t *sigmask);
int io_uring_wait_cqes_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				   unsigned wait_nr, struct __kernel_timespec *ts,
				   unsigned min_wait, sigset_t *sigmask);
int io_uring_submit_and_wait_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					 unsigned wait_nr, struct __kernel_timespec *ts,
					 unsigned min_wait, sigset_t *sigmask);

/* Waits without a timeout: how they are called in all releases. */
int __io_uring_get_cqe(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned submit,
		       unsigned wait_nr, sigset_t *sigmask);
int io_uring_submit_and_wait(struct io_uring *ring, unsigned wait_nr);

/* The program's own registered waits. */
int io_uring_register_wait_reg(struct io_uring *ring, struct reg_wait *reg, int nr);
int io_uring_submit_and_wait_reg(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				 unsigned wait_nr, int reg_index);

/* All functions that we interpose: those of a ring, and the bare system calls. */
#define LIBURING_OF_RINGS(X) \
	X(io_uring_queue_init) \
	X(io_uring_queue_init_params) \
	X(io_uring_queue_init_mem) \
	X(io_uring_queue_mmap) \
	X(io_uring_queue_exit) \
	X(io_uring_enable_rings) \
	X(io_uring_register_ring_fd) \
	X(io_uring_unregister_ring_fd) \
	X(io_uring_close_ring_fd) \
	X(io_uring_resize_rings) \
	X(io_uring_register_region) \
	X(io_uring_register_napi) \
	X(io_uring_unregister_napi) \
	X(io_uring_wait_cqe_timeout) \
	X(io_uring_wait_cqes) \
	X(io_uring_submit_and_wait_timeout) \
	X(io_uring_wait_cqes_min_timeout) \
	X(io_uring_submit_and_wait_min_timeout) \
	X(io_uring_submit_and_wait_reg) \
	X(io_uring_register_wait_reg)

#define LIBURING_BARE(X) \
	X(io_uring_setup) \
	X(io_uring_register) \
	X(io_uring_enter) \
	X(io_uring_enter2)

/* Never exported: calls of these reach us where they were bound to us (base/bindings.h). */
#define LIBURING_UNTIMED(X) \
	X(__io_uring_get_cqe) \
	X(io_uring_submit_and_wait)

#define LIBURING_INTERPOSED(X) LIBURING_OF_RINGS(X) LIBURING_BARE(X)

#endif
