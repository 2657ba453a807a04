/* SPDX-License-Identifier: MIT */
/*
 * Two processes on a processor each pass a byte there and back: half of the rounds they sleep until it
 * comes, and half they try to read it all the time. In a round each sleeps once.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/statistics.h"
#include "waking.h"

#define ROUNDS 10 /* of a block */

struct ends {
	int there[2], back[2];
};

/* False: the other one has ended. */
static bool take(int fd)
{
	ssize_t n;
	char byte;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && (errno == EAGAIN || errno == EINTR));
	return n == 1;
}

static bool give(int fd)
{
	return write(fd, "", 1) == 1;
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void answer(const struct ends *e)
{
	close(e->there[1]);
	while (take(e->there[0]) && give(e->back[1]))
		;
	_exit(0);
}

/* ns for each of those who sleep in a round. */
static double block(const struct ends *e, bool sleeps)
{
	int flags = sleeps ? 0 : O_NONBLOCK, i;
	double start = seconds_now();

	if (fcntl(e->there[0], F_SETFL, flags) || fcntl(e->back[0], F_SETFL, flags))
		return -1;
	for (i = 0; i < ROUNDS; i++)
		if (!give(e->there[1]) || !take(e->back[0]))
			return -1;
	return 1e9 * (seconds_now() - start) / (2 * ROUNDS);
}

static double block_sleeping(void *ends)
{
	return block(ends, true);
}

static double block_trying(void *ends)
{
	return block(ends, false);
}

/* The last two processors that we may run on; the first is often busier. */
static bool two_of(const cpu_set_t *set, int cpus[2])
{
	int cpu, nr = 0;

	for (cpu = CPU_SETSIZE - 1; cpu >= 0 && nr < 2; cpu--)
		if (CPU_ISSET(cpu, set))
			cpus[nr++] = cpu;
	return nr == 2;
}

static bool measure_with_child(struct ends *e, const cpu_set_t *set, struct saving *each)
{
	bool measured = false;
	int cpus[2];
	pid_t pid;

	if (!two_of(set, cpus))
		return false;
	pid = fork();
	if (!pid) {
		stay_on(cpus[1]);
		answer(e);
	}
	if (pid > 0) {
		stay_on(cpus[0]);
		measured = saving_measure(block_sleeping, block_trying, e, each) &&
			   each->median > 0;
		sched_setaffinity(0, sizeof(*set), set);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return measured;
}

bool waking_cost(struct saving *each)
{
	bool measured = false;
	struct ends e;
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) || pipe2(e.there, O_CLOEXEC))
		return false;
	if (!pipe2(e.back, O_CLOEXEC)) {
		measured = measure_with_child(&e, &set, each);
		close(e.back[0]);
		close(e.back[1]);
	}
	close(e.there[0]);
	close(e.there[1]);
	return measured;
}
