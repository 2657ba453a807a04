/* SPDX-License-Identifier: MIT */
/*
 * Compares slices of a running process. The mode of the process is set to off and on in turn, and
 * the CPU time of all its threads is divided by the number of timed waits.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach.h"
#include "common/message.h"
#include "common/process_stat.h"
#include "common/signals.h"
#include "common/statistics.h"
#include "common/witness.h"
#include "progress.h"
#include "stats/counts.h"
#include "stats/directory.h"

/* The CPU time of all threads so far, ns. Threads that end take theirs with them. */
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

/* Signals that do not end us. */
#define HARMLESS \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGWINCH))
#define STOPPING (SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

#define LOOK_MS	 100 /* how often the guard looks whether we are stopped */

struct attached {
	struct stats_page page;
	double slice;
	signal_set ending; /* signals that would end us */
	bool ended;
	int guard_end; /* when this is closed, the guard sets the mode back */
	pid_t guard;
};

/*
 * Waits until the other end of its socket is closed. While that process is stopped by SIGSTOP, of
 * which nobody is told before, the program has its own mode; who goes on notices that.
 */
static void guard(const struct attached *a, pid_t measuring, int end, enum regwait_mode mode)
{
	struct pollfd closed = { .fd = end, .events = POLLIN };
	int changed;

	while ((changed = poll(&closed, 1, LOOK_MS)) == 0 || (changed < 0 && errno == EINTR))
		if (process_stopped(measuring))
			stats_page_set_mode(&a->page, mode);
}

/*
 * A process that sets the mode back when we end, even if by SIGKILL: it sees that the other end of
 * its socket is closed. Who kills us by our name, or with our process group, does not kill it.
 */
static int start_guard(struct attached *a)
{
	enum regwait_mode mode = a->page.mode;
	pid_t measuring = getpid();
	int ends[2];
	char byte = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	a->guard = fork();
	if (!a->guard) {
		close(ends[1]);
		setsid();
		hide_name("guard");
		if (write(ends[0], &byte, 1) == 1)
			guard(a, measuring, ends[0], mode);
		_exit(stats_page_set_mode(&a->page, mode) ? 1 : 0);
	}
	close(ends[0]);
	a->guard_end = ends[1];
	if (a->guard < 0 || read(a->guard_end, &byte, 1) != 1) {
		close(a->guard_end);
		return -EAGAIN;
	}
	return 0;
}

static void stop_guard(const struct attached *a)
{
	close(a->guard_end);
	waitpid(a->guard, NULL, 0);
}

/* Ctrl-Z: the program goes on in its own mode while we are stopped. */
static void stop(const struct attached *a, enum regwait_mode mode, int sig)
{
	stats_page_set_mode(&a->page, mode);
	kill(getpid(), sig);
	signals_block_only(~SIGNAL_BIT(sig));
	signals_block_only(ALL_SIGNALS);
}

/* Were we stopped and continued since this was asked last? */
static bool went_on(void)
{
	siginfo_t info;

	return signals_take(SIGNAL_BIT(SIGCONT), &info, &(struct timespec){ 0 });
}

/* Sleeps through a slice. False: it was interrupted. */
static bool wait_slice(struct attached *a, enum regwait_mode own)
{
	double end = seconds_now() + a->slice, left;
	siginfo_t info;

	while ((left = end - seconds_now()) > 0) {
		struct timespec pause = { left, (left - (time_t)left) * 1e9 };
		int sig = signals_take(ALL_SIGNALS, &info, &pause);

		if (sig && SIGNAL_BIT(sig) & a->ending) {
			a->ended = true;
			return false;
		}
		if (sig == SIGCONT)
			return false;
		if (sig && SIGNAL_BIT(sig) & STOPPING && !signals_ignored(sig)) {
			stop(a, own, sig);
			return false;
		}
	}
	return true;
}

/* CPU time per timed wait within a slice, ns; -1 if none was made. */
static double measure_slice(struct attached *a, struct comparison *c, bool on,
			    enum regwait_mode own)
{
	struct counts before;
	enum regwait_mode mode = on && !c->both_off ? MODE_ON : MODE_OFF;
	uint64_t cpu, waits;

	if (a->ended || stats_page_set_mode(&a->page, mode) || stats_page_count(&a->page))
		return -1;
	before = a->page.counts;
	cpu = cpu_time(a->page.seen_as);
	if (!wait_slice(a, own) || stats_page_count(&a->page))
		return -1;
	cpu = cpu_time(a->page.seen_as) - cpu;
	/* If not, somebody has set another one: the guard, for example. */
	if (went_on() || a->page.mode != mode)
		return -1;
	waits = counts_timed(&a->page.counts) - counts_timed(&before);
	if (on) {
		c->timed += waits;
		c->gained += counts_gained(&a->page.counts) - counts_gained(&before);
		c->plain_why = counts_plain_why(&a->page.counts);
	}
	return waits ? (double)cpu / waits : -1;
}

static void measure_pairs(struct attached *attached, struct comparison *c,
			  const struct comparison_limits *limits)
{
	enum regwait_mode own = attached->page.mode;
	uint64_t coin = random_state(c->seed);
	double start = seconds_now();
	bool on_first = false;
	size_t n;

	for (n = 0; !attached->ended && seconds_now() - start < limits->budget; n++) {
		double a, b;

		if (limits->pairs && n >= limits->pairs)
			break;
		/* ABBA: the second pair of a round the other way round. */
		on_first = n % 2 ? !on_first : random_uniform(&coin) < 0.5;
		a = measure_slice(attached, c, on_first, own);
		b = measure_slice(attached, c, !on_first, own);
		if (!stats_page_alive(&attached->page))
			break;
		if (a > 0 && b > 0)
			pairs_add(&c->pairs[PER_WAIT], on_first ? b : a, on_first ? a : b);
		progress_show(c, limits, start);
		if (comparison_is_precise(c))
			break;
	}
	progress_end();
	c->interrupted = attached->ended;
}

static int measure(struct attached *a, struct comparison *c, const struct comparison_limits *limits)
{
	int pid = a->page.seen_as, err;

	if (!stats_page_alive(&a->page))
		return fail("process %d is gone", pid);
	/* The other's off would be taken for the mode of the process. Its guard has the lock, too. */
	if (flock(a->page.fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		return fail("process %d is being compared already", pid);
	err = stats_page_count(&a->page);
	if (err)
		return directory_explain(pid, err);
	if (!a->page.counts.rings.armed)
		return fail("process %d has no armed ring; regwait stat %d tells why", pid, pid);
	err = start_guard(a);
	if (err)
		return fail("nobody could give process %d its mode back afterwards: %s", pid,
			    error_text(err));
	c->loaded = c->attached = true;
	c->judged = PER_WAIT;
	measure_pairs(a, c, limits);
	stop_guard(a);
	return EXIT_OK;
}

int attach_measure(struct comparison *c, pid_t pid, double slice,
		   const struct comparison_limits *limits)
{
	struct attached a = { .slice = slice };
	signal_set mask;
	int err, sig;

	err = directory_find(&a.page, pid, true);
	if (err)
		return directory_explain(pid, err);
	mask = signals_block_only(ALL_SIGNALS);
	for (sig = 1; sig <= 64; sig++)
		if (!signals_ignored(sig) && !(mask & SIGNAL_BIT(sig)))
			a.ending |= SIGNAL_BIT(sig);
	a.ending &= ~(HARMLESS | STOPPING);
	err = measure(&a, c, limits);
	signals_block_only(mask);
	stats_page_close(&a.page);
	return err;
}
