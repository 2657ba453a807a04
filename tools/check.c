/* SPDX-License-Identifier: MIT */
/*
 * regwait check: the doctor. What this system can do, what a program is, one
 * verdict, one next command.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/program.h"
#include "check/system.h"
#include "commands.h"
#include "common/message.h"
#include "common/report.h"

static const char help[] =
	"Usage: regwait check [--json] [PROGRAM | PID]\n"
	"\n"
	"Tells whether this system has registered waits, by trying; and whether PROGRAM,\n"
	"or a running process, can be reached and may gain from them.\n"
	"\n"
	"Exit status: 0 it can; 1 it cannot, or it could not be found out; 2 usage.\n";

static int look_at(struct report *r, const char *what, struct verdict *v)
{
	char *end, *path;
	long pid = strtol(what, &end, 10);

	if (!*end && pid > 0)
		return program_running(r, pid, v);
	path = program_find(what);
	if (!path) {
		fail("%s: %s", what, strchr(what, '/') ? strerror(errno) : "not in PATH");
		return -1;
	}
	program_file(r, path, v);
	free(path);
	return 0;
}

int command_check(int argc, char **argv)
{
	struct verdict v = { .good = true };
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
	system_report(r, &v);
	if (what && look_at(r, what, &v)) {
		report_free(r);
		return EXIT_NO;
	}
	report_section(r, NULL, "Verdict");
	report_bool(r, "good", NULL, v.good, NULL);
	report_string(r, "verdict", v.good ? "good" : "no gain", v.text);
	report_string(r, "next", "next", v.next);
	report_print(r, json, stdout);
	report_free(r);
	return v.good ? EXIT_OK : EXIT_NO;
}
