/* SPDX-License-Identifier: MIT */
/*
 * The main function: finds the command in a table.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contract/version.h"
#include "check/selftest.h"
#include "commands.h"
#include "common/launch.h"
#include "common/message.h"
#include "common/text.h"
#include "run/watching.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *text;
} commands[] = {
	{ "check", command_check, "tell whether this system and a program can gain" },
	{ "run", command_run, "run a program with registered waits" },
	{ "stat", command_stat, "show what happens in running programs" },
	{ "set", command_set, "change the mode of a running program" },
	{ "compare", command_compare, "measure what a program gains" },
	{ "sites", command_sites, "list the system calls that a program makes by itself" },
	{ "env", command_env, "list the environment variables" },
};

static void usage(FILE *to)
{
	size_t i;

	fprintf(to, "Usage: regwait COMMAND [ARGUMENTS]\n\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].text);
	fprintf(to, "\nregwait COMMAND --help says more; so does regwait(1).\n");
}

/*
 * If a standard stream is closed, the next file that we open would get its number. So the number is
 * given to a file that can be neither read nor written; in a program that we start it is closed
 * again.
 */
static void occupy_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
}

/* Commands keep words of their arguments; a process of theirs that hides clears the command line. */
static char **copied(int argc, char **argv)
{
	char **copy = must(calloc(argc + 1, sizeof(*copy)));
	int i;

	for (i = 0; i < argc; i++)
		copy[i] = must(strdup(argv[i]));
	return copy;
}

int main(int argc, char **argv)
{
	size_t i;

	occupy_streams();
	launch_prepare();
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		usage(stdout);
		return told(EXIT_OK);
	}
	if (!strcmp(argv[1], "--version")) {
		puts("regwait " REGWAIT_VERSION);
		return told(EXIT_OK);
	}
	if (!strcmp(argv[1], "self-test")) /* check runs this under the shim */
		return selftest_program();
	if (!strcmp(argv[1], "watching")) /* run --observe runs this so */
		return watching_program();
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		message_command(commands[i].name);
		return told(commands[i].run(argc - 1, copied(argc - 1, argv + 1)));
	}
	return misuse("no such command: %s", text_name(argv[1]));
}
