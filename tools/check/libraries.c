/* SPDX-License-Identifier: MIT */
/*
 * Asks the loader. Only the loader that loaded this command is run, whatever loader a file names: a
 * check must not execute what it checks. The libraries of a program with another loader are looked
 * for beside that loader, where they usually are.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libraries.h"

#define MISSING "not found"

static char trouble[PATH_MAX + 128];

/* Is it this system's, under whatever name? */
static bool is_own_loader(const char *own, const char *theirs)
{
	struct stat a, b;

	return !stat(own, &a) && !stat(theirs, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Where another loader searches, after the directories of the environment. */
static char *beside(const char *loader)
{
	const char *own = getenv("LD_LIBRARY_PATH");
	char real[PATH_MAX], *slash, *path;

	if (!realpath(loader, real))
		return NULL;
	slash = strrchr(real, '/');
	*slash = '\0';
	if (asprintf(&path, "%s%s%s", own ? own : "", own && *own ? ":" : "", real) < 0)
		return NULL;
	return path;
}

/* also: the name of a library that would be loaded as well, or NULL. */
static FILE *ask(const char *loader, const char *path, const char *search, const char *also,
		 pid_t *pid)
{
	static const char *const unwanted[] = { "LD_PRELOAD", "LD_DEBUG", "LD_WARN", "LD_BIND_NOW",
						"LD_VERBOSE" };
	int ends[2];
	size_t i;

	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	*pid = fork();
	if (!*pid) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		for (i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
			unsetenv(unwanted[i]);
		/*
		 * Not --list: with it, the loader stops at the first library that is missing.
		 * ldd(1) does the same.
		 */
		setenv("LD_TRACE_LOADED_OBJECTS", "1", 1);
		if (also)
			setenv("LD_PRELOAD", also, 1);
		if (search)
			execl(loader, loader, "--library-path", search, path, (char *)NULL);
		else
			execl(loader, loader, path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	return fdopen(ends[0], "r");
}

/* "\tNAME => PATH (ADDRESS)", or without NAME if that is a path itself. Anything may be in PATH. */
static char *library_in(char *line)
{
	char *arrow = strstr(line, " => "), *path = arrow ? arrow + 4 : line + 1, *end;

	end = strrchr(path, '(');
	if (*line != '\t' || *path != '/' || !end || end - path < 2)
		return NULL;
	end[-1] = '\0';
	return path;
}

/* Rewrites a line of the loader's that says what is missing. */
static void note_trouble(const char *line)
{
	const char *arrow = strstr(line, " => " MISSING), *colon;

	if (*trouble)
		return;
	if (*line == '\t' && arrow) {
		snprintf(trouble, sizeof(trouble), "%.*s is missing", (int)(arrow - line - 1),
			 line + 1);
	} else if (*line != '\t' && (strstr(line, MISSING) || strstr(line, "error"))) {
		/* "PROGRAM: LIBRARY: version `X' not found (required by Y)", "PROGRAM: error ." */
		colon = strstr(line, ": ");
		snprintf(trouble, sizeof(trouble), "%.*s",
			 (int)strcspn(colon ? colon + 2 : line, "\n"), colon ? colon + 2 : line);
	}
}

static void read_list(FILE *list, void (*f)(const char *library, void *arg), void *arg)
{
	char *line = NULL, *path;
	size_t size = 0;

	while (getline(&line, &size, list) > 0) {
		note_trouble(line);
		path = library_in(line);
		if (path)
			f(path, arg);
	}
	free(line);
}

static const char *each(const char *path, const struct elf_facts *facts, const char *also,
			void (*f)(const char *library, void *arg), void *arg)
{
	struct elf_facts self;
	char *search = NULL;
	pid_t pid = -1;
	FILE *list;

	*trouble = '\0';
	if (access(facts->interpreter, X_OK)) {
		snprintf(trouble, sizeof(trouble), "its loader %s is missing", facts->interpreter);
		return trouble;
	}
	if (elf_look("/proc/self/exe", &self) || !*self.interpreter)
		return NULL;
	if (!is_own_loader(self.interpreter, facts->interpreter))
		search = beside(facts->interpreter);
	list = ask(self.interpreter, path, search, also, &pid);
	if (list) {
		read_list(list, f, arg);
		fclose(list);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	free(search);
	return *trouble ? trouble : NULL;
}

const char *libraries_each(const char *path, const struct elf_facts *facts,
			   void (*f)(const char *library, void *arg), void *arg)
{
	return each(path, facts, NULL, f, arg);
}

struct named {
	const char *name;
	void (*f)(const char *library, void *arg);
	void *arg;
};

static void see_named(const char *library, void *arg)
{
	const char *slash = strrchr(library, '/');
	struct named *n = arg;

	if (slash && !strcmp(slash + 1, n->name))
		n->f(library, n->arg);
}

void libraries_named(const char *path, const struct elf_facts *facts, const char *name,
		     void (*f)(const char *library, void *arg), void *arg)
{
	struct named n = { name, f, arg };

	each(path, facts, name, see_named, &n);
}
