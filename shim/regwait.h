/* SPDX-License-Identifier: MIT */
/*
 * Registered waits as liburing's manual pages of 2.9 to 2.13 describe them. No release
 * shipped io_uring_register_reg_wait(), io_uring_setup_reg_wait() and
 * io_uring_free_reg_wait(); io_uring_register_wait_reg() ships and always answers -EINVAL
 * (2.9 to 2.15); io_uring_submit_and_wait_reg() crashes in 2.9 to 2.14 when a wait that
 * submitted something times out. Under libregwait.so they all work, for every ring, and
 * with an ordinary timed wait on kernels that have no registered ones (5.11 to 6.12).
 *
 * The program must be linked with liburing 2.9 or later: an older one does not have the two
 * that ship, and then the library's are not found either. They are declared weak: without
 * the library they are NULL, or liburing's own.
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
 * Registers nr structures for the ring's waits, starting at reg: the program's memory,
 * aligned to a page, at most one page (64 structures on 4 KiB pages), to be kept until the
 * ring is closed. There is no way to unregister it. A structure may be changed at any time,
 * which counts from the next wait on. 0; -EINVAL for a bad number or alignment, -EFAULT for
 * memory that is not there, -EBUSY if the ring has a region already.
 */
int io_uring_register_reg_wait(struct io_uring *ring, struct io_uring_reg_wait *reg,
			       int nr) REGWAIT_WEAK;

/* The same, by the name that liburing exports. */
int io_uring_register_wait_reg(struct io_uring *ring, struct io_uring_reg_wait *reg,
			       int nr) REGWAIT_WEAK;

/* Allocates and registers nentries structures. NULL on failure, with -errno in *err. */
struct io_uring_reg_wait *io_uring_setup_reg_wait(struct io_uring *ring, unsigned nentries,
						  int *err) REGWAIT_WEAK;

/* Frees what the above gave, after the ring was closed. */
void io_uring_free_reg_wait(struct io_uring_reg_wait *reg, unsigned nentries) REGWAIT_WEAK;

/*
 * Submits, and waits for wait_nr completions as structure reg_index says. The number of
 * requests submitted; -ETIME if there were none and the time ran out; -EFAULT if there
 * is no such structure; else -errno.
 */
int io_uring_submit_and_wait_reg(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				 unsigned wait_nr, int reg_index) REGWAIT_WEAK;

#ifdef __cplusplus
}
#endif

#endif
