/* SPDX-License-Identifier: MIT */
/*
 * regwait check: what this system can do, what a program is, one diagnosis, one next command.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/process.h"
#include "check/program.h"
#include "check/system.h"
#include "commands.h"
#include "common/message.h"
#include "common/number.h"
#include "common/report.h"

static const char help[] =
	"Usage: regwait check [--json] [PROGRAM | PID]\n"
	"\n"
	"Tells whether this system has registered waits, by trying; and whether PROGRAM,\n"
	"or a running process, can be reached and may gain from them.\n"
	"\n"
	"Exit status: 0 it can; 1 it cannot, or it could not be found out; 2 usage.\n";

static int look_at(struct report *r, const char *what, struct diagnosis *d)
{
	pid_t pid = number_pid(what);
	char *path;

	if (pid)
		return process_check(r, pid, d);
	if (number_is_digits(what)) {
		fail("process %s: there is none", what);
		return -1;
	}
	path = program_find(what, getenv("PATH"));
	if (!path) {
		fail("%s: %s", what, strchr(what, '/') ? strerror(errno) : "not in PATH");
		return -1;
	}
	program_check(r, path, d);
	free(path);
	return 0;
}

int command_check(int argc, char **argv)
{
	struct diagnosis d = { .good = true };
	const char *what = NULL;
	bool json = false;
	struct report *r;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			fputs(help, stdout);
			return EXIT_OK;
		}
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (argv[i][0] == '-' || what)
			return misuse("an argument was not understood: %s", argv[i]);
		else
			what = argv[i];
	}
	r = report_new();
	system_report(r, &d);
	if (what && look_at(r, what, &d)) {
		report_free(r);
		return EXIT_NO;
	}
	report_section(r, NULL, "Diagnosis");
	report_bool(r, "good", NULL, d.good, NULL);
	report_string(r, "diagnosis", d.good ? "good" : "no gain", d.text);
	report_string(r, "next", "next", d.next);
	report_print(r, json, stdout);
	report_free(r);
	return d.good ? EXIT_OK : EXIT_NO;
}
