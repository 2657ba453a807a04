/* SPDX-License-Identifier: MIT */
/*
 * regwait env: prints every variable, its value, where the value comes from, and what it means.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/options.h"
#include "commands.h"
#include "common/message.h"
#include "common/report.h"
#include "common/text.h"

static const char help[] =
	"Usage: regwait env [--json]\n"
	"\n"
	"Lists the environment variables that the shim knows, and names those in this\n"
	"environment that begin with REGWAIT but mean nothing to it.\n"
	"\n"
	"Exit status: 0; 1 if there are unknown variables; 2 usage.\n";

static const struct {
	const char *variable, *def, *allowed, *text;
} options[] = {
#define X(id, variable, kind, def, allowed, text) { variable, def, allowed, text },
	REGWAIT_OPTIONS(X)
#undef X
};

#define NR (sizeof(options) / sizeof(options[0]))

static void describe(struct report *r)
{
	size_t i;

	for (i = 0; i < NR; i++) {
		const char *value = getenv(options[i].variable);
		char heading[160];

		snprintf(heading, sizeof(heading), "%s=%s (%s)", options[i].variable,
			 value && *value ? value : options[i].def,
			 value && *value ? "environment" : "default");
		report_section(r, options[i].variable, heading);
		report_string(r, "value", NULL, value && *value ? value : options[i].def);
		report_string(r, "source", NULL, value && *value ? "environment" : "default");
		report_string(r, "allowed", "allowed", options[i].allowed);
		report_string(r, "meaning", "meaning", options[i].text);
	}
}

static int complain_unknown(void)
{
	extern char **environ;
	int unknown = 0;
	char **e;

	for (e = environ; *e; e++) {
		size_t len = strcspn(*e, "="), i;

		if (strncmp(*e, REGWAIT_PREFIX "_", sizeof(REGWAIT_PREFIX)))
			continue;
		for (i = 0; i < NR; i++)
			if (strlen(options[i].variable) == len &&
			    !strncmp(*e, options[i].variable, len))
				break;
		if (i < NR)
			continue;
		fail("%.*s means nothing to the shim; a misspelling?", (int)len, *e);
		unknown++;
	}
	return unknown;
}

int command_env(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	struct report *r;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(help, stdout);
		return EXIT_OK;
	}
	if (argc > 1 + json)
		return misuse("an argument was not understood: %s", text_name(argv[1 + json]));
	r = report_new();
	describe(r);
	report_print(r, json, stdout);
	report_free(r);
	return complain_unknown() ? EXIT_NO : EXIT_OK;
}
