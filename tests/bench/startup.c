/* SPDX-License-Identifier: MIT */
/* See startup.h. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "facts.h"
#include "startup.h"

#define MIN_STARTS 20U

static int run_once(const struct plan *plan, enum variant_id variant, const char *program,
		    const char *argument, int out, double *ns, char why[WHY_SIZE])
{
	char path[PATH_MAX];
	char *argv[] = { path, (char *)argument, NULL };
	int fds[3] = { out, out, out };
	double start = now_ns();
	int status;
	pid_t pid;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", plan->build, program);
	ret = spawn_variant(plan, &variants[variant], NULL, argv, fds, &pid, why);
	if (ret)
		return ret;
	if (waitpid(pid, &status, 0) != pid || status) {
		snprintf(why, WHY_SIZE, "the program did not end well (status 0x%x)", status);
		return 1;
	}
	*ns = now_ns() - start;
	return 0;
}

/* The median of three starts: one of them may have lost the CPU to another process. */
static int run_three_times(const struct plan *plan, enum variant_id variant, const char *program,
			   int out, double *ns, char why[WHY_SIZE])
{
	double three[3];
	int i, ret;

	for (i = 0; i < 3; i++) {
		ret = run_once(plan, variant, program, NULL, out, &three[i], why);
		if (ret)
			return ret;
	}
	*ns = median(three, 3);
	return 0;
}

/* Threads, files and KiB mapped, in this order, in a process of this variant. */
static bool look_inside(const struct plan *plan, enum variant_id variant, unsigned int found[3])
{
	char answer[96] = "", why[WHY_SIZE];
	int fds[2], status;
	double ns;

	if (pipe2(fds, O_CLOEXEC))
		return false;
	status = run_once(plan, variant, "still", "self", fds[1], &ns, why);
	close(fds[1]);
	if (!status && read(fds[0], answer, sizeof(answer) - 1) < 0)
		status = 1;
	close(fds[0]);
	return !status && sscanf(answer, "%u %u %u", &found[0], &found[1], &found[2]) == 3;
}

/* Against the empty library: the loader itself keeps a few bytes for each library. */
static void compare_insides(const struct plan *plan)
{
	static const char *const names[] = { "start.threads", "start.files", "start.kib" };
	unsigned int empty[3], shim[3], i;

	if (!look_inside(plan, EMPTY_LIBRARY, empty) || !look_inside(plan, SHIM, shim))
		return;
	for (i = 0; i < 3; i++)
		fact_set(names[i], (double)shim[i] - empty[i]);
}

void measure_start(const struct plan *plan, struct result *result)
{
	unsigned int generation, i, first, index;
	int devnull = open("/dev/null", O_RDWR | O_CLOEXEC);
	double start = now_ns();

	for (generation = 0; generation < result->planned; generation++) {
		if (generation >= MIN_STARTS && now_ns() - start > plan->row_ns)
			break;
		first = random_below(result->count);
		for (i = 0; i < result->count; i++) {
			double ns = 0;
			int status;

			index = (first + (generation & 1 ? result->count - i : i)) % result->count;
			if (result->why[index][0])
				continue;
			status = run_three_times(plan, result->row->variants[index],
						 result->row->start, devnull, &ns,
						 result->why[index]);
			if (status && status != 77)
				result->failed = true;
			variant_samples(result, index)[generation] = ns;
		}
	}
	close(devnull);
	result->generations = generation;
	if (variant_index(result->row, EMPTY_LIBRARY) >= 0)
		compare_insides(plan);
}
