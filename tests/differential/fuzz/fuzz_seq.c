/* SPDX-License-Identifier: MIT */
/*
 * An ordinary liburing program that makes or reads sequences of ring operations, runs
 * them, and prints all that a program can see. It knows of no preload: the driver runs it
 * without and with one, and compares.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "gen.h"
#include "world.h"

#define HANG_S 3

static const char usage[] =
	"usage: fuzz_seq [--print] [--without OP,OP] --seed N | --seeds FROM:TO | --file FILE\n";

static const char *without;

static timer_t watch;

/* Whatever a sequence does to its signals, SIGKILL arrives. */
static void watch_open(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL };

	if (timer_create(CLOCK_MONOTONIC, &ev, &watch)) {
		perror("fuzz_seq: timer_create");
		exit(1);
	}
}

static void watch_set(int seconds)
{
	struct itimerspec its = { .it_value.tv_sec = seconds };

	timer_settime(watch, 0, &its, NULL);
}

static char *slurp(const char *name)
{
	FILE *f = strcmp(name, "-") ? fopen(name, "re") : stdin;
	size_t len = 0, room = 1 << 16, n;
	char *text = f ? malloc(room) : NULL;

	while (text && (n = fread(text + len, 1, room - len - 1, f))) {
		len += n;
		if (room - len < 4096)
			text = realloc(text, room *= 2);
	}
	if (!text) {
		perror(name);
		exit(1);
	}
	text[len] = '\0';
	return text;
}

static void print(const struct prog *p)
{
	char buf[256];

	for (size_t i = 0; i < p->nr; i++) {
		line_print(&p->line[i], buf, sizeof(buf));
		puts(buf);
	}
}

static void run(struct world *w, const struct prog *p)
{
	watch_set(HANG_S);
	world_begin(w);
	world_run(w, p, 0, p->nr);
	world_end(w);
	watch_set(0);
}

static void do_seeds(struct world *w, uint64_t from, uint64_t to, bool only_print)
{
	for (uint64_t seed = from; seed < to; seed++) {
		struct prog p = { 0 };

		gen_seed(&p, seed, without);
		if (only_print) {
			/* One text for several seeds, each in a world of its own. */
			if (seed != from)
				puts("reset");
			print(&p);
		} else {
			say(w, "# seed %llu", (unsigned long long)seed);
			say_end(w);
			run(w, &p);
		}
		prog_free(&p);
	}
}

static void do_file(struct world *w, const char *name, bool only_print)
{
	struct prog p = { 0 };
	char *text = slurp(name);

	if (prog_parse(&p, text, name))
		exit(2);
	if (only_print)
		print(&p);
	else
		run(w, &p);
	free(text);
}

int main(int argc, char **argv)
{
	/* clang-format off */
	static const struct option opts[] = {
		{ "print", no_argument, NULL, 'p' }, { "seed", required_argument, NULL, 's' },
		{ "seeds", required_argument, NULL, 'S' }, { "file", required_argument, NULL, 'f' },
		{ "without", required_argument, NULL, 'w' }, { 0 }
	};
	/* clang-format on */
	unsigned long long from = 0, to = 0;
	const char *file = NULL;
	bool only_print = false;
	static struct world w;
	int c;

	while ((c = getopt_long(argc, argv, "", opts, NULL)) != -1) {
		if (c == 'p')
			only_print = true;
		else if (c == 's' && sscanf(optarg, "%llu", &from) == 1)
			to = from + 1;
		else if (c == 'w')
			without = optarg;
		else if (c == 'f')
			file = optarg;
		else if (c != 'S' || sscanf(optarg, "%llu:%llu", &from, &to) != 2)
			to = from = 0;
	}
	if (optind != argc || (!file && from >= to)) {
		fputs(usage, stderr);
		return 2;
	}
	if (!only_print) {
		world_open(&w, STDOUT_FILENO);
		watch_open();
	}
	if (file)
		do_file(&w, file, only_print);
	else
		do_seeds(&w, from, to, only_print);
	return 0;
}
