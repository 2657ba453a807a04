/* SPDX-License-Identifier: MIT */
/* The same questions to rings of every kind that a setup flag can make, but for SQPOLL. */
#include "oracle.h"

#define ENTRIES	      4
#define DEFER	      (IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)

#define LATE	      false
#define NOTHING_LATE  true

#define WAITS	      (1u << WAIT_CQES | 1u << SAW_TIMEOUT)
#define WAITS_AND_MIN (WAITS | 1u << SAW_MIN)

/* What make() makes at the moment. */
static struct {
	struct io_uring_params params;
	unsigned entries;
	bool enable;
	unsigned features_cleared;
} kind;

static void make(struct io_uring *ring)
{
	struct io_uring_params p = kind.params;

	must(io_uring_queue_init_params(kind.entries, ring, &p), "io_uring_queue_init_params");
	if (kind.enable)
		must(enable_ring(ring), "enabling the ring");
	/* liburing 2.3 to 2.15 leave the flag for the program to see. */
	if (kind.enable && (ring->flags & IORING_SETUP_R_DISABLED))
		ring->flags &= ~IORING_SETUP_R_DISABLED;
	ring->features &= ~kind.features_cleared;
}

static void exam_flags(unsigned flags, unsigned calls, bool no_late)
{
	kind.params.flags = flags;
	if (!kind.entries)
		kind.entries = ENTRIES;
	exam("", make, calls, no_late);
}

static void plain(void)
{
	exam_flags(0, ALL_CALLS, LATE);
}

static void attached(void)
{
	struct io_uring first;

	make_ring(&first, ENTRIES, 0);
	kind.params.wq_fd = first.ring_fd;
	exam_flags(IORING_SETUP_ATTACH_WQ, WAITS, LATE);
	io_uring_queue_exit(&first);
}

/* Nothing but polled files can be read here: pipes and timers are refused. */
static void iopoll(void)
{
	exam_flags(IORING_SETUP_IOPOLL, ALL_CALLS, NOTHING_LATE);
}

static void hybrid_iopoll(void)
{
#ifdef IORING_SETUP_HYBRID_IOPOLL
	exam_flags(IORING_SETUP_IOPOLL | IORING_SETUP_HYBRID_IOPOLL, WAITS, NOTHING_LATE);
#else
	skip("", "these headers do not know the flag");
#endif
}

static void single_issuer(void)
{
	exam_flags(IORING_SETUP_SINGLE_ISSUER, ALL_CALLS, LATE);
}

static void defer(void)
{
	exam_flags(DEFER, ALL_CALLS, LATE);
}

static void defer_flag(void)
{
	exam_flags(DEFER | IORING_SETUP_TASKRUN_FLAG, ALL_CALLS, LATE);
}

static void coop(void)
{
	exam_flags(IORING_SETUP_COOP_TASKRUN, WAITS_AND_MIN, LATE);
}

static void coop_flag(void)
{
	exam_flags(IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG, WAITS_AND_MIN, LATE);
}

static void submit_all(void)
{
	exam_flags(IORING_SETUP_SUBMIT_ALL, WAITS, LATE);
}

static void cqe32(void)
{
	exam_flags(IORING_SETUP_CQE32, WAITS_AND_MIN, LATE);
}

static void sqe128(void)
{
	exam_flags(IORING_SETUP_SQE128, WAITS_AND_MIN, LATE);
}

static void both_large(void)
{
	exam_flags(IORING_SETUP_SQE128 | IORING_SETUP_CQE32, WAITS, LATE);
}

static void cqsize(void)
{
	kind.params.cq_entries = 64;
	exam_flags(IORING_SETUP_CQSIZE, WAITS, LATE);
}

static void clamp(void)
{
	exam_flags(IORING_SETUP_CLAMP, WAITS, LATE);
}

static void no_sqarray(void)
{
#ifdef IORING_SETUP_NO_SQARRAY
	exam_flags(IORING_SETUP_NO_SQARRAY, WAITS, LATE);
#else
	skip("", "these headers do not know the flag");
#endif
}

static void cqe_mixed(void)
{
#ifdef IORING_SETUP_CQE_MIXED
	exam_flags(IORING_SETUP_CQE_MIXED, WAITS_AND_MIN, LATE);
#else
	skip("", "these headers do not know the flag");
#endif
}

static void enabled_later(void)
{
	kind.enable = true;
	exam_flags(IORING_SETUP_R_DISABLED, WAITS_AND_MIN, LATE);
}

/* A disabled ring refuses to wait, and once enabled it does not remember. */
static void disabled(void)
{
	struct question q = { .nr = 1, .no_late = true };
	struct io_uring ring;

	for (q.call = 0; q.call < NR_CALLS; q.call++) {
		if (!has_call(q.call))
			continue;
		make_ring(&ring, ENTRIES, IORING_SETUP_R_DISABLED);
		say("/%s: flags=%x", call_names[q.call], ring.flags);
		q.work = NOTHING;
		q.limit = T;
		put_question(&ring, &q, "disabled ");
		q.limit = ZERO;
		put_question(&ring, &q, "disabled ");
		q.work = ONE_NOP;
		put_question(&ring, &q, "disabled ");
		say("/%s: enable=%s flags=%x", call_names[q.call], errname(enable_ring(&ring)),
		    ring.flags);
		q.work = NOTHING;
		q.limit = T;
		put_question(&ring, &q, "enabled ");
		drain(&ring);
		q.limit = ZERO;
		put_question(&ring, &q, "enabled ");
		io_uring_queue_exit(&ring);
	}
}

static void defer_enabled_later(void)
{
	kind.enable = true;
	exam_flags(IORING_SETUP_R_DISABLED | DEFER, WAITS, LATE);
}

static void iopoll_enabled_later(void)
{
	kind.enable = true;
	exam_flags(IORING_SETUP_R_DISABLED | IORING_SETUP_IOPOLL, WAITS, NOTHING_LATE);
}

/* A program can take features away from itself. */
static void no_ext_arg(void)
{
	kind.entries = 2 * ENTRIES;
	kind.features_cleared = IORING_FEAT_EXT_ARG;
	exam_flags(0, WAITS_AND_MIN, LATE);
}

static void no_min_timeout(void)
{
#ifdef IORING_FEAT_MIN_TIMEOUT
	kind.features_cleared = IORING_FEAT_MIN_TIMEOUT;
	exam_flags(0, ALL_CALLS, LATE);
#else
	skip("", "these headers do not know the feature");
#endif
}

static void no_features(void)
{
	kind.entries = 2 * ENTRIES;
	kind.features_cleared = -1u;
	exam_flags(0, WAITS_AND_MIN, LATE);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "plain", plain },
	{ "attached", attached },
	{ "iopoll", iopoll },
	{ "hybrid_iopoll", hybrid_iopoll },
	{ "single_issuer", single_issuer },
	{ "defer", defer },
	{ "defer_flag", defer_flag },
	{ "coop", coop },
	{ "coop_flag", coop_flag },
	{ "submit_all", submit_all },
	{ "cqe32", cqe32 },
	{ "sqe128", sqe128 },
	{ "both_large", both_large },
	{ "cqsize", cqsize },
	{ "clamp", clamp },
	{ "no_sqarray", no_sqarray },
	{ "cqe_mixed", cqe_mixed },
	{ "disabled", disabled },
	{ "enabled_later", enabled_later },
	{ "defer_enabled_later", defer_enabled_later },
	{ "iopoll_enabled_later", iopoll_enabled_later },
	{ "no_ext_arg", no_ext_arg },
	{ "no_min_timeout", no_min_timeout },
	{ "no_features", no_features },
	{ NULL, NULL }
};
/* clang-format on */
