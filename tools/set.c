/* SPDX-License-Identifier: MIT */
/*
 * regwait set: changes the mode of a running program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "common/message.h"
#include "stats/stats_page.h"

static const char help[] =
	"Usage: regwait set PID MODE\n"
	"\n"
	"Changes what the shim does in a running program, from its next wait on. Rings are\n"
	"armed when they are made: a program that was started with REGWAIT=off has none.\n"
	"It must run with REGWAIT_LIVE=on, as under regwait run.\n"
	"\n"
	"  on       timed waits are registered\n"
	"  off      timed waits go the plain way\n"
	"  observe  the same, and are counted by what would become of them\n"
	"  ab, aa   a coin decides for each wait; only if it was started so, since only\n"
	"           then it keeps times\n"
	"\n"
	"Exit status: 0 done; 1 not; 2 usage.\n";

int command_set(int argc, char **argv)
{
	struct stats_page p;
	int mode, err;
	char *end;
	long pid;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(help, stdout);
		return EXIT_OK;
	}
	if (argc != 3)
		return misuse("a process id and a mode are needed");
	pid = strtol(argv[1], &end, 10);
	if (*end || pid <= 0 || pid > INT32_MAX)
		return misuse("not a process id: %s", argv[1]);
	mode = mode_by_name(argv[2]);
	if (mode < 0)
		return misuse("no such mode: %s", argv[2]);
	err = stats_page_open(&p, pid, true);
	if (err)
		return stats_page_explain(pid, err);
	if (!p.alive) {
		stats_page_close(&p);
		return fail("process %ld is gone", pid);
	}
	if ((mode == MODE_AB || mode == MODE_AA) && !p.arms_offset) {
		stats_page_close(&p);
		return fail("process %ld keeps no times; start it with regwait run --ab", pid);
	}
	__atomic_store_n(&p.map->mode, mode, __ATOMIC_RELAXED);
	stats_page_close(&p);
	return EXIT_OK;
}
