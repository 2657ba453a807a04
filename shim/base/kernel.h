/* SPDX-License-Identifier: MIT */
/*
 * The kernel's interface: constants and structures that Debian 12's headers (Linux 6.1) lack, and
 * the three system calls of io_uring.
 *
 * The calls return a negative errno and leave errno alone, as liburing's do since 2.2.
 */
#ifndef REGWAIT_KERNEL_H
#define REGWAIT_KERNEL_H

#include <errno.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/arch/arch.h"
#include "contract/region.h"

#ifndef IORING_SETUP_NO_MMAP /* 6.5 */
#define IORING_SETUP_NO_MMAP (1U << 14)
#endif
#ifndef IORING_SETUP_REGISTERED_FD_ONLY /* 6.5 */
#define IORING_SETUP_REGISTERED_FD_ONLY (1U << 15)
#endif
#ifndef IORING_SETUP_SQ_REWIND /* 7.0 */
#define IORING_SETUP_SQ_REWIND (1U << 20)
#endif
#ifndef IORING_FEAT_MIN_TIMEOUT /* 6.12 */
#define IORING_FEAT_MIN_TIMEOUT (1U << 15)
#endif
#ifndef IORING_FEAT_NO_IOWAIT /* 6.15 */
#define IORING_FEAT_NO_IOWAIT (1U << 17)
#endif
#ifndef IORING_ENTER_ABS_TIMER /* 6.12 */
#define IORING_ENTER_ABS_TIMER (1U << 5)
#endif
#ifndef IORING_ENTER_NO_IOWAIT /* 6.15 */
#define IORING_ENTER_NO_IOWAIT (1U << 7)
#endif
#ifndef IORING_CQE_F_SKIP /* 6.18 */
#define IORING_CQE_F_SKIP (1U << 5)
#endif
#ifndef IORING_CQE_F_32 /* 6.18 */
#define IORING_CQE_F_32 (1U << 15)
#endif

/* The flags of a bare enter with a timeout, and all flags that we know in one. */
#define ENTER_TIMED (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)
#define ENTER_KNOWN \
	(ENTER_TIMED | IORING_ENTER_SQ_WAKEUP | IORING_ENTER_SQ_WAIT | \
	 IORING_ENTER_REGISTERED_RING | IORING_ENTER_ABS_TIMER | IORING_ENTER_NO_IOWAIT)
/*
 * Of these flags it has ENTER_TIMED and no others. The kernel refuses unknown flags before it checks
 * anything else.
 */
#define ENTER_LOOKS (ENTER_TIMED | ~ENTER_KNOWN)

/* Opcodes of io_uring_register(2); enumerators in the headers that have them. */
#define REGISTER_ENABLE_RINGS	     12
#define REGISTER_RING_FDS	     20
#define UNREGISTER_RING_FDS	     21
#define REGISTER_NAPI		     27		/* 6.9 */
#define UNREGISTER_NAPI		     28		/* 6.9 */
#define REGISTER_RESIZE_RINGS	     33		/* 6.13 */
#define REGISTER_USE_REGISTERED_RING (1U << 31) /* 6.3 */

/* struct io_uring_getevents_arg, whose pad became min_wait_usec in 6.12. */
struct getevents_arg {
	uint64_t sigmask;
	uint32_t sigmask_sz;
	uint32_t min_wait_usec;
	uint64_t ts;
};
_Static_assert(sizeof(struct getevents_arg) == 24, "struct io_uring_getevents_arg");

/* Size of the kernel's sigset_t, which is not the C library's. */
#define KERNEL_SIGSET_SIZE 8

/* Turns a negative errno into what libc's functions return: -1, and errno. */
static inline long as_libc_says(long ret)
{
	if (ret >= 0 || ret < -4095)
		return ret;
	errno = -ret;
	return -1;
}

static inline int kernel_enter(int fd, unsigned submit, unsigned wait_nr, unsigned flags,
			       uintptr_t arg, size_t size)
{
	return kernel_call(__NR_io_uring_enter, fd, submit, wait_nr, flags, arg, size);
}

static inline int kernel_register(int fd, unsigned opcode, const void *arg, unsigned nr)
{
	return kernel_call(__NR_io_uring_register, fd, opcode, (long)arg, nr, 0, 0);
}

static inline int kernel_setup(unsigned entries, struct io_uring_params *p)
{
	return kernel_call(__NR_io_uring_setup, entries, (long)p, 0, 0, 0, 0);
}

/*
 * Can 8 bytes be read at this address? The system call reads the mask before it rejects -1 as its
 * operation, so it changes nothing.
 */
static inline bool is_readable(const void *address)
{
	/* With NULL for a mask the kernel would not check the operation. */
	return address &&
	       kernel_call(__NR_rt_sigprocmask, -1, (long)address, 0, 8, 0, 0) != -EFAULT;
}

/* Can size bytes (16 or more) be read and written there? Restores what the kernel wrote. */
static inline bool is_writable(void *address, size_t size)
{
	uint64_t *ends[] = { address, (uint64_t *)((char *)address + size) - 1 };
	unsigned i;

	for (i = 0; i < 2; i++) {
		uint64_t kept;

		if (!is_readable(ends[i]))
			return false;
		kept = *ends[i];
		if (kernel_call(__NR_rt_sigprocmask, 0, 0, (long)ends[i], 8, 0, 0))
			return false;
		*ends[i] = kept;
	}
	return true;
}

/*
 * The time in nanoseconds. Not by libc's function: its code lies in a page that nothing else
 * touches, and in a forked child the page fault costs more than the system call.
 */
static inline int64_t kernel_time(clockid_t clock)
{
	struct timespec t = { 0 };

	kernel_call(SYS_clock_gettime, clock, (long)&t, 0, 0, 0, 0);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Is there something to read right now? 1, 0, or -errno. */
static inline int kernel_poll_in(int fd)
{
	struct pollfd at = { .fd = fd, .events = POLLIN };
	struct timespec now = { 0 };
	int ret = kernel_call(SYS_ppoll, (long)&at, 1, (long)&now, 0, 0, 0);

	return ret > 0 && at.revents & ~POLLIN ? -EBADF : ret;
}

static inline int kernel_close(int fd)
{
	return kernel_call(__NR_close, fd, 0, 0, 0, 0, 0);
}

#endif
