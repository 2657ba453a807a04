/* SPDX-License-Identifier: MIT */
/*
 * Finds out why a run counted nothing: looks in the program's file, asks the loader, and makes a
 * ring to see what the kernel says.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/library.h"
#include "common/message.h"
#include "common/quote.h"
#include "elf.h"
#include "left_out.h"
#include "program.h"
#include "refused.h"
#include "why.h"

/*
 * In a program of musl the library does nothing, and a musl that lacked a name which the library needs
 * would end the program, where other loaders go on without a preload.
 */
bool why_not_preload(const char *program)
{
	char *path = program_find(program, getenv("PATH"));
	bool musl = path && elf_is_musl(path);

	free(path);
	return musl;
}

/* check's diagnosis, if it is that nothing can be preloaded; to be freed. */
static char *kept_out(const char *program)
{
	char *path = program_find(program, getenv("PATH"));
	struct diagnosis d = { 0 };
	struct report *r = report_new();

	if (path)
		program_check(r, path, &d);
	report_free(r);
	free(path);
	free(d.next);
	if (d.kept_out)
		return d.text;
	free(d.text);
	return NULL;
}

/*
 * Loads the library as the loader would have. Returns the loader's complaint, to be freed; NULL:
 * none.
 */
static char *refused_by_loader(void)
{
	char said[512] = "", *text = NULL;
	const char *trouble;
	int ends[2];
	ssize_t n;
	pid_t pid;

	if (pipe(ends))
		return NULL;
	pid = fork();
	if (!pid) {
		setenv("REGWAIT", "off", 1);
		unsetenv("REGWAIT_LIVE");
		unsetenv("REGWAIT_STATS");
		trouble = dlopen(library_path(), RTLD_NOW) ? NULL : dlerror();
		if (trouble && write(ends[1], trouble, strlen(trouble)) < 0)
			_exit(1);
		_exit(0);
	}
	close(ends[1]);
	n = pid > 0 ? read(ends[0], said, sizeof(said) - 1) : 0;
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	if (n > 0 && asprintf(&text, "the loader refused %s", said) < 0)
		must(NULL);
	return text;
}

/* Which variable tells the shim to leave the program alone; to be freed. */
static char *left_out(const char *program)
{
	const char *slash = strrchr(program, '/'), *variable = left_out_by(program);
	char *text;

	if (!variable)
		return NULL;
	if (asprintf(&text, "%s %s", left_out_how(variable), slash ? slash + 1 : program) < 0)
		must(NULL);
	return text;
}

char *why_not_loaded(const char *program)
{
	char *text = kept_out(program), *quoted;

	if (!text)
		text = left_out(program);
	if (!text)
		text = refused_by_loader();
	if (text)
		return text;
	quoted = quote(program);
	if (asprintf(&text, "regwait check %s may tell why", quoted) < 0)
		must(NULL);
	free(quoted);
	return text;
}

char *why_no_ring(void)
{
	struct refused refused = { 0 };
	struct probe p;
	char *text = NULL;

	probe_open(&p);
	if (p.ring) {
		refused_explain(&p, &refused);
		if (asprintf(&text, "%s; to change that: %s", refused.text, refused.next) < 0)
			must(NULL);
	}
	probe_close(&p);
	return text;
}
