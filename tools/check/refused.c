/* SPDX-License-Identifier: MIT */
/*
 * Finds out why the kernel refuses io_uring. One errno has many causes, so each cause is looked for
 * in its place: the switch under /proc/sys, a seccomp filter of this process, the limit of locked
 * memory.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "refused.h"

#define ALLOW "sysctl -w kernel.io_uring_disabled=0"

int refused_switch(void)
{
	FILE *f = fopen("/proc/sys/kernel/io_uring_disabled", "re");
	int value = -1;

	if (f && fscanf(f, "%d", &value) != 1)
		value = -1;
	if (f)
		fclose(f);
	return value;
}

int refused_filter(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[128];
	int mode = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Seccomp: %d", &mode) == 1)
			break;
	if (f)
		fclose(f);
	return mode == 2;
}

/* Container managers are recognised by files that they leave; else systemd is assumed. */
static const char *without_filter(void)
{
	if (!access("/run/.containerenv", F_OK))
		return "podman run --security-opt seccomp=unconfined IMAGE";
	if (!access("/.dockerenv", F_OK))
		return "docker run --security-opt seccomp=unconfined IMAGE";
	return "systemd-run --pty --property=SystemCallFilter=@io-uring PROGRAM";
}

static void say(struct refused *r, const char *next, const char *text)
{
	snprintf(r->text, sizeof(r->text), "%s", text);
	r->next = next;
}

/* Is io_uring_disabled the cause of this error? Then says so, and returns true. */
static bool forbidden(int err, struct refused *r)
{
	int value = refused_switch();

	/* 1 does not concern root, so the cause is another one. */
	if (err == -EPERM && (value == 2 || (value == 1 && geteuid())))
		say(r, ALLOW,
		    value == 2 ? "io_uring is forbidden here: kernel.io_uring_disabled is 2" :
				 "io_uring is for root and the group kernel.io_uring_group here: "
				 "kernel.io_uring_disabled is 1");
	else if (refused_filter() && (err == -EPERM || err == -ENOSYS || err == -EACCES))
		say(r, without_filter(),
		    "a seccomp filter, as of a container or a service, refuses io_uring here");
	else if (err == -ENOSYS)
		say(r, "uname -r", "this kernel has no io_uring; it came with Linux 5.1");
	else
		return false;
	return true;
}

static void no_memory(struct refused *r)
{
	struct rlimit limit = { 0 };

	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (limit.rlim_cur == RLIM_INFINITY) {
		say(r, "free -m", "there is not enough memory for a ring here");
		return;
	}
	snprintf(r->text, sizeof(r->text),
		 "this user's locked memory is used up; its limit is %llu bytes",
		 (unsigned long long)limit.rlim_cur);
	r->next = "ulimit -l unlimited";
}

static void unknown(const struct probe *p, int err, struct refused *r)
{
	snprintf(r->text, sizeof(r->text), "%s: %s",
		 p->ring ? "io_uring is not available here" :
			   "the kernel refuses to register a wait area",
		 strerror(-err));
	r->next = p->ring ? "strace -e io_uring_setup regwait check" :
			    "strace -e io_uring_register regwait check";
}

void refused_explain(const struct probe *p, struct refused *r)
{
	int err = p->ring ? p->ring : p->region ? p->region : p->enable ? p->enable : p->wait;

	if (!p->ring && p->region == -EINVAL)
		say(r, "uname -r",
		    "this kernel has no registered waits; they came with Linux 6.13. Programs run "
		    "unchanged under the shim");
	else if (err == -ENOMEM)
		no_memory(r);
	else if (!forbidden(err, r))
		unknown(p, err, r);
}
