/* SPDX-License-Identifier: MIT */
/*
 * Completions that exist but cannot be seen at once: task work that the thread has not run yet, a
 * CQ that overflowed, entries that liburing skips.
 */
#include <fcntl.h>

#include "oracle.h"

#define ENTRIES 4

static const unsigned call_set = ALL_CALLS & ~(1u << WAIT_CQE_TIMEOUT);

static const enum limit short_limits[] = { ZERO, T };

/* ---- task work --------------------------------------------------------------- */

/* nr reads of a pipe are fed by the thread that is to reap them. */
static void make_pending(struct io_uring *ring, unsigned flags, unsigned nr)
{
	static char bytes[8];
	struct io_uring_sqe *sqe;
	unsigned i;

	make_ring(ring, ENTRIES, flags);
	for (i = 0; i < nr; i++) {
		sqe = next_sqe(ring, 0);
		io_uring_prep_read(sqe, stuck_pipe[0], &bytes[i], 1, 0);
		sqe->user_data = UD_LATE;
	}
	must(io_uring_submit(ring), "io_uring_submit");
	for (i = 0; i < nr; i++)
		unstick();
}

static void ask_pending(unsigned flags, unsigned pending, const struct question *q)
{
	struct io_uring ring;
	char prefix[40];

	snprintf(prefix, sizeof(prefix), "%u pending ", pending);
	make_pending(&ring, flags, pending);
	put_question(&ring, q, prefix);
	io_uring_queue_exit(&ring);
	/* Reads that are left over would take the next case's bytes. */
	close(stuck_pipe[0]);
	close(stuck_pipe[1]);
	if (pipe(stuck_pipe))
		must(-errno, "pipe");
}

static void peeks(unsigned flags)
{
	struct io_uring_cqe *cqes[4];
	struct io_uring ring;
	struct sight s;

	make_pending(&ring, flags, 1);
	look(&s, &ring, "peek");
	tell(&s, io_uring_peek_cqe(&ring, &s.cqe));
	look(&s, &ring, "peek batch");
	tell(&s, io_uring_peek_batch_cqe(&ring, cqes, 4));
	look(&s, &ring, "get events");
	tell(&s, io_uring_get_events(&ring));
	drain(&ring);
	io_uring_queue_exit(&ring);

	make_pending(&ring, flags, 1);
	look(&s, &ring, "submit");
	tell(&s, io_uring_submit(&ring));
	look(&s, &ring, "submit and get events");
	tell(&s, io_uring_submit_and_get_events(&ring));
	drain(&ring);
	io_uring_queue_exit(&ring);

	make_pending(&ring, flags, 1);
	look(&s, &ring, "wait");
	tell(&s, io_uring_wait_cqe(&ring, &s.cqe));
	io_uring_queue_exit(&ring);
}

/*
 * Everything once, without output: the first access to a page enters the kernel, which then runs
 * task work on its way out. Which accesses are the first may differ with the shim.
 */
static void warm_up(unsigned flags)
{
	struct question q = { .nr = 1, .limit = ZERO };
	int out = dup(STDOUT_FILENO), null = open("/dev/null", O_WRONLY);

	fflush(stdout);
	dup2(null, STDOUT_FILENO);
	peeks(flags);
	for (q.call = 0; q.call < NR_CALLS; q.call++)
		if (has_call(q.call))
			ask_pending(flags, 1, &q);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	close(null);
}

static void task_work(unsigned flags)
{
	static const enum work works[] = { NOTHING, ONE_NOP, ONE_STUCK };
	struct question q;
	unsigned pending, w, l;

	warm_up(flags);
	peeks(flags);
	for (pending = 1; pending < 4; pending += 2)
		for (q = (struct question){ .call = 0 }; q.call < NR_CALLS; q.call++) {
			if (!has_call(q.call))
				continue;
			for (q.nr = 0; q.nr < 3; q.nr++)
				for (w = 0; w < 3; w++)
					for (l = 0; l < 2; l++) {
						if (q.call == WAIT_CQE_TIMEOUT && q.nr != 1)
							continue;
						q.work = works[w];
						q.limit = short_limits[l];
						ask_pending(flags, pending, &q);
					}
		}
}

static void defer(void)
{
	task_work(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
}

static void defer_flag(void)
{
	task_work(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
		  IORING_SETUP_TASKRUN_FLAG);
}

static void coop_flag(void)
{
	task_work(IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG);
}

/* ---- overflow ----------------------------------------------------------------- */

/* A CQ of four that seven completions went into. */
static void make_overflow(struct io_uring *ring, unsigned flags, bool drained)
{
	make_ring(ring, 2, flags);
	put_nops(ring, 2, UD_READY);
	must(io_uring_submit(ring), "io_uring_submit");
	put_nops(ring, 2, UD_READY + 2);
	must(io_uring_submit(ring), "io_uring_submit");
	put_nops(ring, 2, UD_READY + 4);
	must(io_uring_submit(ring), "io_uring_submit");
	put_nops(ring, 1, UD_READY + 6);
	must(io_uring_submit(ring), "io_uring_submit");
	if (drained)
		drain(ring);
}

static void overflow(unsigned flags)
{
	static const unsigned counts[] = { 0, 1, 3, 5 };
	struct question q = { .limit = T };
	struct io_uring ring;
	unsigned drained, n;

	for (q.call = 0; q.call < NR_CALLS; q.call++) {
		if (!has_call(q.call))
			continue;
		for (drained = 0; drained < 2; drained++)
			for (n = 0; n < 4; n++)
				for (q.work = 0; q.work <= ONE_STUCK; q.work++) {
					q.nr = counts[n];
					if (q.call == WAIT_CQE_TIMEOUT && q.nr != 1)
						continue;
					make_overflow(&ring, flags, drained);
					put_question(&ring, &q, drained ? "drained " : "full ");
					drain(&ring);
					q.limit = ZERO;
					put_question(&ring, &q, "then ");
					q.limit = T;
					io_uring_queue_exit(&ring);
				}
	}
}

static void overflow_plain(void)
{
	overflow(0);
}

static void overflow_defer(void)
{
	overflow(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
}

/* ---- messages and entries that are skipped --------------------------------------- */

/* Older headers lack the name; the kernel has had it since 6.3. */
#ifndef IORING_MSG_RING_FLAGS_PASS
#define IORING_MSG_RING_FLAGS_PASS (1U << 1)
#endif

#define CQE_SKIP (1U << 5)

static void send_message(struct io_uring *from, struct io_uring *to, unsigned user_data,
			 unsigned flags)
{
	struct io_uring_sqe *sqe = next_sqe(from, 0);

	io_uring_prep_msg_ring(sqe, to->ring_fd, 7, user_data, 0);
	sqe->msg_ring_flags = IORING_MSG_RING_FLAGS_PASS;
	sqe->file_index = flags;
	sqe->user_data = UD_NOP;
	must(io_uring_submit(from), "io_uring_submit");
	drain(from);
}

/* The flags of one or two messages, and what comes of waiting for them. */
static void messages(unsigned ring_flags)
{
	static const unsigned pairs[][2] = {
		{ 0, 0 },	 { IORING_CQE_F_MORE, 0 }, { 0xffff0000, 0 }, { CQE_SKIP, 0 },
		{ 0, CQE_SKIP }, { CQE_SKIP, CQE_SKIP },   { 0xffffffdf, 0 },
	};
	struct question q = { .call = 0 };
	struct io_uring from, to;
	char prefix[40];
	unsigned i, l;

	make_ring(&from, ENTRIES, 0);
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		for (q.call = 0; q.call < NR_CALLS; q.call++) {
			if (!(call_set & (1u << q.call)) || !has_call(q.call))
				continue;
			for (q.nr = 0; q.nr < 4; q.nr++)
				for (l = 0; l < 2; l++) {
					q.limit = short_limits[l];
					make_ring(&to, ENTRIES, ring_flags);
					send_message(&from, &to, UD_READY, pairs[i][0]);
					send_message(&from, &to, UD_READY + 1, pairs[i][1]);
					snprintf(prefix, sizeof(prefix), "%x+%x ", pairs[i][0],
						 pairs[i][1]);
					put_question(&to, &q, prefix);
					io_uring_queue_exit(&to);
				}
		}
	io_uring_queue_exit(&from);
}

static void messages_plain(void)
{
	messages(0);
}

static void messages_cqe32(void)
{
	messages(IORING_SETUP_CQE32);
}

/* A completion of two slots counts as two. */
static void large_completion(void)
{
#if defined(IORING_SETUP_CQE_MIXED) && defined(IORING_NOP_CQE32)
	struct question q = { .nr = 2, .limit = T };
	struct io_uring_sqe *sqe;
	struct io_uring ring;

	for (q.call = WAIT_CQES; q.call < NR_CALLS; q.call++)
		for (q.nr = 1; q.nr < 4; q.nr++) {
			make_ring(&ring, ENTRIES, IORING_SETUP_CQE_MIXED);
			sqe = next_sqe(&ring, 0);
			io_uring_prep_nop(sqe);
			sqe->nop_flags = IORING_NOP_CQE32;
			must(io_uring_submit(&ring), "io_uring_submit");
			put_question(&ring, &q, "one of two slots ");
			io_uring_queue_exit(&ring);
		}
#else
	skip("", "these headers do not know mixed CQEs");
#endif
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "task_work.defer", defer },
	{ "task_work.defer_flag", defer_flag },
	{ "task_work.coop_flag", coop_flag },
	{ "overflow.plain", overflow_plain },
	{ "overflow.defer", overflow_defer },
	{ "messages.plain", messages_plain },
	{ "messages.cqe32", messages_cqe32 },
	{ "large_completion", large_completion },
	{ NULL, NULL }
};
/* clang-format on */
