/* SPDX-License-Identifier: MIT */
/* The end of rings, clean and otherwise, and what comes in their place. */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>

#include "oracle.h"

#define ENTRIES 4
#define DEFER	(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)

/* What io_uring_queue_exit does, by a program that does it itself. */
static void unmap_ring(struct io_uring *ring)
{
	size_t sqe = ring->flags & IORING_SETUP_SQE128 ? 128 : 64;

	munmap(ring->sq.sqes, *ring->sq.kring_entries * sqe);
	munmap(ring->sq.ring_ptr, ring->sq.ring_sz);
	if (ring->cq.ring_ptr != ring->sq.ring_ptr)
		munmap(ring->cq.ring_ptr, ring->cq.ring_sz);
}

static void end_bare(struct io_uring *ring)
{
	unmap_ring(ring);
	close(ring->ring_fd);
}

/* ---- one struct, many rings ------------------------------------------------------- */

static const unsigned sequence[] = {
	0,
	IORING_SETUP_IOPOLL,
	0,
	DEFER,
	IORING_SETUP_R_DISABLED,
	0,
	IORING_SETUP_SINGLE_ISSUER,
	IORING_SETUP_IOPOLL,
	IORING_SETUP_CQE32,
};

static void reused(void (*end)(struct io_uring *), bool raw)
{
	struct io_uring ring;
	char prefix[40];
	unsigned i;

	for (i = 0; i < sizeof(sequence) / sizeof(sequence[0]); i++) {
		/* Raw and not raw by turns: the same descriptor, place and address. */
		if (raw && (i & 1))
			make_ring_by_hand(&ring, ENTRIES, sequence[i]);
		else
			make_ring(&ring, ENTRIES, sequence[i]);
		snprintf(prefix, sizeof(prefix), "%u fd=%d ", i, ring.ring_fd);
		three_questions(&ring, prefix);
		end(&ring);
	}
}

/* clang-format off */
static void reused_after_exit(void)	{ reused(io_uring_queue_exit, false); }
static void reused_after_close(void)	{ reused(end_bare, false); }
static void reused_raw(void)		{ reused(end_bare, true); }
static void reused_raw_exit(void)	{ reused(io_uring_queue_exit, true); }
/* clang-format on */

/* The descriptor becomes something else, and later another ring. */
static void descriptor_reused(void)
{
	struct io_uring ring, other;
	int file;

	make_ring(&ring, ENTRIES, 0);
	three_questions(&ring, "ring ");
	close(ring.ring_fd);
	put_question(&ring, &poll_now, "closed ");
	put_question(&ring, &short_wait, "closed ");
	file = open("/dev/null", O_RDONLY);
	say("/the file has %s", file == ring.ring_fd ? "the ring's number" : "another number");
	put_question(&ring, &poll_now, "a file ");
	put_question(&ring, &short_wait, "a file ");
	close(file);
	make_ring_by_hand(&other, ENTRIES, IORING_SETUP_IOPOLL);
	put_question(&ring, &short_wait, "another ring ");
	put_question(&other, &short_wait, "the other ring itself ");
	io_uring_queue_exit(&other);
	make_ring_by_hand(&other, ENTRIES, 0);
	put_question(&ring, &short_wait, "another plain ring ");
	put_question(&ring, &submit_one, "another plain ring ");
	io_uring_queue_exit(&other);
	make_ring(&other, ENTRIES, 0);
	put_question(&ring, &short_wait, "yet another ring ");
	io_uring_queue_exit(&other);
}

/* Closed without the library's knowledge, with each kind of ring. */
static void closed(void)
{
	static const unsigned kinds[] = { 0, IORING_SETUP_SINGLE_ISSUER, DEFER };
	struct question q = { .nr = 1, .no_late = true };
	struct io_uring ring;
	char prefix[40];
	unsigned k;

	for (k = 0; k < 3; k++)
		for (q.call = 0; q.call < NR_CALLS; q.call++) {
			if (!has_call(q.call))
				continue;
			q.work = NOTHING;
			q.limit = T;
			make_ring(&ring, ENTRIES, kinds[k]);
			snprintf(prefix, sizeof(prefix), "%x open ", kinds[k]);
			put_question(&ring, &q, prefix);
			close(ring.ring_fd);
			snprintf(prefix, sizeof(prefix), "%x closed ", kinds[k]);
			put_question(&ring, &q, prefix);
			q.limit = ZERO;
			put_question(&ring, &q, prefix);
			q.work = ONE_NOP;
			put_question(&ring, &q, prefix);
			unmap_ring(&ring);
		}
}

/* ---- is it over? --------------------------------------------------------------------- */

/* Does a request in flight go away with its ring? A pipe loses its only reader then. */
static void over(const char *what, unsigned flags, void (*end)(struct io_uring *))
{
	struct io_uring ring;
	struct pollfd writer;
	char prefix[60];
	int pair[2];
	static char byte;
	struct io_uring_sqe *sqe;

	if (pipe(pair))
		must(-errno, "pipe");
	make_ring(&ring, ENTRIES, flags);
	if (flags & IORING_SETUP_SQPOLL) {
		/* From here on its thread is awake, and need not be woken. */
		complete_nops(&ring, 1, UD_NOP);
		drain(&ring);
	}
	snprintf(prefix, sizeof(prefix), "%s ", what);
	put_question(&ring, &short_wait, prefix);
	put_question(&ring, &poll_now, prefix);
	sqe = next_sqe(&ring, 0);
	io_uring_prep_read(sqe, pair[0], &byte, 1, 0);
	must(io_uring_submit(&ring), "io_uring_submit");
	settle(&ring);
	close(pair[0]);
	writer = (struct pollfd){ .fd = pair[1], .events = 0 };
	say("/%s: before the end: %d", what, poll(&writer, 1, 0));
	end(&ring);
	say("/%s: after the end: %d", what, poll(&writer, 1, 2000 * slack()));
	close(pair[1]);
}

static void is_over(void)
{
	over("exit", 0, io_uring_queue_exit);
	over("exit single", IORING_SETUP_SINGLE_ISSUER, io_uring_queue_exit);
	over("exit defer", DEFER, io_uring_queue_exit);
	over("bare", 0, end_bare);
	over("bare single", IORING_SETUP_SINGLE_ISSUER, end_bare);
	over("bare defer", DEFER, end_bare);
}

static void is_over_sqpoll(void)
{
	over("exit", IORING_SETUP_SQPOLL, io_uring_queue_exit);
	over("bare", IORING_SETUP_SQPOLL, end_bare);
}

/* The thread's places for ring fds are as free after a ring as before it. */
static void places_free(void)
{
	struct io_uring rings[16];
	int i, round, odd = 0;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 16; i++) {
			make_ring(&rings[i], ENTRIES, IORING_SETUP_SINGLE_ISSUER);
			put_question(&rings[i], &poll_now, "");
			odd += io_uring_register_ring_fd(&rings[i]) != 1;
		}
		for (i = 0; i < 16; i++)
			io_uring_queue_exit(&rings[i]);
	}
	say("/registered: odd=%d", odd);
}

/* ---- many ------------------------------------------------------------------------------ */

static int open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int nr = -3; /* ".", ".." and the directory itself */

	if (!dir)
		must(-errno, "opendir");
	while (readdir(dir))
		nr++;
	closedir(dir);
	return nr;
}

static int tasks(void)
{
	DIR *dir = opendir("/proc/self/task");
	int nr = -2;

	if (!dir)
		must(-errno, "opendir");
	while (readdir(dir))
		nr++;
	closedir(dir);
	return nr;
}

/* Two rings by turns, each with timeouts of its own. */
static void two_rings(void)
{
	struct question longer = { .call = SAW_TIMEOUT, .nr = 1, .limit = T };
	struct question shorter = { .call = SAW_TIMEOUT, .nr = 1, .limit = ZERO };
	struct io_uring one, two;
	int i;

	make_ring(&one, ENTRIES, 0);
	make_ring(&two, ENTRIES, DEFER);
	for (i = 0; i < 3; i++) {
		put_question(&one, &longer, "one ");
		put_question(&two, &shorter, "two ");
		put_question(&one, &shorter, "one ");
		put_question(&two, &longer, "two ");
		put_question(&two, &submit_one, "two ");
		drain(&two);
	}
	io_uring_queue_exit(&two);
	put_question(&one, &longer, "one alone ");
	io_uring_queue_exit(&one);
	say("/descriptors: %d tasks: %d", open_fds(), tasks());
}

static void hundred_rings(void)
{
	struct __kernel_timespec tiny = { 0, 1000 }, zero = { 0, 0 };
	static struct io_uring rings[100];
	struct io_uring_cqe *cqe;
	int i, round, odd = 0, before = open_fds();

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 100; i++)
			make_ring(&rings[i], ENTRIES, 0);
		for (i = 0; i < 300; i++) {
			odd += io_uring_wait_cqe_timeout(&rings[i % 100], &cqe,
							 i & 1 ? &tiny : &zero) != -ETIME;
			put_nops(&rings[i % 100], 1, i);
			odd += io_uring_submit_and_wait_timeout(&rings[i % 100], &cqe, 1, &tiny,
								NULL) != 1;
			odd += !cqe || cqe->user_data != (unsigned)i;
			drain(&rings[i % 100]);
		}
		for (i = 99; i >= 0; i--)
			io_uring_queue_exit(&rings[round & 1 ? i : 99 - i]);
	}
	say("/odd: %d descriptors: %+d tasks: %d", odd, open_fds() - before, tasks());
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "reused.after_exit", reused_after_exit },
	{ "reused.after_close", reused_after_close },
	{ "reused.raw_after_close", reused_raw },
	{ "reused.raw_after_exit", reused_raw_exit },
	{ "descriptor_reused", descriptor_reused },
	{ "closed", closed },
	{ "is_over", is_over },
	{ "is_over.sqpoll", is_over_sqpoll },
	{ "places_free", places_free },
	{ "two_rings", two_rings },
	{ "hundred_rings", hundred_rings },
	{ NULL, NULL }
};
/* clang-format on */
