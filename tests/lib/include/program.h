/* SPDX-License-Identifier: MIT */
/*
 * What the programs of this folder share: plain liburing programs that print
 * what they saw, one line for each call, so that a run without the shim and a
 * run with it can be compared line by line.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <errno.h>
#include <liburing.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What Debian 12's headers lack. */
#ifndef IORING_SETUP_NO_MMAP
#define IORING_SETUP_NO_MMAP (1U << 14)
#endif
#define OP_ENABLE_RINGS	  12
#define OP_MEM_REGION	  34
#define OP_BY_INDEX	  (1U << 31) /* the descriptor is a registered index */
#define ENTER_EXT_ARG_REG (1U << 6)

/* Of int_flags: what REGWAIT_IOWAIT=off may set, which is all that a program sees of it. */
#define IOWAIT_MARKS 0x88

/* No call may change errno, so each starts with a value that none would set. */
#define ERRNO_UNTOUCHED 4242

/* The two releases whose headers know their own version, and 2.3. */
#ifdef IO_URING_VERSION_MAJOR
#define LIBURING_AT_LEAST(minor) (IO_URING_VERSION_MAJOR > 2 || IO_URING_VERSION_MINOR >= (minor))
#else
#define LIBURING_AT_LEAST(minor) ((minor) <= 3)
#endif

/* Flushed at once, so that the output is there if the program hangs or crashes afterwards. */
static inline __attribute__((format(printf, 1, 2))) void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

static inline const char *name_of(int ret)
{
	static __thread char number[16];
	const char *name = ret < 0 ? strerrorname_np(-ret) : NULL;

	if (name)
		return name;
	snprintf(number, sizeof(number), "%d", ret);
	return number;
}

/* What a call returned, the completion it gave, and errno if it was touched. */
static inline void show(const char *what, int ret, const struct io_uring_cqe *cqe)
{
	int err = errno;
	char touched[64] = "";

	if (err != ERRNO_UNTOUCHED)
		snprintf(touched, sizeof(touched), ", errno %s", name_of(-err));
	if (cqe)
		say("%s: %s, cqe %llu res %d%s", what, name_of(ret),
		    (unsigned long long)cqe->user_data, cqe->res, touched);
	else
		say("%s: %s%s", what, name_of(ret), touched);
}

static inline void show_ret(const char *what, int ret)
{
	show(what, ret, NULL);
}

#define AFTER_MS(ms) \
	(&(struct __kernel_timespec){ .tv_sec = (ms) / 1000, .tv_nsec = (ms) % 1000 * 1000000L })

/* One call, begun with a known errno. */
#define RING_CALL(what, call) \
	({ \
		int ret_; \
		errno = ERRNO_UNTOUCHED; \
		ret_ = (call); \
		show_ret(what, ret_); \
		ret_; \
	})

/* The same for one that gives a completion in the variable cqe, which is then seen. */
#define WAIT_CALL(ring, what, call) \
	({ \
		struct io_uring_cqe *cqe = NULL; \
		int ret_; \
		errno = ERRNO_UNTOUCHED; \
		ret_ = (call); \
		show(what, ret_, cqe); \
		if (cqe) \
			io_uring_cqe_seen(ring, cqe); \
		ret_; \
	})

static inline __attribute__((noreturn)) void die(const char *what, int ret)
{
	say("cannot go on: %s: %s", what, name_of(ret));
	exit(1);
}

static inline void put_nop(struct io_uring *ring, unsigned long long user_data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	if (!sqe)
		die("no free SQE", 0);
	io_uring_prep_nop(sqe);
	sqe->user_data = user_data;
}

/*
 * The standard round. On an armed ring it counts as 2 registered waits, 1
 * answered, 1 polled and 1 without a timeout; on a plain one the first three
 * have the ring's reason, and the fourth as well if such rings are not polled.
 */
static inline void wait_round(struct io_uring *ring)
{
	WAIT_CALL(ring, "wait for nothing", io_uring_wait_cqe_timeout(ring, &cqe, AFTER_MS(2)));
	put_nop(ring, 1);
	RING_CALL("submit", io_uring_submit(ring));
	WAIT_CALL(ring, "wait for what is there",
		  io_uring_wait_cqe_timeout(ring, &cqe, AFTER_MS(60000)));
	WAIT_CALL(ring, "ask with a timeout of zero",
		  io_uring_wait_cqes(ring, &cqe, 1, AFTER_MS(0), NULL));
	put_nop(ring, 2);
	WAIT_CALL(ring, "submit and wait",
		  io_uring_submit_and_wait_timeout(ring, &cqe, 1, AFTER_MS(60000), NULL));
	put_nop(ring, 3);
	RING_CALL("submit", io_uring_submit(ring));
	WAIT_CALL(ring, "wait without a timeout", io_uring_wait_cqes(ring, &cqe, 1, NULL, NULL));
}

/* Makes a ring or ends the program. */
static inline void must_init(struct io_uring *ring, unsigned entries, unsigned flags)
{
	int ret = io_uring_queue_init(entries, ring, flags);

	if (ret < 0)
		die("io_uring_queue_init", ret);
}

static inline void print_bytes(const char *what, const void *bytes, size_t size)
{
	const unsigned char *b = bytes;
	size_t i, k;

	printf("%s", what);
	for (i = 0; i < size; i += 8) {
		uint64_t word = 0;

		memcpy(&word, b + i, size - i < 8 ? size - i : 8);
		/* Where a mapping came to lie differs from run to run. */
		if (word >> 32 >= 0x5500 && word >> 32 <= 0xffff) {
			printf(" address");
			continue;
		}
		putchar(' ');
		for (k = i; k < size && k < i + 8; k++)
			printf("%02x", b[k]);
	}
	putchar('\n');
	fflush(stdout);
}

/* All of a ring structure that is the same in every run: not the addresses. */
static inline void print_ring(const struct io_uring *ring)
{
	const struct io_uring_sq *sq = &ring->sq;
	const struct io_uring_cq *cq = &ring->cq;

	say("ring: flags %#x features %#x fd %d entered by %d int_flags %#x", ring->flags,
	    ring->features, ring->ring_fd, ring->enter_ring_fd, ring->int_flags & ~IOWAIT_MARKS);
	say("ring: sq %u of %u, head %u tail %u, size %zu; cq %u of %u, size %zu; array %s",
	    *sq->ktail - *sq->khead, *sq->kring_entries, sq->sqe_head, sq->sqe_tail, sq->ring_sz,
	    *cq->ktail - *cq->khead, *cq->kring_entries, cq->ring_sz, sq->array ? "yes" : "no");
}

#endif
