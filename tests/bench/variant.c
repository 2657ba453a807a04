/* SPDX-License-Identifier: MIT */
/* See variant.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "variant.h"
#include "wire.h"

/* Far above the time of any block: a worker that is silent for this long hangs. */
#define ANSWER_MS 60000

extern char **environ;

static int because(char why[WHY_SIZE], int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, WHY_SIZE, format, args);
	va_end(args);
	return status;
}

static const char *preload_path(const struct plan *plan, enum preload preload, char *buffer)
{
	if (preload == PRELOAD_SHIM)
		snprintf(buffer, PATH_MAX, "LD_PRELOAD=%s", plan->shim);
	else
		snprintf(buffer, PATH_MAX, "LD_PRELOAD=%s/empty.so", plan->build);
	return buffer;
}

static bool is_ours(const char *variable)
{
	return !strncmp(variable, "LD_PRELOAD=", 11) || !strncmp(variable, "REGWAIT", 7);
}

/* The caller's environment without anything of the shim's, then what the variant says. */
static char **variant_environment(const struct variant *variant, const char *preload,
				  const char *sites, const char *extra)
{
	size_t i, at = 0, count = 0;
	char **env;

	while (environ[count])
		count++;
	env = calloc(count + MAX_VARIANT_ENV + 4, sizeof(*env));
	if (!env)
		return NULL;
	for (i = 0; i < count; i++)
		if (!is_ours(environ[i]))
			env[at++] = environ[i];
	for (i = 0; i < MAX_VARIANT_ENV && variant->env[i]; i++)
		env[at++] = (char *)variant->env[i];
	if (variant->plan_of)
		env[at++] = (char *)sites;
	if (variant->preload != PRELOAD_NOTHING)
		env[at++] = (char *)preload;
	if (extra)
		env[at++] = (char *)extra;
	return env;
}

int spawn_variant(const struct plan *plan, const struct variant *variant, const char *extra_env,
		  char *const argv[], const int fds[3], pid_t *pid, char why[WHY_SIZE])
{
	posix_spawn_file_actions_t actions;
	char preload[PATH_MAX], sites[PATH_MAX], **env;
	int i, ret;

	if (variant->preload == PRELOAD_SHIM && !plan->shim)
		return because(why, 77, "the shim is not built");
	snprintf(sites, PATH_MAX, "REGWAIT_SITES=%s/%s.sites", plan->build, variant->plan_of);
	env = variant_environment(variant, preload_path(plan, variant->preload, preload), sites,
				  extra_env);
	if (!env)
		return because(why, 1, "no memory for an environment");
	posix_spawn_file_actions_init(&actions);
	for (i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	ret = posix_spawn(pid, argv[0], &actions, NULL, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	free(env);
	return ret ? because(why, 1, "cannot start %s: %s", argv[0], strerror(ret)) : 0;
}

static int receive(struct running *run, struct wire_reply *reply, char why[WHY_SIZE])
{
	struct pollfd fd = { .fd = run->from, .events = POLLIN };

	if (poll(&fd, 1, ANSWER_MS) <= 0)
		return because(why, 1, "the worker did not answer for %d s", ANSWER_MS / 1000);
	if (read(run->from, reply, sizeof(*reply)) != sizeof(*reply))
		return because(why, 1, "the worker ended before it answered");
	if (reply->status != WIRE_OK)
		return because(why, reply->status, "%s", reply->text);
	return 0;
}

/* Settings on the worker's command line. */
#define WORDS 11

/* The worker's command line; the strings live in text until it has been started. */
static void command_line(const struct plan *plan, const struct row *row,
			 const struct variant *variant, char text[WORDS][64], char path[PATH_MAX],
			 char *argv[WORDS + 3])
{
	int i = 0, a = 0;

	snprintf(path, PATH_MAX, "%s/worker%s", plan->build,
		 variant->inside	  ? "-inside" :
		 variant->system_liburing ? "-system" :
					    "");
	/* Without a fetched liburing all but the recompiled variant works with the system's. */
	if (!variant->inside && access(path, X_OK))
		snprintf(path, PATH_MAX, "%s/worker-system", plan->build);
	snprintf(text[i++], 64, "kind=%s", variant->kind);
	snprintf(text[i++], 64, "flags=%u", row->ring_flags);
	snprintf(text[i++], 64, "ring_fd=%d", row->ring_fd || variant->ring_fd);
	snprintf(text[i++], 64, "batch=%u", row->batch ? row->batch : 1);
	snprintf(text[i++], 64, "rings=%u", variant->rings ? variant->rings : 1);
	snprintf(text[i++], 64, "threads=%u", variant->threads ? variant->threads : 1);
	snprintf(text[i++], 64, "cpu=%d", plan->cpu);
	snprintf(text[i++], 64, "apart=%d", row->apart);
	snprintf(text[i++], 64, "cpu_time=%d", row->cpu_time);
	snprintf(text[i++], 64, "fifo=%d", row->circumstance == FIFO);
	snprintf(text[i++], 64, "cgroup=%s", plan->cgroup ? plan->cgroup : "");
	argv[a++] = path;
	argv[a++] = (char *)row->workload;
	for (i = 0; i < WORDS; i++)
		argv[a++] = text[i];
	argv[a] = NULL;
}

static int start_worker(const struct plan *plan, const struct row *row,
			const struct variant *variant, const char *extra_env, struct running *run,
			char why[WHY_SIZE])
{
	char text[WORDS][64], path[PATH_MAX], log[PATH_MAX], *argv[WORDS + 3];
	int down[2], up[2], fds[3], ret;

	command_line(plan, row, variant, text, path, argv);
	if (pipe2(down, O_CLOEXEC) || pipe2(up, O_CLOEXEC))
		return because(why, 1, "no pipe: %s", strerror(errno));
	snprintf(log, sizeof(log), "%s/workers.log", plan->build);
	fds[0] = down[0];
	fds[1] = up[1];
	fds[2] = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	ret = spawn_variant(plan, variant, extra_env, argv, fds, &run->pid, why);
	close(fds[0]);
	close(fds[1]);
	close(fds[2]);
	run->to = down[1];
	run->from = up[0];
	if (ret) {
		run->pid = 0;
		variant_stop(run);
	}
	return ret;
}

int variant_start(const struct plan *plan, const struct row *row, enum variant_id variant,
		  const char *extra_env, struct running *run, char why[WHY_SIZE])
{
	struct wire_reply reply;
	int ret = start_worker(plan, row, &variants[variant], extra_env, run, why);

	if (ret)
		return ret;
	ret = receive(run, &reply, why);
	if (ret)
		variant_stop(run);
	return ret;
}

int variant_block(struct running *run, uint64_t ops, double *ns, char why[WHY_SIZE])
{
	struct wire_reply reply;
	int ret;

	if (write(run->to, &ops, sizeof(ops)) != sizeof(ops))
		return because(why, 1, "the worker has ended");
	ret = receive(run, &reply, why);
	if (!ret)
		*ns = reply.ns_per_op;
	return ret;
}

/* At end of file a worker ends by itself; one that hangs is killed. */
void variant_stop(struct running *run)
{
	int i, status;

	close(run->to);
	close(run->from);
	for (i = 0; run->pid && i < 2000; i++) {
		if (waitpid(run->pid, &status, WNOHANG) == run->pid)
			run->pid = 0;
		else
			usleep(500);
	}
	if (run->pid) {
		kill(run->pid, SIGKILL);
		waitpid(run->pid, &status, 0);
	}
	run->pid = 0;
}
