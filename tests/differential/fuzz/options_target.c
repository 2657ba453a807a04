/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer target: any environment at all must give options that make sense. The input
 * is the program's name and then the variables, each ended by a zero byte.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../../shim/base/config.h"

#define MOST 64

/* Each failure has a line of its own, so that a report names the promise that was broken. */
#define must(x) \
	do { \
		if (!(x)) \
			__builtin_trap(); \
	} while (0)

static void check_ranges(const struct config *c)
{
	must(c->mode < MODE_END);
	must(c->log <= LOG_DEBUG);
	must(c->slots >= 1 && c->slots <= 4095);
	must(c->max_rings >= -1 && c->max_rings <= 1000000);
	must(c->run >= 0);
	must(memchr(c->stats, '\0', sizeof(c->stats)));
}

/* What is written is whole lines, each of them ours, or nothing. */
static void check_complaints(const struct config *c)
{
	size_t len = strnlen(c->complaints, sizeof(c->complaints));

	must(len < sizeof(c->complaints));
	must(!len || c->complaints[len - 1] == '\n');
	must(!len || !strncmp(c->complaints, "regwait: ", 9));
}

/* The file name is one that somebody gave, or none. */
static void check_stats(const struct config *c, char **env)
{
	bool given = !*c->stats;

	for (; *env; env++)
		given |= !strncmp(*env, "REGWAIT_STATS=", 14) && !strcmp(*env + 14, c->stats);
	must(given);
}

/* What is not ours has no effect, wherever it stands. */
static void check_foreign(const struct config *c, char **env, size_t nr, const char *program)
{
	/* clang-format off */
	static char *const foreign[] = { "PATH=/bin", "REGWAI=off", "XREGWAIT=off", "REGWAITING=1",
					 "=", "", "regwait=off" };
	/* clang-format on */
	static struct config again;
	char *mixed[MOST * 2 + 2];
	size_t n = 0;

	for (size_t i = 0; i < nr; i++) {
		mixed[n++] = foreign[i % (sizeof(foreign) / sizeof(foreign[0]))];
		mixed[n++] = env[i];
	}
	mixed[n] = NULL;
	memset(&again, 0, sizeof(again));
	config_parse(&again, mixed, program);
	must(again.mode == c->mode && again.log == c->log && again.poll == c->poll);
	must(again.live == c->live && again.run == c->run && again.seed == c->seed);
	must(again.slots == c->slots && again.max_rings == c->max_rings);
	must(!strcmp(again.stats, c->stats) && !strcmp(again.complaints, c->complaints));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config c;
	char *text = malloc(size + 1), *env[MOST + 1], *at;
	size_t nr = 0;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (at = text + strlen(text) + 1; at < text + size && nr < MOST; at += strlen(at) + 1)
		env[nr++] = at;
	env[nr] = NULL;
	memset(&c, 0, sizeof(c));
	config_parse(&c, env, text);
	check_ranges(&c);
	check_complaints(&c);
	check_stats(&c, env);
	check_foreign(&c, env, nr, text);
	free(text);
	return 0;
}
