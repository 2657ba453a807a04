/* SPDX-License-Identifier: MIT */
/*
 * Turns environment variables into options, by the table in contract/options.h.
 *
 * Values are copied: a program may change its environment afterwards. What is not understood is
 * noted here and reported by base/greet.c.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/arch/arch.h"
#include "base/config.h"
#include "base/format.h"
#include "base/libc.h"
#include "base/stderr.h"

struct config config;

#define NO_NUMBER    LONG_MIN
#define SPIN_AUTO    -2 /* the second word */
#define SPIN_AUTO_US 50

enum kind { CHOICE, NUMBER, TEXT };

static const struct option {
	const char *variable;
	enum kind kind;
	const char *def;
	const char *allowed;
} options[] = {
#define X(id, variable, kind, def, allowed, text) [OPTION_##id] = { variable, kind, def, allowed },
	REGWAIT_OPTIONS(X)
#undef X
};

static __attribute__((format(printf, 2, 3))) void complain(struct config *c, const char *format,
							   ...)
{
	size_t used = strlen(c->complaints), room = sizeof(c->complaints) - used;
	va_list args;
	size_t n;

	va_start(args, format);
	n = format_list(c->complaints + used, room, format, args);
	va_end(args);
	if (n >= room)
		c->complaints[used] = '\0'; /* whole lines or nothing */
	c->complained = c->complaints[0];
}

/*
 * Below, strings are gone through by loops of our own. libc's functions for that are many, each lies
 * in a block of pages of its own that the program may not have touched yet, and so each would cost
 * every program's start a page fault of one or two microseconds.
 */

/* The length of the first part of the list. */
static size_t part_length(const char *list, char separator)
{
	size_t n = 0;

	while (list[n] && list[n] != separator)
		n++;
	return n;
}

static bool is_same(const char *value, const char *part, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (value[i] != part[i])
			return false;
	return !value[length];
}

/* The number that begins there; then *at is behind it. What is too large stays too large. */
static long long digits(const char **at)
{
	long long n = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++)
		n = n > INT_MAX ? n : n * 10 + **at - '0';
	return n;
}

/* Which alternative of "a|b|c" the value is, from 0; -1: none. */
static int choice_index(const char *allowed, const char *value)
{
	int i;

	for (i = 0;; i++) {
		size_t n = part_length(allowed, '|');

		if (is_same(value, allowed, n))
			return i;
		if (!allowed[n])
			return -1;
		allowed += n + 1;
	}
}

/*
 * A whole number within "MIN..MAX". "WORD or MIN..MAX" and "WORD, WORD or MIN..MAX" allow these words
 * as well, which are -1 and -2. NO_NUMBER for all else.
 */
static long number_value(const char *allowed, const char *value)
{
	long long min, max, n;
	long word;

	for (word = -1; *allowed > '9'; word--) {
		size_t len = part_length(allowed, ' ');

		len -= allowed[len - 1] == ',';
		if (is_same(value, allowed, len))
			return word;
		allowed += len + (allowed[len] == ',' ? strlen(", ") : strlen(" or "));
	}
	if (value[0] < '0' || value[0] > '9')
		return NO_NUMBER;
	min = digits(&allowed);
	allowed += strlen("..");
	max = digits(&allowed);
	n = digits(&value);
	return *value || n < min || n > max ? NO_NUMBER : n;
}

static bool valid(const struct option *o, const char *value)
{
	switch (o->kind) {
	case CHOICE:
		return choice_index(o->allowed, value) >= 0;
	case NUMBER:
		return number_value(o->allowed, value) != NO_NUMBER;
	case TEXT:
		break;
	}
	return strlen(value) < sizeof(config.stats);
}

/* Is name in the colon-separated list? */
static bool listed(const char *list, const char *name)
{
	while (*list) {
		size_t n = part_length(list, ':');

		if (is_same(name, list, n))
			return true;
		list += n;
		list += *list == ':';
	}
	return false;
}

static int find_option(const char *name, size_t len)
{
	int i;

	for (i = 0; i < OPTION_END; i++)
		if (is_same(options[i].variable, name, len))
			return i;
	return -1;
}

/* REGWAIT or REGWAIT_SOMETHING, with a value. */
static bool is_of_ours(const char *setting, size_t len)
{
	size_t prefix = strlen(REGWAIT_PREFIX), i;

	for (i = 0; i < prefix; i++)
		if (setting[i] != REGWAIT_PREFIX[i])
			return false;
	return setting[len] && (len == prefix || setting[prefix] == '_');
}

/* Modes that leave waits alone leave them alone in every way. */
static bool changes_waits(const struct config *c)
{
	return c->mode != MODE_OFF && c->mode != MODE_OBSERVE;
}

/* Puts the values that are understood into values[], and notes the others. */
static void collect(struct config *c, char **env, const char **values)
{
	for (; env && *env; env++) {
		size_t len = part_length(*env, '=');
		const char *value = *env + len + 1;
		char shown[64];
		int i;

		if (!is_of_ours(*env, len))
			continue;
		i = find_option(*env, len);
		format_printable(shown, i < 0 && len < sizeof(shown) ? len + 1 : sizeof(shown),
				 *env);
		if (i < 0)
			complain(c,
				 "regwait: unknown variable %s ignored; "
				 "libregwait(7) lists those that exist\n",
				 shown);
		else if (*value && !valid(&options[i], value))
			complain(c, "regwait: %s: not a value; allowed: %s; using \"%s\"\n", shown,
				 options[i].allowed, options[i].def);
		else if (*value)
			values[i] = value;
	}
}

void config_parse(struct config *c, char **env, const char *program)
{
	const char *values[OPTION_END];
	int i, pid, spin;

	for (i = 0; i < OPTION_END; i++)
		values[i] = options[i].def;
	collect(c, env, values);

	c->mode = choice_index(options[OPTION_MODE].allowed, values[OPTION_MODE]);
	c->poll = choice_index(options[OPTION_POLL].allowed, values[OPTION_POLL]) == 0;
	c->syscalls = choice_index(options[OPTION_SYSCALL].allowed, values[OPTION_SYSCALL]) == 0;
	c->ringfd = choice_index(options[OPTION_RINGFD].allowed, values[OPTION_RINGFD]);
	c->no_iowait = choice_index(options[OPTION_IOWAIT].allowed, values[OPTION_IOWAIT]) &&
		       changes_waits(c);
	spin = number_value(options[OPTION_SPIN].allowed, values[OPTION_SPIN]);
	c->spin_auto = spin == SPIN_AUTO;
	if (c->spin_auto)
		spin = SPIN_AUTO_US;
	c->spin = spin > 0 && changes_waits(c) && ARCH_CAN_LOOK ? spin : 0;
	c->watches = c->mode == MODE_OBSERVE;
	c->enters_change = c->no_iowait || c->spin || c->watches;
	c->coop = choice_index(options[OPTION_TASKRUN].allowed, values[OPTION_TASKRUN]) &&
		  changes_waits(c);
	c->live = choice_index(options[OPTION_LIVE].allowed, values[OPTION_LIVE]) == 0;
	c->run = number_value(options[OPTION_RUN].allowed, values[OPTION_RUN]);
	c->seed = number_value(options[OPTION_SEED].allowed, values[OPTION_SEED]);
	c->log = choice_index(options[OPTION_LOG].allowed, values[OPTION_LOG]);
	c->slots = number_value(options[OPTION_SLOTS].allowed, values[OPTION_SLOTS]);
	c->max_rings = number_value(options[OPTION_MAX_RINGS].allowed, values[OPTION_MAX_RINGS]);
	if (*values[OPTION_STATS])
		strcpy(c->stats, values[OPTION_STATS]);
	c->sites = values[OPTION_SITES];

	pid = number_value(options[OPTION_PID].allowed, values[OPTION_PID]);
	if ((*values[OPTION_ONLY] && !listed(values[OPTION_ONLY], program)) ||
	    listed(values[OPTION_SKIP], program) || (pid && pid != getpid()) || !libc_is_glibc() ||
	    tsan_reports_us()) {
		if (c->complained)
			c->complaints[0] = '\0';
		memset(c, 0, offsetof(struct config, complaints));
		c->mode = MODE_OFF;
		c->slots = 1;
	}
}

/* Kept, because looking these up in a forked child would cost it a page fault. */
static void learn_of_the_program(void)
{
	const void *random = (const void *)getauxval(AT_RANDOM);

	config.memory_page = getauxval(AT_PAGESZ);
	if (random)
		memcpy(&config.random, random, sizeof(config.random)); /* not aligned */
	strncpy(config.program, program_invocation_short_name, sizeof(config.program) - 1);
}

void config_load(void)
{
	extern char **environ;

	if (__atomic_load_n(&config.loaded, __ATOMIC_ACQUIRE))
		return;
	config_parse(&config, environ, program_invocation_short_name);
	learn_of_the_program();
	/* A privileged program must not write to files that its caller names. */
	if (getauxval(AT_SECURE)) {
		config.stats[0] = '\0';
		config.live = false;
		config.sites = NULL; /* nor run code that its caller writes */
	}
	if (config.log || config.complained || config.stats[0])
		stderr_begin();
	__atomic_store_n(&config.loaded, true, __ATOMIC_RELEASE);
}
