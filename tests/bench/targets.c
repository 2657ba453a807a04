/* SPDX-License-Identifier: MIT */
/* The table of targets, and the judging. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "facts.h"
#include "targets.h"

#define RATIO(a, b)	  .comparison = { OP_RATIO, a, b, VARIANT_NONE, VARIANT_NONE }
#define MINUS(a, b)	  .comparison = { OP_DIFFERENCE, a, b, VARIANT_NONE, VARIANT_NONE }
#define SHARE(a, b, c, d) .comparison = { OP_SHARE, a, b, c, d }

/* clang-format off */
const struct target targets[] = {
	{ "shim / recompiled, NOP and wait", AT_MOST, 1.01, .row = "nop", RATIO(SHIM, RECOMPILED) },
	{ "waits alone: shim / recompiled, NOP and wait, DEFER_TASKRUN", AT_MOST, 1.01,
	  .row = "nop-defer", RATIO(ALONE, RECOMPILED) },
	{ "shim / recompiled, one ready", AT_MOST, 1.01,
	  .row = "ready", RATIO(SHIM, RECOMPILED) },
	{ "waits alone: shim / recompiled, one ready, DEFER_TASKRUN", AT_MOST, 1.01,
	  .row = "ready-defer", RATIO(ALONE, RECOMPILED) },
	{ "plain / shim, NOP and wait", AT_LEAST, 1.10,
	  .row = "nop", RATIO(PLAIN, SHIM), .best = LIMIT },
	{ "waits alone: plain / shim, NOP and wait, DEFER_TASKRUN", AT_LEAST, 1.12,
	  .row = "nop-defer", RATIO(PLAIN, ALONE), .best = LIMIT },
	{ "shim / limit, NOP and wait", AT_MOST, 1.08, .row = "nop", RATIO(SHIM, LIMIT) },
	/* The shim may use a ring fd of its own here, so the limit has one, too. */
	{ "shim / limit with ring fd, NOP and wait, DEFER_TASKRUN", AT_MOST, 1.08,
	  .row = "nop-defer", RATIO(SHIM, LIMIT_FD) },
	{ "ring fd at work: recompiled / shim, NOP and wait, DEFER_TASKRUN", AT_LEAST, 1.08,
	  .row = "nop-defer", RATIO(RECOMPILED, SHIM), .best = LIMIT_FD },
	{ "timeout of zero, nothing there: plain / shim", AT_LEAST, 50,
	  .row = "zero", RATIO(PLAIN, SHIM), .best = LIMIT },
	{ "timeout of zero, nothing there: plain / shim, DEFER_TASKRUN", AT_LEAST, 50,
	  .row = "zero-defer", RATIO(PLAIN, SHIM), .best = LIMIT },
	{ "the same with TASKRUN_FLAG", AT_LEAST, 50,
	  .row = "zero-defer-flag", RATIO(PLAIN, SHIM), .best = LIMIT },
	{ "the same by io_uring_enter2, COOP_TASKRUN", AT_LEAST, 50,
	  .row = "zero-enter2", RATIO(PLAIN, SHIM), .best = LIMIT },
	{ "the same by syscall, COOP_TASKRUN", AT_LEAST, 50,
	  .row = "zero-syscall", RATIO(PLAIN, SHIM), .best = LIMIT },
	{ "8 rings / one ring, shim", AT_MOST, 1.02, .row = "rings", RATIO(SHIM_8, SHIM) },
	{ "1000 rings / one ring, shim", AT_MOST, 1.10, .row = "rings", RATIO(SHIM_1000, SHIM) },
	{ "8 rings / one ring, shim's share (over plain's own)", AT_MOST, 1.02,
	  .row = "rings", SHARE(SHIM_8, SHIM, PLAIN_8, PLAIN) },
	{ "1000 rings / one ring, shim's share (over plain's own)", AT_MOST, 1.10,
	  .row = "rings", SHARE(SHIM_1000, SHIM, PLAIN_1000, PLAIN) },
	{ "8 rings / one ring, shim's share, DEFER_TASKRUN", AT_MOST, 1.02,
	  .row = "rings-defer", SHARE(SHIM_8, SHIM, PLAIN_8, PLAIN) },
	{ "1000 rings / one ring, shim's share, DEFER_TASKRUN", AT_MOST, 1.10,
	  .row = "rings-defer", SHARE(SHIM_1000, SHIM, PLAIN_1000, PLAIN) },
	{ "2 threads on 2 rings / 1 on 1, shim", AT_MOST, 1.05,
	  .row = "threads", RATIO(SHIM_2T, SHIM), .need = NEED_TWO_CPUS },
	{ "2 threads on 2 rings / 1 on 1, shim, DEFER_TASKRUN", AT_MOST, 1.05,
	  .row = "threads-defer", RATIO(SHIM_2T, SHIM), .need = NEED_TWO_CPUS },
	{ "2 threads / 1, shim's share (over plain's own)", AT_MOST, 1.05,
	  .row = "threads", SHARE(SHIM_2T, SHIM, PLAIN_2T, PLAIN), .need = NEED_TWO_CPUS },
	{ "2 threads / 1, shim's share, DEFER_TASKRUN", AT_MOST, 1.05,
	  .row = "threads-defer", SHARE(SHIM_2T, SHIM, PLAIN_2T, PLAIN), .need = NEED_TWO_CPUS },
	{ "NOP and wait by io_uring_enter2: plain / shim", AT_LEAST, 1.10,
	  .row = "entry-enter2", RATIO(PLAIN, SHIM) },
	{ "NOP and wait by syscall: plain / shim", AT_LEAST, 1.10,
	  .row = "entry-syscall", RATIO(PLAIN, SHIM) },
	{ "NOP and wait by a patched site: plain / shim", AT_LEAST, 1.12,
	  .row = "nop-inside", RATIO(PLAIN_INSIDE, SITES), .best = LIMIT },
	{ "by a patched site / by the function's name, NOP and wait by io_uring_enter2", AT_MOST, 1.03,
	  .row = "entry-inside", RATIO(SITES, SHIM) },
	{ "shim / limit, NOP and wait by io_uring_enter2", AT_MOST, 1.05,
	  .row = "entry-enter2", RATIO(SHIM, LIMIT) },
	{ "shim / limit, NOP and wait by syscall", AT_MOST, 1.05,
	  .row = "entry-syscall", RATIO(SHIM, LIMIT) },
	{ "shim / limit, DEFER_TASKRUN, the program's registered ring fd", AT_MOST, 1.05,
	  .row = "nop-defer-fd", RATIO(SHIM, LIMIT) },
	{ "a wait under REGWAIT=observe: shim - plain, ns", AT_MOST, 60,
	  .row = "nop", MINUS(OBSERVE, PLAIN) },
	{ "another system call by syscall: shim - plain, ns", AT_MOST, 2,
	  .row = "pass-syscall", MINUS(SHIM, PLAIN) },
	{ "making and ending a ring: shim - plain, ns", AT_MOST, 3000,
	  .row = "create", MINUS(SHIM, PLAIN) },
	{ "making and ending a ring: shim - plain, DEFER_TASKRUN, ns", AT_MOST, 3000,
	  .row = "create-defer", MINUS(SHIM, PLAIN) },
	{ "round trip across CPUs, DEFER_TASKRUN: plain / auto", AT_LEAST, 5,
	  .row = "spin-tcp-defer", RATIO(PLAIN, SPIN_AUTO), .need = NEED_TWO_CPUS },
	{ "the same, COOP_TASKRUN", AT_LEAST, 5,
	  .row = "spin-tcp-coop", RATIO(PLAIN, SPIN_AUTO), .need = NEED_TWO_CPUS },
	{ "the same, flags 0: plain / auto", AT_LEAST, 1.3,
	  .row = "spin-tcp", RATIO(PLAIN, SPIN_AUTO), .need = NEED_TWO_CPUS },
	{ "the same, flags 0: plain / auto with coop", AT_LEAST, 5,
	  .row = "spin-tcp", RATIO(PLAIN, SPIN_COOP), .need = NEED_TWO_CPUS },
	{ "CPU time of it, DEFER_TASKRUN: auto / plain", AT_MOST, 0.6,
	  .row = "spin-tcp-defer-cpu", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "by io_uring_enter2: plain / auto", AT_LEAST, 1.5,
	  .row = "spin-enter2", RATIO(PLAIN, SPIN_AUTO), .need = NEED_TWO_CPUS },
	{ "by syscall: plain / auto", AT_LEAST, 1.5,
	  .row = "spin-syscall", RATIO(PLAIN, SPIN_AUTO), .need = NEED_TWO_CPUS },
	{ "CPU time of it: auto / plain", AT_MOST, 1,
	  .row = "spin-syscall-cpu", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "both on one CPU, by syscall: auto / plain", AT_MOST, 1.02,
	  .row = "spin-syscall-one", RATIO(SPIN_AUTO, PLAIN) },
	{ "the same, CPU time", AT_MOST, 1.02,
	  .row = "spin-syscall-one-cpu", RATIO(SPIN_AUTO, PLAIN) },
	{ "both on one CPU: auto / plain", AT_MOST, 1.02,
	  .row = "spin-one", RATIO(SPIN_AUTO, PLAIN) },
	{ "the same, CPU time", AT_MOST, 1.02, .row = "spin-one-cpu", RATIO(SPIN_AUTO, PLAIN) },
	{ "4 connections, DEFER_TASKRUN: auto / plain", AT_MOST, 1.02,
	  .row = "spin-many-4", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "the same, CPU time", AT_MOST, 1.02,
	  .row = "spin-many-4-cpu", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "16 connections, DEFER_TASKRUN: auto / plain", AT_MOST, 1.02,
	  .row = "spin-many-16", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "the same, CPU time", AT_MOST, 1.02,
	  .row = "spin-many-16-cpu", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "64 connections, DEFER_TASKRUN: auto / plain", AT_MOST, 1.02,
	  .row = "spin-many-64", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "the same, CPU time", AT_MOST, 1.02,
	  .row = "spin-many-64-cpu", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "beside a busy loop, DEFER_TASKRUN: auto / plain", AT_MOST, 1.02,
	  .row = "spin-busy", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "the same, CPU time", AT_MOST, 1.02,
	  .row = "spin-busy-cpu", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "under SCHED_FIFO, DEFER_TASKRUN: auto / plain", AT_MOST, 1.02,
	  .row = "spin-fifo", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "the same, CPU time", AT_MOST, 1.02,
	  .row = "spin-fifo-cpu", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "under a quota of half a CPU, DEFER_TASKRUN: auto / plain", AT_MOST, 1.02,
	  .row = "spin-quota", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "the same, CPU time", AT_MOST, 1.02,
	  .row = "spin-quota-cpu", RATIO(SPIN_AUTO, PLAIN), .need = NEED_TWO_CPUS },
	{ "waits of 1 ms: auto / plain", AT_MOST, 1.02,
	  .row = "spin-long", RATIO(SPIN_AUTO, PLAIN) },
	{ "the same, CPU time", AT_MOST, 1.02, .row = "spin-long-cpu", RATIO(SPIN_AUTO, PLAIN) },
	{ "start of a program without io_uring: shim - plain, ns", AT_MOST, 50000,
	  .row = "start", MINUS(SHIM, PLAIN) },
	{ "start of one with a plan of 50 sites: with it - without, ns", AT_MOST, 200000,
	  .row = "start-sites", MINUS(START_SITES, SHIM) },
	{ "instructions of it: with a plan of 50 sites - without", AT_MOST, 82000,
	  .fact = "start-sites" },
	{ "threads that a program without io_uring gets", AT_MOST, 0, .fact = "start.threads" },
	{ "files that a program without io_uring gets", AT_MOST, 0, .fact = "start.files" },
	{ "KiB mapped beyond the library that it gets", AT_MOST, 0, .fact = "start.kib" },
	{ "instructions per wait: shim - recompiled", AT_MOST, 0,
	  .fact = "shim-minus-recompiled" },
	{ "instructions per wait: off - plain", AT_MOST, 8, .fact = "off-minus-plain" },
	{ "instructions per ring made and ended: off - plain", AT_MOST, 240,
	  .fact = "off-ring-minus-plain" },
	{ "system calls: off - plain", AT_MOST, 0, .fact = "off-system-calls" },
	{ "atomic read-modify-writes on the shim's hot path", AT_MOST, 0,
	  .fact = "hot-path-locked" },
};
/* clang-format on */

const unsigned int target_count = sizeof(targets) / sizeof(targets[0]);

static const struct result *find(const struct result *results, unsigned int count, const char *row)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!strcmp(results[i].row->name, row))
			return &results[i];
	return NULL;
}

/*
 * The median of the ratios within rounds decides, not the ratio of the two medians: on a machine
 * that is now fast and now slow (it shares its cores) the latter compares fast rounds with slow
 * ones.
 */
static void hold(const struct target *target, struct judgement *judgement)
{
	const struct estimate *e = &judgement->estimate;
	bool met = target->bound == AT_MOST ? e->value <= target->limit : e->value >= target->limit;

	judgement->outcome = met ? MET : NOT_MET;
	judgement->close = e->low <= target->limit && target->limit <= e->high && e->low < e->high;
}

static void judge_fact(const struct target *target, struct judgement *judgement)
{
	struct estimate *e = &judgement->estimate;

	if (!fact_get(target->fact, &e->value))
		return;
	e->low = e->high = e->of_medians = e->value;
	hold(target, judgement);
}

static bool is_shim(enum variant_id variant)
{
	return variants[variant].preload == PRELOAD_SHIM;
}

static double at_best(const struct target *target, const struct result *result)
{
	struct comparison best = target->comparison;
	struct estimate estimate;

	if (!target->best)
		return 0;
	best.a = is_shim(best.a) ? target->best : best.a;
	best.b = is_shim(best.b) ? target->best : best.b;
	return compare(result, &best, &estimate) ? estimate.value : 0;
}

static void judge_row(const struct target *target, const struct result *results, unsigned int count,
		      struct judgement *judgement)
{
	const struct result *result = find(results, count, target->row);
	const struct comparison *c = &target->comparison;

	if (!result || !compare(result, c, &judgement->estimate))
		return;
	if (!variant_at_work(result, c->a) || !variant_at_work(result, c->b)) {
		judgement->note = "the shim armed no ring";
		return;
	}
	judgement->best = at_best(target, result);
	hold(target, judgement);
}

void judge(const struct target *target, const struct result *results, unsigned int count,
	   struct judgement *judgement)
{
	memset(judgement, 0, sizeof(*judgement));
	judgement->outcome = NOT_MEASURED;
	judgement->estimate.value = NAN;
	if (target->fact)
		judge_fact(target, judgement);
	else
		judge_row(target, results, count, judgement);
	if (judgement->outcome == NOT_MEASURED)
		return;
	if (target->need == NEED_TWO_CPUS && sysconf(_SC_NPROCESSORS_ONLN) < 2) {
		judgement->outcome = NOT_APPLICABLE;
		judgement->note = "one CPU";
	}
}

const char *outcome_text(enum outcome outcome)
{
	static const char *const texts[] = { "met", "not met", "not measured", "not applicable" };

	return texts[outcome];
}
