/* SPDX-License-Identifier: MIT */
/* Runs the program under test: see variant.h. */
#include <errno.h>
#include <fcntl.h>
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

/* The program's own watchdog ends a sequence that hangs; this is for one that stalls. */
#define STALL_MS 30000
#define MAXENV	 512

extern char **environ;

struct running {
	pid_t pid;
	int fd;
	size_t room;
};

void die(const char *fmt, ...)
{
	va_list ap;

	fputs("fuzz: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

/* Our environment, but only the shim's variant has a preload, and none has ours by accident. */
static void make_env(const struct setup *s, int variant, char **env, char *preload, char *stats)
{
	int n = 0;

	for (char **e = environ; *e && n < MAXENV - 3; e++) {
		if (strncmp(*e, "LD_PRELOAD=", 11) && strncmp(*e, "REGWAIT_STATS=", 14))
			env[n++] = *e;
	}
	if (s->preload[variant]) {
		snprintf(preload, 4096, "LD_PRELOAD=%s", s->preload[variant]);
		env[n++] = preload;
		if (s->stats) {
			snprintf(stats, 4096, "REGWAIT_STATS=%s", s->stats);
			env[n++] = stats;
		}
	}
	env[n] = NULL;
}

static void start(const struct setup *s, int variant, char *const argv[], struct running *r)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	char *env[MAXENV], preload[4096], stats[4096];
	int fds[2];

	make_env(s, variant, env, preload, stats);
	if (pipe2(fds, O_CLOEXEC))
		die("pipe: %s", strerror(errno));
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, fds[1], 1);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	errno = posix_spawn(&r->pid, s->seq, &fa, &attr, argv, env);
	if (errno)
		die("cannot start %s: %s", s->seq, strerror(errno));
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	close(fds[1]);
	r->fd = fds[0];
	r->room = 0;
}

/* False when there is no more to come. */
static bool take(struct running *r, struct trace *t)
{
	ssize_t n;

	if (r->room - t->len < 65536) {
		r->room += 1 << 18;
		t->text = realloc(t->text, r->room);
		if (!t->text)
			die("no memory for a trace");
	}
	do {
		n = read(r->fd, t->text + t->len, r->room - t->len - 1);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		t->len += n;
	t->text[t->len] = '\0';
	return n > 0;
}

static void collect(struct running *r, struct trace *t, int n)
{
	int open = n;

	while (open) {
		struct pollfd p[VARIANTS];
		int got;

		for (int i = 0; i < n; i++)
			p[i] = (struct pollfd){ .fd = r[i].fd, .events = POLLIN };
		got = poll(p, n, STALL_MS);
		if (got < 0 && errno == EINTR)
			continue;
		for (int i = 0; i < n; i++) {
			/* A child of a killed program may hold the pipe: its group goes too. */
			if (got <= 0 && r[i].fd >= 0)
				kill(-r[i].pid, SIGKILL);
			if (r[i].fd < 0 || (got > 0 && !p[i].revents))
				continue;
			if (!take(&r[i], &t[i])) {
				close(r[i].fd);
				r[i].fd = -1;
				open--;
			}
		}
	}
	for (int i = 0; i < n; i++) {
		while (waitpid(r[i].pid, &t[i].status, 0) < 0 && errno == EINTR)
			;
	}
}

struct args {
	char *argv[6], what[64], file[4096];
};

static void write_text(const char *file, const char *text)
{
	FILE *f = fopen(file, "we");

	if (!f || fputs(text, f) < 0 || fclose(f))
		die("cannot write %s: %s", file, strerror(errno));
}

static void make_args(const struct setup *s, const struct subject *sub, struct args *a)
{
	a->argv[0] = (char *)s->seq;
	a->argv[3] = s->without ? "--without" : NULL;
	a->argv[4] = (char *)s->without;
	a->argv[5] = NULL;
	if (sub->text) {
		snprintf(a->file, sizeof(a->file), "%s/program.%d", s->dir, getpid());
		write_text(a->file, sub->text);
		a->argv[1] = "--file";
		a->argv[2] = a->file;
	} else {
		snprintf(a->what, sizeof(a->what), "%llu:%llu", sub->from, sub->to);
		a->argv[1] = "--seeds";
		a->argv[2] = a->what;
	}
}

void run_both(const struct setup *s, const struct subject *sub, struct trace t[VARIANTS])
{
	struct running r[VARIANTS];
	struct args a;

	memset(t, 0, VARIANTS * sizeof(*t));
	make_args(s, sub, &a);
	for (int variant = 0; variant < VARIANTS; variant++)
		start(s, variant, a.argv, &r[variant]);
	collect(r, t, VARIANTS);
	if (sub->text)
		unlink(a.file);
}

void run_one(const struct setup *s, const struct subject *sub, int variant, struct trace *t)
{
	struct running r;
	struct args a;

	memset(t, 0, sizeof(*t));
	make_args(s, sub, &a);
	start(s, variant, a.argv, &r);
	collect(&r, t, 1);
	/* A text that it cannot read would be the same in both variants. */
	if (!t->len && WIFEXITED(t->status) && WEXITSTATUS(t->status) == 2)
		die("%s cannot run %s", s->seq, a.argv[2]);
	if (sub->text)
		unlink(a.file);
}

char *seeds_text(const struct setup *s, unsigned long long from, unsigned long long to)
{
	struct trace t = { 0 };
	struct running r;
	char what[64];
	/* clang-format off */
	char *const argv[] = { (char *)s->seq, "--print", "--seeds", what,
			       s->without ? "--without" : NULL, (char *)s->without, NULL };
	/* clang-format on */

	snprintf(what, sizeof(what), "%llu:%llu", from, to);
	start(s, PLAIN, argv, &r);
	collect(&r, &t, 1);
	if (t.status)
		die("%s cannot print the seeds %s", s->seq, what);
	return t.text;
}

void trace_free(struct trace *t)
{
	free(t->text);
	memset(t, 0, sizeof(*t));
}

bool trace_same(const struct trace *a, const struct trace *b)
{
	return a->status == b->status && a->len == b->len && !memcmp(a->text, b->text, a->len);
}
