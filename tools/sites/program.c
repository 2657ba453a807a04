/* SPDX-License-Identifier: MIT */
/*
 * Makes plans for regwait run --sites and regwait compare --sites. They are made anew each time,
 * which takes milliseconds, so a plan is never older than its file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "check/closure.h"
#include "check/libraries.h"
#include "check/program.h"
#include "common/message.h"
#include "common/text.h"
#include "decoder.h"
#include "machine.h"
#include "plan_file.h"
#include "program.h"

struct making {
	struct plan_file plans;
	struct closure closure;
	int err;
};

static void add_file(const char *path, void *arg)
{
	struct making *m = arg;
	struct elf_facts facts;
	struct sites sites;
	struct code c;

	if (!elf_look(path, &facts))
		closure_add(&m->closure, path, &facts);
	if (code_open(&c, path, false))
		return;
	sites_find(&sites, &c);
	if (!m->err)
		m->err = plan_file_add(&m->plans, &c, &sites);
	sites_free(&sites);
	code_close(&c);
}

/* Others may read it, as they may read the programs, but not write to it. */
static int make_directory(char *path)
{
	size_t i;

	for (i = 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		path[i] = '\0';
		mkdir(path, 0700);
		path[i] = '/';
	}
	return mkdir(path, 0755) && errno != EEXIST ? -errno : 0;
}

/* To be freed. NULL: there is no such place. */
static char *directory(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *path = NULL;

	if (cache && *cache == '/') {
		if (asprintf(&path, "%s/regwait/sites", cache) < 0)
			must(NULL);
	} else if (home && *home == '/') {
		if (asprintf(&path, "%s/.cache/regwait/sites", home) < 0)
			must(NULL);
	}
	return path;
}

static int make_plans(const char *path, const char *to)
{
	struct making m = { 0 };
	struct elf_facts facts;
	const char *trouble = NULL;

	m.err = plan_file_open(&m.plans, to);
	if (m.err)
		return m.err;
	add_file(path, &m);
	if (!elf_look(path, &facts) && facts.dynamic && *facts.interpreter && !facts.foreign) {
		trouble = libraries_each(path, &facts, add_file, &m);
		if (closure_named(&m.closure))
			libraries_named(path, &facts, m.closure.all.names_liburing, add_file, &m);
	}
	(void)trouble; /* whoever starts the program will see it */
	plan_file_close(&m.plans);
	return m.err;
}

char *sites_of_program(const char *program)
{
	char *to = directory(), *path = program_behind(program), *setting = NULL;
	int err;

	if (!machine_here())
		fail("--sites: system call instructions cannot be patched on this processor");
	else if (!machine_here()->decoder())
		fail("--sites: %s", decoder_reason());
	else if (!to)
		fail("--sites: neither XDG_CACHE_HOME nor HOME says where plans can be kept");
	else if ((err = make_directory(to)) || (path && (err = make_plans(path, to))))
		fail("--sites: cannot keep plans in %s: %s", to, error_text(err));
	else if (asprintf(&setting, "REGWAIT_SITES=%s", to) < 0)
		must(NULL);
	free(path);
	free(to);
	return setting;
}
