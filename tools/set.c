/* SPDX-License-Identifier: MIT */
/*
 * regwait set: changes the mode of a running program.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "common/message.h"
#include "common/number.h"
#include "common/text.h"
#include "stats/directory.h"

static const char help[] =
	"Usage: regwait set PID MODE\n"
	"\n"
	"Changes what the shim does in a running program, from its next wait on. Rings\n"
	"are armed when they are made: a program that was started with REGWAIT=off has\n"
	"none.\n"
	"It must run with REGWAIT_LIVE=on, as under regwait run.\n"
	"\n"
	"  on       timed waits are registered\n"
	"  off      timed waits go the plain way\n"
	"  observe  the same, and are counted by what would become of them\n"
	"  ab, aa   a coin decides for each wait; only of a program that was started\n"
	"           with ab or aa, since others keep no times\n"
	"\n"
	"Exit status: 0 done; 1 not; 2 usage.\n";

static int set_mode(const struct stats_page *p, enum regwait_mode mode)
{
	int err;

	if (!stats_page_alive(p))
		return fail("process %d is gone", (int)stats_page_pid(p));
	if ((mode == MODE_AB || mode == MODE_AA) && !p->times_offset)
		return fail("process %d keeps no times; start it with regwait run --ab",
			    (int)stats_page_pid(p));
	err = stats_page_set_mode(p, mode);
	return err ? fail("the mode of process %d cannot be set: %s", (int)stats_page_pid(p),
			  error_text(err)) :
		     EXIT_OK;
}

int command_set(int argc, char **argv)
{
	struct stats_page p;
	int mode, err;
	pid_t pid;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(help, stdout);
		return EXIT_OK;
	}
	if (argc != 3)
		return misuse("a process id and a mode are needed");
	pid = number_pid(argv[1]);
	if (!pid)
		return misuse("not a process id: %s", text_name(argv[1]));
	mode = mode_by_name(argv[2]);
	if (mode < 0)
		return misuse("no such mode: %s", text_name(argv[2]));
	err = directory_find(&p, pid, true);
	if (err)
		return directory_explain(pid, err);
	err = set_mode(&p, mode);
	stats_page_close(&p);
	return err;
}
