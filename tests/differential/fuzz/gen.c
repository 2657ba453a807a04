/* SPDX-License-Identifier: MIT */
/*
 * Makes the sequence of a seed: some rings, then operations by weight. What makes no sense
 * at its place (a ring that is gone, a wait that nothing would end) the executor sees, so
 * nothing here keeps count. A seed always gives the same text, whatever the liburing.
 */
#include <stdbool.h>
#include <string.h>

#include "abi.h"
#include "gen.h"
#include "ops.h"
#include "rng.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct gen {
	struct rng rng;
	struct prog *prog;
	unsigned rings; /* indexes below this are in use */
	unsigned weight;
	const char *without;
};

static unsigned below(struct gen *g, unsigned n)
{
	return rng_below(&g->rng, n);
}

static bool once(struct gen *g, unsigned n)
{
	return rng_once(&g->rng, n);
}

static void emit(struct gen *g, const struct line *l)
{
	prog_add(g->prog, l);
}

static long pick(struct gen *g, const short *from, size_t n)
{
	return from[below(g, n)];
}

/* Mostly what programs use together, sometimes any bits at all. */
static long ring_flags(struct gen *g)
{
	/* clang-format off */
	static const int common[] = {
		0, 0, 0, SETUP_CQSIZE, SETUP_CLAMP, SETUP_SUBMIT_ALL, SETUP_COOP_TASKRUN,
		SETUP_COOP_TASKRUN | SETUP_TASKRUN_FLAG, SETUP_SINGLE_ISSUER,
		SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN,
		SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN,
		SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN | SETUP_TASKRUN_FLAG,
		SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN | SETUP_CQSIZE,
		SETUP_NO_SQARRAY, SETUP_SQE128, SETUP_CQE32, SETUP_SQE128 | SETUP_CQE32,
		SETUP_NO_MMAP, SETUP_NO_MMAP | SETUP_REGFD_ONLY, SETUP_CQE_MIXED,
	};
	/* clang-format on */
	long f = common[below(g, COUNT(common))];

	if (once(g, 6))
		f |= SETUP_R_DISABLED;
	if (once(g, 12))
		f |= SETUP_ATTACH_WQ;
	if (once(g, 25))
		f |= SETUP_IOPOLL;
	if (once(g, 60))
		f |= SETUP_SQPOLL;
	if (once(g, 12))
		f ^= 1l << below(g, 22);
	/* Its thread would spin for seconds beside everybody else's test. */
	if (f & SETUP_SQPOLL && !once(g, 2))
		f &= ~(long)SETUP_SQPOLL;
	return f & ~(1l << 2);
}

static long ts_value(struct gen *g)
{
	/* clang-format off */
	static const short often[] = { TS_0, TS_1NS, TS_1MS, TS_25MS, TS_10S, TS_10S, TS_10S,
				       TS_FOREVER, TS_NULL };
	/* clang-format on */

	if (once(g, 5))
		return below(g, TS_WORDS);
	return pick(g, often, COUNT(often));
}

/* No IOSQE_IO_DRAIN: worker threads finish such requests, in an order that no run repeats. */
static long sqe_flags(struct gen *g)
{
	static const short flags[] = { IOSQE_IO_LINK, IOSQE_IO_LINK, IOSQE_IO_HARDLINK,
				       IOSQE_CQE_SKIP_SUCCESS };

	return once(g, 4) ? pick(g, flags, COUNT(flags)) : 0;
}

static long sqe_kind(struct gen *g)
{
	if (!once(g, 2))
		return SQE_NOP;
	/* Bad ones cut submits short: a few do. */
	return below(g, once(g, 6) ? SQE_KINDS : SQE_BADFD);
}

static long key_value(struct gen *g, enum key k)
{
	static const short entries[] = { 1, 2, 2, 4, 4, 8, 32 };
	static const short wait_nr[] = { 0, 1, 1, 1, 1, 2, 2, 3, 5, 9 };
	static const short min_us[] = { 0, 0, 300, 1500 };

	switch (k) {
	case K_R:
	case K_Q:
		return below(g, g->rings);
	case K_E:
		return once(g, 40) ? below(g, 70000) : pick(g, entries, COUNT(entries));
	case K_CQ:
		return once(g, 40) ? below(g, 200000) : 2 * pick(g, entries, COUNT(entries));
	case K_F:
		return ring_flags(g);
	case K_VIA:
		return once(g, 2) ? VIA_PARAMS : below(g, VIA_WORDS);
	case K_NR:
		return pick(g, wait_nr, COUNT(wait_nr));
	case K_SUB:
		return below(g, 2);
	case K_TS:
		return ts_value(g);
	case K_MASK:
		return once(g, 2) ? MASK_NULL : below(g, once(g, 8) ? MASK_WORDS : MASK_BAD8);
	case K_MIN:
		return pick(g, min_us, COUNT(min_us));
	case K_KIND:
		return sqe_kind(g);
	case K_SF:
		return sqe_flags(g);
	case K_US:
		return once(g, 5) ? 1000 : 0;
	case K_CNT:
		return once(g, 4) ? below(g, 4) : 0;
	case K_UD:
		return 1 + below(g, 4);
	case K_P:
		return below(g, 3);
	case K_N:
		return below(g, 4);
	case K_HOW:
		return once(g, 2) ? 0 : below(g, 4);
	case K_MODE:
		return below(g, MODE_WORDS);
	case K_FN:
		return below(g, 4);
	default:
		return 0;
	}
}

static struct line fill(struct gen *g, const struct op *op)
{
	struct line l = { .op = op };

	for (int i = 0; i < OP_KEYS && op->keys[i]; i++)
		l.v[op->keys[i]] = key_value(g, op->keys[i]);
	return l;
}

static void put(struct gen *g, const char *name)
{
	struct line l = fill(g, op_find(name));

	emit(g, &l);
}

static void put_ring(struct gen *g, long r)
{
	struct line l = fill(g, op_find("ring"));

	l.v[K_R] = r;
	/* The plain call needs flags that it can do alone, most of the time. */
	if (l.v[K_VIA] == VIA_INIT && !once(g, 5))
		l.v[K_F] &= ~(long)(SETUP_CQSIZE | SETUP_ATTACH_WQ);
	if (l.v[K_VIA] == VIA_RAW && !once(g, 5))
		l.v[K_F] &= ~(long)(SETUP_NO_MMAP | SETUP_REGFD_ONLY);
	emit(g, &l);
	/* Few programs leave a ring disabled for long. */
	if (l.v[K_F] & SETUP_R_DISABLED && !once(g, 3)) {
		l = (struct line){ .op = op_find("enable"), .v[K_R] = r };
		emit(g, &l);
	}
}

static bool left_out(const struct gen *g, const char *name)
{
	const char *at = g->without;
	size_t n = strlen(name);

	while (at && *at) {
		if (!strncmp(at, name, n) && (at[n] == ',' || !at[n]))
			return true;
		at = strchr(at, ',');
		at += !!at;
	}
	return false;
}

static const struct op *pick_op(struct gen *g)
{
	unsigned at = below(g, g->weight);

	for (size_t i = 0; i < op_count; i++) {
		if (at < op_table[i].weight)
			return &op_table[i];
		at -= op_table[i].weight;
	}
	return op_table;
}

static bool waits(const struct op *op)
{
	return op->run == op_wait;
}

/* A few operations for a child or a thread, which may have a ring of its own. */
static void put_block(struct gen *g, const struct op *op)
{
	/* clang-format off */
	static const char *const inside[] = {
		"sqe", "sqe", "submit", "saw_timeout", "wait_timeout", "wait_cqes", "saw_min",
		"peek_cqe", "seen", "move", "regfd", "exit", "wait_cqe",
	};
	/* clang-format on */
	struct line l = fill(g, op), end = { .op = op_find("end") };
	unsigned n = 1 + below(g, 6);

	emit(g, &l);
	if (once(g, 2))
		put_ring(g, 3);
	while (n--)
		put(g, inside[below(g, COUNT(inside))]);
	emit(g, &end);
}

/* Signals that are pending before a wait: blocked, raised, and unblocked by the wait's mask. */
static void put_pending(struct gen *g)
{
	struct line l = { .op = op_find("sig"), .v[K_N] = 1 };

	if (once(g, 2))
		put(g, "handler");
	emit(g, &l);
	put(g, "raise");
	l = fill(g, op_find(once(g, 2) ? "wait_cqes" : "saw_timeout"));
	l.v[K_MASK] = once(g, 3) ? MASK_ALRM : MASK_NONE;
	emit(g, &l);
}

/* What a wait on this ring is to be woken by, besides a signal. */
static void put_source(struct gen *g, struct line *arrive, long r)
{
	struct line l = fill(g, op_find("sqe"));

	if (arrive->v[K_HOW] == 3) {
		arrive->v[K_P] = r;
	} else if (arrive->v[K_HOW] == 2) {
		l.v[K_R] = r;
		l.v[K_KIND] = once(g, 2) ? SQE_READ : SQE_POLL;
		l.v[K_P] = arrive->v[K_P];
		l.v[K_SF] = 0;
		emit(g, &l);
	}
}

static void put_exit(struct gen *g, const struct op *op)
{
	struct line l = fill(g, op);

	emit(g, &l);
	if (!once(g, 3))
		put_ring(g, l.v[K_R]);
}

static void put_arrival(struct gen *g)
{
	/* clang-format off */
	static const char *const wait[] = { "wait_cqes", "saw_timeout", "saw_min", "wait_timeout",
					    "get_cqe", "submit_wait", "enter2" };
	/* clang-format on */
	struct line l, arrive = fill(g, op_find("arrive"));

	l = fill(g, op_find(wait[below(g, COUNT(wait))]));
	put_source(g, &arrive, l.v[K_R]);
	emit(g, &arrive);
	if (l.v[K_TS] == TS_1MS)
		l.v[K_TS] = TS_25MS;
	emit(g, &l);
}

static void put_any(struct gen *g)
{
	const struct op *op = pick_op(g);
	struct line l;

	if (left_out(g, op->name))
		return;
	if (op->block) {
		put_block(g, op);
	} else if (op->run == op_ring) {
		put_ring(g, below(g, g->rings));
	} else if (op->run == op_arrive) {
		put_arrival(g);
	} else if (op->run == op_exit || op->run == op_bareclose) {
		put_exit(g, op);
	} else if (op->run == op_raise && once(g, 2)) {
		put_pending(g);
	} else if (waits(op) && once(g, 2)) {
		/* Most waits come after something was queued. */
		put(g, "sqe");
		l = fill(g, op);
		l.v[K_R] = g->prog->line[g->prog->nr - 1].v[K_R];
		emit(g, &l);
	} else {
		l = fill(g, op);
		emit(g, &l);
	}
}

void gen_seed(struct prog *p, uint64_t seed, const char *without)
{
	struct gen g = { .rng.s = seed * 0x2545f4914f6cdd1dull + 1, .prog = p, .without = without };
	unsigned n;

	for (size_t i = 0; i < op_count; i++)
		g.weight += op_table[i].weight;
	g.rings = 1 + below(&g, 3);
	for (unsigned r = 0; r < g.rings; r++)
		put_ring(&g, r);
	for (n = 4 + below(&g, 20); n; n--)
		put_any(&g);
}
