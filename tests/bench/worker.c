/* SPDX-License-Identifier: MIT */
/*
 * worker WORKLOAD [KEY=VALUE]...: runs blocks of one workload as its driver asks, see wire.h.
 * With count=N it takes no commands, runs N operations and leaves.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "wire.h"
#include "worker.h"

static const struct workload *const workloads[] = {
	&work_nop,	    &work_round,      &work_overflow,	 &work_taskwork, &work_zero,
	&work_expire,	    &work_expire_ms,  &work_pipe,	 &work_tcp,	 &work_create,
	&work_enter2,	    &work_syscall,    &work_pass,	 &work_close,	 &work_enter2_zero,
	&work_syscall_zero, &work_tcp_enter2, &work_tcp_syscall, &work_many,
};

/* An odd number has a middle. */
#define PARTS 9

static struct config config = {
	.rings = 1,
	.threads = 1,
	.batch = 1,
	.cpu = -1,
};

static struct lane lanes[MAX_LANES];
static pthread_barrier_t start_line, end_line;
static uint64_t block_ops;

static unsigned int lane_count(void)
{
	return config.workload->pair ? 2 : config.threads;
}

static int setting(const char *arg)
{
	static const char *const kinds[] = KIND_NAMES;
	const char *value = strchr(arg, '=');
	size_t len = value ? (size_t)(value - arg) : 0;
	unsigned int i;

#define IS(key) (len == sizeof(key) - 1 && !memcmp(arg, key, len))
	if (!value++)
		return -1;
	if (IS("kind")) {
		for (i = 0; i < KIND_COUNT && strcmp(kinds[i], value); i++)
			;
		config.kind = i;
		return i < KIND_COUNT ? 0 : -1;
	}
	if (IS("flags"))
		config.ring_flags = strtoul(value, NULL, 0);
	else if (IS("ring_fd"))
		config.ring_fd = atoi(value);
	else if (IS("rings"))
		config.rings = atoi(value);
	else if (IS("threads"))
		config.threads = atoi(value);
	else if (IS("batch"))
		config.batch = atoi(value);
	else if (IS("cpu"))
		config.cpu = atoi(value);
	else if (IS("apart"))
		config.apart = atoi(value);
	else if (IS("cpu_time"))
		config.cpu_time = atoi(value);
	else if (IS("fifo"))
		config.fifo = atoi(value);
	else if (IS("cgroup"))
		config.cgroup = *value ? value : NULL;
	else if (IS("count"))
		config.count = strtoull(value, NULL, 0);
	else
		return -1;
#undef IS
	return 0;
}

static int parse(int argc, char **argv)
{
	unsigned int i;
	int a;

	for (i = 0; argc > 1 && i < sizeof(workloads) / sizeof(workloads[0]); i++)
		if (!strcmp(workloads[i]->name, argv[1]))
			config.workload = workloads[i];
	if (!config.workload) {
		fprintf(stderr, "worker: no workload '%s'\n", argc > 1 ? argv[1] : "");
		return -1;
	}
	for (a = 2; a < argc; a++) {
		if (setting(argv[a])) {
			fprintf(stderr, "worker: cannot read the setting '%s'\n", argv[a]);
			return -1;
		}
	}
	if (config.count && (config.workload->pair || config.threads > 1)) {
		fprintf(stderr, "worker: count is for one thread\n");
		return -1;
	}
	if (!config.rings || !config.threads || config.threads > MAX_LANES || !config.batch ||
	    config.batch > RING_ENTRIES) {
		fprintf(stderr, "worker: rings, threads or batch out of range\n");
		return -1;
	}
	return 0;
}

/*
 * Lanes that wait for each other share a CPU, unless they are to be apart; independent ones get the next
 * CPU each.
 */
static void pin(unsigned int nr)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;

	if (config.cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(config.workload->pair && !config.apart ? config.cpu : (config.cpu + nr) % cpus,
		&set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* A thousand rings are a thousand files. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static bool enter_cgroup(const char *cgroup)
{
	char path[96];
	int fd;
	bool entered;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	entered = fd >= 0 && write(fd, "0", 1) == 1;
	if (fd >= 0)
		close(fd);
	return entered;
}

/* NULL if this kind can run here, as it is to; else why it cannot. */
static const char *unavailable(void)
{
	const struct sched_param lowest = { .sched_priority = 1 };

	if (config.fifo && sched_setscheduler(0, SCHED_FIFO, &lowest))
		return "SCHED_FIFO is not permitted";
	if (config.cgroup && !enter_cgroup(config.cgroup))
		return "its cgroup cannot be entered";
	if (config.kind == KIND_REG) {
#ifndef HAVE_WAIT_REG
		return "this liburing has no io_uring_submit_and_wait_reg";
#endif
	}
	return NULL;
}

static int lane_setup(struct lane *lane, unsigned int nr)
{
	lane->nr = nr;
	lane->ts = config.workload->timeout;
	lane->slot = nr + 1;
	lane->enter_flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | ENTER_EXT_ARG_REG |
			    (config.ring_fd ? IORING_ENTER_REGISTERED_RING : 0);
	pin(nr);
	if (!region_prepare(lane->slot, &lane->ts))
		return lane_fail(lane, "memory for a wait area", -ENOMEM);
	return config.workload->setup(lane);
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * Caches and predictors are cold after the other workers had the CPU: the first part is not timed.
 * Of the others the median counts, so that a part in which somebody else had the CPU does not.
 */
static void lane_block(struct lane *lane)
{
	uint64_t ns[PARTS], ops = block_ops / PARTS + 1;
	unsigned int i;

	if (config.workload->run(lane, ops))
		return;
	for (i = 0; i < PARTS; i++) {
		lane->ns = 0;
		if (config.workload->run(lane, ops))
			return;
		ns[i] = lane->ns;
	}
	qsort(ns, PARTS, sizeof(ns[0]), ascending);
	lane->ns_per_op = (double)ns[PARTS / 2] / ops;
}

static void *lane_main(void *arg)
{
	struct lane *lane = arg;
	bool ready = !lane_setup(lane, lane - lanes);

	pthread_barrier_wait(&end_line);
	for (;;) {
		pthread_barrier_wait(&start_line);
		if (ready)
			lane_block(lane);
		pthread_barrier_wait(&end_line);
	}
	return NULL;
}

static int start_lanes(void)
{
	unsigned int i, count = lane_count();
	pthread_t thread;
	bool ready;

	pthread_barrier_init(&start_line, NULL, count);
	pthread_barrier_init(&end_line, NULL, count);
	for (i = 0; i < count; i++)
		lanes[i].config = &config;
	if (config.workload->open && config.workload->open(lanes))
		return -1;
	for (i = 1; i < count; i++)
		if (pthread_create(&thread, NULL, lane_main, &lanes[i]))
			return lane_fail(&lanes[0], "pthread_create", -errno);
	ready = !lane_setup(&lanes[0], 0);
	pthread_barrier_wait(&end_line);
	return ready ? 0 : -1;
}

static const char *lane_error(void)
{
	unsigned int i;

	for (i = 0; i < MAX_LANES; i++)
		if (lanes[i].error[0])
			return lanes[i].error;
	return NULL;
}

/* What the process has used of all CPUs. */
static double cpu_ns(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e9 +
	       (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e3;
}

/*
 * Mean time per operation of the lanes; of a pair, the time per round of the first. Or the CPU time per
 * operation, of all lanes and with the first part of the block.
 */
static double run_block(uint64_t ops)
{
	unsigned int i, count = lane_count(), timed = config.workload->pair ? 1 : count;
	double ns = 0, cpu = cpu_ns();

	block_ops = ops;
	pthread_barrier_wait(&start_line);
	lane_block(&lanes[0]);
	pthread_barrier_wait(&end_line);
	if (config.cpu_time)
		return (cpu_ns() - cpu) / ((PARTS + 1) * (ops / PARTS + 1));
	for (i = 0; i < timed; i++)
		ns += lanes[i].ns_per_op;
	return ns / timed;
}

static int say(enum wire_status status, double ns, const char *text)
{
	struct wire_reply reply = { .status = status, .ns_per_op = ns };

	snprintf(reply.text, sizeof(reply.text), "%s", text ? text : "");
	return write(STDOUT_FILENO, &reply, sizeof(reply)) == sizeof(reply) ? 0 : -1;
}

static int serve(const char *why_not)
{
	const char *error = lane_error();
	uint64_t ops;
	double ns;

	if (why_not || error)
		return say(why_not ? WIRE_UNAVAILABLE : WIRE_FAILED, 0, why_not ? why_not : error);
	if (say(WIRE_OK, 0, NULL))
		return 1;
	while (read(STDIN_FILENO, &ops, sizeof(ops)) == sizeof(ops) && ops) {
		ns = run_block(ops);
		error = lane_error();
		if (say(error ? WIRE_FAILED : WIRE_OK, ns, error) || error)
			return 1;
	}
	return 0;
}

static int run_count(const char *why_not)
{
	if (!why_not && !lane_error()) {
		/* No warm-up here: exactly as many operations as were asked for. */
		config.workload->run(&lanes[0], config.count);
	}
	if (!why_not)
		why_not = lane_error();
	else
		return fprintf(stderr, "worker: %s\n", why_not), WIRE_UNAVAILABLE;
	if (why_not)
		return fprintf(stderr, "worker: %s\n", why_not), WIRE_FAILED;
	return 0;
}

int main(int argc, char **argv)
{
	const char *why_not;

	if (parse(argc, argv))
		return 1;
	raise_file_limit();
	why_not = unavailable();
	if (!why_not && start_lanes() && !lane_error())
		lane_fail(&lanes[0], "starting", -EINVAL);
	return config.count ? run_count(why_not) : serve(why_not);
}
