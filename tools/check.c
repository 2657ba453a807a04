/* SPDX-License-Identifier: MIT */
/*
 * regwait check: says what this system can do and what a program is, and ends with one diagnosis
 * and one command to run next.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/left_out.h"
#include "check/process.h"
#include "check/program.h"
#include "check/system.h"
#include "commands.h"
#include "common/message.h"
#include "common/number.h"
#include "common/option.h"
#include "common/report.h"
#include "common/text.h"

#define EXIT_NOT_ON 3

static const char help[] =
	"Usage: regwait check [--json] [PROGRAM | PID]\n"
	"\n"
	"Tells whether this system has registered waits, by trying; and whether PROGRAM,\n"
	"or a running process, can be reached and may gain from them.\n"
	"\n"
	"Exit status: 0 it can, and a process does; 1 it cannot, or it could not be found\n"
	"out; 2 usage; 3 possible, but not on.\n";

static void look_at_environment(const char *path, struct diagnosis *d)
{
	const char *variable = left_out_by(path), *slash = strrchr(path, '/');
	const char *words[] = { "env", "-u", variable, "regwait", "run", path, NULL };

	if (variable)
		diagnosis_words(d, DIAGNOSIS_POSSIBLE, words, "%s %s", left_out_how(variable),
				slash ? slash + 1 : path);
}

static void report_diagnosis(struct report *r, const struct diagnosis *d)
{
	static const struct {
		const char *label, *word;
		enum report_colour colour;
	} kinds[] = {
		[DIAGNOSIS_GOOD] = { "good", "good", REPORT_GREEN },
		[DIAGNOSIS_POSSIBLE] = { "possible, but not on", "possible", REPORT_YELLOW },
		[DIAGNOSIS_NO] = { "no gain", "no", REPORT_RED },
	};

	report_section(r, NULL, "Diagnosis");
	report_bool(r, "good", NULL, d->kind == DIAGNOSIS_GOOD, NULL);
	report_string(r, "kind", NULL, kinds[d->kind].word);
	report_string(r, "diagnosis", kinds[d->kind].label, d->text);
	report_colour(r, kinds[d->kind].colour);
	report_command(r, "next", "next", d->next);
}

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
		fail("cannot find %s: %s", text_name(what),
		     strchr(what, '/') ? error_text(errno) : "not in PATH");
		return -1;
	}
	program_check(r, path, d);
	look_at_environment(path, d);
	free(path);
	return 0;
}

/* 0, -1 after --help, or an exit code. */
static int parse(int argc, char **argv, bool *json)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (c == 'h') {
			fputs(help, stdout);
			return -1;
		}
		if (c != 'j')
			return option_misuse(c, argv);
		*json = true;
	}
	if (argc - optind > 1)
		return misuse("more than one program or process: %s", argv[optind + 1]);
	return 0;
}

int command_check(int argc, char **argv)
{
	static const int codes[] = {
		[DIAGNOSIS_GOOD] = EXIT_OK,
		[DIAGNOSIS_POSSIBLE] = EXIT_NOT_ON,
		[DIAGNOSIS_NO] = EXIT_NO,
	};
	struct diagnosis d = { 0 };
	const char *what;
	bool json = false;
	struct report *r;
	int err = parse(argc, argv, &json);

	if (err)
		return err < 0 ? EXIT_OK : err;
	what = argv[optind];
	r = report_new();
	system_report(r, &d);
	if (what && look_at(r, what, &d)) {
		report_free(r);
		return EXIT_NO;
	}
	report_diagnosis(r, &d);
	report_print(r, json, stdout);
	report_free(r);
	return codes[d.kind];
}
