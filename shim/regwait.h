/* SPDX-License-Identifier: MIT */
/*
 * Registered waits as liburing's manual pages of 2.9 to 2.13 describe them. No release has
 * io_uring_register_reg_wait(), io_uring_setup_reg_wait() and io_uring_free_reg_wait().
 * io_uring_register_wait_reg() exists and always returns -EINVAL (2.9 to 2.15).
 * io_uring_submit_and_wait_reg() crashes in 2.9 to 2.14 when a wait that submitted something times
 * out. Under libregwait.so they all work, on every ring; on kernels without registered waits (5.11
 * to 6.12) they use an ordinary timed wait.
 *
 * The program must be linked with liburing 2.9 or later. An older one lacks the two functions that
 * exist, and then those of libregwait.so are not found either. All are declared weak: without
 * libregwait.so they are NULL, or liburing's own.
 */
#ifndef REGWAIT_H
#define REGWAIT_H

#ifdef __cplusplus
extern "C" {
#endif

struct io_uring;
struct io_uring_cqe;
struct io_uring_reg_wait;

#define REGWAIT_WEAK __attribute__((weak))

/*
 * Registers nr structures for the ring's waits, starting at reg. This is the program's memory,
 * aligned to a page, at most one page (64 structures with 4 KiB), and must stay until the ring is
 * closed. It cannot be unregistered. A structure may be changed at any time; the next wait uses the
 * change. Returns 0; -EINVAL for an invalid number or alignment, -EFAULT for memory that is not
 * there, -EBUSY if the ring has a region already.
 */
int io_uring_register_reg_wait(struct io_uring *ring, struct io_uring_reg_wait *reg,
			       int nr) REGWAIT_WEAK;

/* The same, under the name that liburing exports. */
int io_uring_register_wait_reg(struct io_uring *ring, struct io_uring_reg_wait *reg,
			       int nr) REGWAIT_WEAK;

/* Allocates and registers nentries structures. NULL on failure, with -errno in *err. */
struct io_uring_reg_wait *io_uring_setup_reg_wait(struct io_uring *ring, unsigned nentries,
						  int *err) REGWAIT_WEAK;

/* Frees what io_uring_setup_reg_wait() returned, after the ring was closed. */
void io_uring_free_reg_wait(struct io_uring_reg_wait *reg, unsigned nentries) REGWAIT_WEAK;

/*
 * Submits, and waits for wait_nr completions with the timeout and mask of structure reg_index.
 * Returns the number of requests submitted; -ETIME if there were none and the time ran out; -EFAULT
 * if there is no such structure; else -errno.
 */
int io_uring_submit_and_wait_reg(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				 unsigned wait_nr, int reg_index) REGWAIT_WEAK;

#ifdef __cplusplus
}
#endif

#endif
