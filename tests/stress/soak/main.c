/* SPDX-License-Identifier: MIT */
/*
 * soak SCENARIO SIZE ROUNDS: runs a scenario ROUNDS times and checks whether it holds more at the
 * end than at the beginning.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "soak.h"

const char *self;

static const struct scenario {
	const char *name;
	round_fn *round;
	bool counts_slots; /* ends with a census: never more threads than slots */
} scenarios[] = {
	{ "shared", round_shared, false },
	{ "shortlived", round_shortlived, true },
	{ "destructor", round_destructor, true },
	{ "churn", round_churn, true },
	{ "cancel-deferred", round_cancel_deferred, true },
	{ "cancel-async", round_cancel_async, true },
	{ "cancel-early", round_cancel_early, true },
	{ "exit-in-handler", round_exit_in_handler, true },
	{ "jump", round_jump, true },
	{ "handler", round_handler, true },
	{ "handler-start", round_handler_start, true },
	{ "restart", round_restart, true },
	{ "stop", round_stop, true },
	{ "fork", round_fork, true },
	{ "clone", round_clone, true },
	{ "clone-vm", round_clone_vm, true },
	{ "chain", round_chain, false },
	{ "vfork", round_vfork, true },
	{ "spawn", round_spawn, true },
	{ "many", round_many, false },
	{ "memlock", round_memlock, false },
	{ "memlock-workers", round_memlock_workers, false },
	{ "endings", round_endings, true },
	{ "bare", round_bare, true },
};

/*
 * The first rounds are not counted: thread stacks that libc keeps, malloc's arenas, pages of code.
 * What still grows with the rounds after them is a leak.
 */
static void run_rounds(round_fn *round, int size, int rounds)
{
	struct holdings before, after;
	int i, warm = rounds < 3 ? 1 : 2;

	sanitizer_settle();
	for (i = 0; i < warm; i++)
		round(size);
	holdings_now(&before);
	for (i = 0; i < rounds; i++)
		round(size);
	holdings_now(&after);
	CHECK(after.fds <= before.fds, "descriptors: %ld before, %ld after", before.fds, after.fds);
	if (sanitized())
		return; /* a sanitizer has memory of its own */
	CHECK(after.maps <= before.maps + 8, "mappings: %ld before, %ld after", before.maps,
	      after.maps);
	CHECK(after.rss_kb <= before.rss_kb + 4096, "resident memory: %ld kB before, %ld after",
	      before.rss_kb, after.rss_kb);
}

static const struct scenario *find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++)
		if (!strcmp(scenarios[i].name, name))
			return &scenarios[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct rlimit no_core = { 0, 0 };
	const struct scenario *s;

	self = argv[0];
	setrlimit(RLIMIT_CORE, &no_core);
	if (argc == 3 && !strcmp(argv[1], "child"))
		return child_main(argv[2]);
	s = argc == 4 ? find(argv[1]) : NULL;
	if (!s) {
		fprintf(stderr, "usage: %s SCENARIO SIZE ROUNDS\n", argv[0]);
		return 2;
	}
	run_rounds(s->round, atoi(argv[2]), atoi(argv[3]));
	if (s->counts_slots)
		census();
	return failed();
}
