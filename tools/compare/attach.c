/* SPDX-License-Identifier: MIT */
/*
 * Compares slices of a running process: its mode is set to off and on in turn, and
 * the CPU time of all its threads is divided by the timed waits it made.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "attach.h"
#include "common/message.h"
#include "common/statistics.h"
#include "stats/counts.h"

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Of all threads so far, ns; those that end take theirs along. */
static uint64_t cpu_time(int pid)
{
	char name[288];
	uint64_t sum = 0, ns;
	struct dirent *e;
	DIR *tasks;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/task", pid);
	tasks = opendir(name);
	while (tasks && (e = readdir(tasks))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "/proc/%d/task/%.20s/schedstat", pid, e->d_name);
		f = fopen(name, "re");
		if (f && fscanf(f, "%" SCNu64, &ns) == 1)
			sum += ns;
		if (f)
			fclose(f);
	}
	if (tasks)
		closedir(tasks);
	return sum;
}

/* CPU time per timed wait within a slice, ns; -1 if none was made. */
static double measure_slice(const struct stats_page *p, struct comparison *c, bool on, double slice)
{
	enum regwait_mode mode = on && !c->both_off ? MODE_ON : MODE_OFF;
	struct timespec pause = { slice, (slice - (time_t)slice) * 1e9 };
	struct regwait_wait_counts before, after;
	uint64_t cpu, waits;

	__atomic_store_n(&p->map->mode, mode, __ATOMIC_RELAXED);
	before = stats_page_waits(p);
	cpu = cpu_time(p->pid);
	nanosleep(&pause, NULL);
	after = stats_page_waits(p);
	cpu = cpu_time(p->pid) - cpu;
	waits = counts_timed(&after) - counts_timed(&before);
	if (on) {
		c->timed += waits;
		c->gained += after.registered + after.polled - before.registered - before.polled;
	}
	return waits ? (double)cpu / waits : -1;
}

static void measure_pairs(const struct stats_page *p, struct comparison *c, double slice,
			  const struct comparison_limits *limits)
{
	uint64_t coin = random_state(c->seed);
	double start = seconds_now();
	bool on_first = false;
	size_t n;

	for (n = 0; !stopped && seconds_now() - start < limits->budget; n++) {
		double a, b;

		if (limits->pairs && n >= limits->pairs)
			break;
		/* ABBA: the second pair of a round the other way round. */
		on_first = n % 2 ? !on_first : random_uniform(&coin) < 0.5;
		a = measure_slice(p, c, on_first, slice);
		b = measure_slice(p, c, !on_first, slice);
		if (kill(p->pid, 0) && errno == ESRCH)
			break;
		if (a > 0 && b > 0)
			pairs_add(&c->pairs[PER_WAIT], on_first ? b : a, on_first ? a : b);
		if (comparison_is_precise(c))
			break;
	}
	c->interrupted = stopped;
}

int attach_measure(struct comparison *c, int pid, double slice,
		   const struct comparison_limits *limits)
{
	struct sigaction action = { .sa_handler = stop };
	struct stats_page p;
	uint8_t mode;
	int err = stats_page_open(&p, pid, true);

	if (err)
		return stats_page_explain(pid, err);
	if (!p.alive) {
		stats_page_close(&p);
		return fail("process %d is gone", pid);
	}
	if (!p.map->rings.armed) {
		stats_page_close(&p);
		return fail("process %d has no armed ring; regwait stat %d tells why", pid, pid);
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	c->loaded = true;
	c->judged = PER_WAIT;
	mode = p.map->mode;
	measure_pairs(&p, c, slice, limits);
	__atomic_store_n(&p.map->mode, mode, __ATOMIC_RELAXED);
	stats_page_close(&p);
	return 0;
}
