/* SPDX-License-Identifier: MIT */
/*
 * Starts a program again and again with random values of the REGWAIT variables:
 *	storm SEED COUNT SHIM DIRECTORY PROGRAM ARGUMENT...
 * Its output and exit status must stay what they are without any. Files that
 * REGWAIT_STATS makes go to DIRECTORY. A run that differs is printed with
 * its environment; its seed repeats it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../../shim/contract/options.h"

#define OUTPUT_MAX    65536
#define VARIABLES_MAX 8
#define VALUE_MAX     6000

struct outcome {
	char output[OUTPUT_MAX];
	size_t len;
	int status;
};

enum kind { CHOICE, NUMBER, TEXT };

static const struct {
	const char *name;
	enum kind kind;
	const char *allowed;
} variables[] = {
#define X(id, variable, kind, def, allowed, text) { variable, kind, allowed },
	REGWAIT_OPTIONS(X)
#undef X
};

static uint64_t state;

static unsigned below(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 16) % n;
}

/* What people type, and what nobody would type. */
static void random_value(char *to, const char *allowed)
{
	/* clang-format off */
	static const char *const known[] = {
		"", "1", "0", "on", "off", "-1", "63", "64", "4095", "4096", "1e3", "0x10", " 1",
		"1 ", "+5", "99999999999999999999", "ON", "on|off", "|", "1..2", "%p", "%", "%s%n",
		"%%p", ":", "::", "rings", "rings:storm", "auto", "true", "\n", "\t", "\xff\xfe",
		"=", "a=b",
	};
	/* clang-format on */
	size_t len, i;

	switch (below(6)) {
	case 0: /* one of those it wants, if that is a list */
		i = below(4);
		while (i-- && strchr(allowed, '|') && strchr(allowed, '|')[1])
			allowed = strchr(allowed, '|') + 1;
		snprintf(to, VALUE_MAX, "%.*s", (int)strcspn(allowed, "|."), allowed);
		break;
	case 1:
		snprintf(to, VALUE_MAX, "%u", below(5000));
		break;
	case 2:
		len = below(below(2) ? 40 : VALUE_MAX - 1);
		for (i = 0; i < len; i++)
			to[i] = 1 + below(255);
		to[len] = '\0';
		break;
	case 3:
		len = below(VALUE_MAX - 1);
		memset(to, "a1%:/-"[below(6)], len);
		to[len] = '\0';
		break;
	default:
		strcpy(to, known[below(sizeof(known) / sizeof(known[0]))]);
	}
}

static char *random_variable(const char *directory)
{
	unsigned which = below(sizeof(variables) / sizeof(variables[0]) + 1);
	char value[VALUE_MAX], *text;
	const char *name;
	int n;

	if (which == sizeof(variables) / sizeof(variables[0])) {
		char tail[VALUE_MAX];

		random_value(value, "");
		random_value(tail, "X|_Y|Z");
		tail[strcspn(tail, "=")] = '\0';
		n = asprintf(&text, "REGWAIT%s=%s", tail, value);
		return n < 0 ? NULL : text;
	}
	name = variables[which].name;
	random_value(value, variables[which].allowed);
	/* Kept from writing anywhere else, or leaving files of shared memory behind. */
	if (!strcmp(name, "REGWAIT_STATS") && strcmp(value, "1"))
		n = asprintf(&text, "%s=%s/%s", name, directory, value);
	else if (!strcmp(name, "REGWAIT_RUN"))
		n = asprintf(&text, "%s=x%s", name, value);
	else
		n = asprintf(&text, "%s=%s", name, value);
	return n < 0 ? NULL : text;
}

static void run(char **argv, char **env, struct outcome *o)
{
	int out[2];
	ssize_t n;
	pid_t pid;

	o->len = 0;
	if (pipe(out))
		exit(1);
	pid = fork();
	if (!pid) {
		alarm(100);
		dup2(out[1], STDOUT_FILENO);
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		close(out[0]);
		close(out[1]);
		execve(argv[0], argv, env);
		_exit(127);
	}
	close(out[1]);
	while ((n = read(out[0], o->output + o->len, OUTPUT_MAX - o->len)) > 0)
		o->len += n;
	close(out[0]);
	waitpid(pid, &o->status, 0);
}

static void tell(unsigned long seed, char **env)
{
	printf("seed %lu differs; its environment:\n", seed);
	for (; *env; env++)
		printf("  %.300s\n", *env);
}

int main(int argc, char **argv)
{
	static struct outcome reference, o;
	char *none[] = { NULL }, *env[VARIABLES_MAX + 2];
	unsigned long seed, count, bad = 0;
	char preload[4096];

	if (argc < 6) {
		fprintf(stderr, "usage: storm SEED COUNT SHIM DIRECTORY PROGRAM ARGUMENT...\n");
		return 1;
	}
	seed = strtoul(argv[1], NULL, 10);
	count = strtoul(argv[2], NULL, 10);
	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", argv[3]);
	run(argv + 5, none, &reference);
	if (reference.status || !reference.len) {
		printf("%s fails by itself\n", argv[5]);
		return 1;
	}
	for (; count--; seed++) {
		unsigned i, n;

		state = (seed + 1) * 0x9e3779b97f4a7c15ULL;
		n = 1 + below(VARIABLES_MAX);
		for (i = 0; i < n; i++)
			env[i] = random_variable(argv[4]);
		env[n] = preload;
		env[n + 1] = NULL;
		run(argv + 5, env, &o);
		if (o.status != reference.status || o.len != reference.len ||
		    memcmp(o.output, reference.output, o.len)) {
			tell(seed, env);
			printf("status %#x\n%.*s", o.status, (int)o.len, o.output);
			bad++;
		}
		for (i = 0; i < n; i++)
			free(env[i]);
	}
	printf("%lu runs differ\n", bad);
	return bad != 0;
}
