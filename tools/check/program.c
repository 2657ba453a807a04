/* SPDX-License-Identifier: MIT */
/*
 * The part of a check that is about a program: finds the program, follows scripts to what runs
 * them, and looks at the program and its libraries.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "closure.h"
#include "common/message.h"
#include "libraries.h"
#include "program.h"
#include "script.h"

#define MAX_SCRIPTS  4 /* scripts that are interpreted by scripts: Linux's limit */
#define DEFAULT_PATH "/bin:/usr/bin"

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Directories, and files that may not be executed, are passed over. */
static bool is_command(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

char *program_find(const char *name, const char *search)
{
	char *at = NULL;

	if (strchr(name, '/'))
		return realpath(name, NULL);
	if (!search)
		search = DEFAULT_PATH;
	for (;;) {
		size_t n = strcspn(search, ":");
		char *full;

		/* An empty entry of PATH is the current directory. */
		if (asprintf(&full, "%.*s%s%s", (int)n, search, n ? "/" : "./", name) < 0)
			return NULL;
		if (is_command(full))
			at = realpath(full, NULL);
		free(full);
		if (at || !search[n])
			break;
		search += n + 1;
	}
	if (!at)
		errno = ENOENT;
	return at;
}

/*
 * Does the kernel tell the loader to distrust the environment (AT_SECURE)? Not if the set-id bits
 * change nothing because the caller is the owner, or root. *how: the bits that the file has; NULL:
 * none.
 */
static bool privileged(const char *path, const char **how)
{
	struct statvfs fs;
	struct stat st;
	bool user, group;

	*how = NULL;
	if (stat(path, &st) || (!statvfs(path, &fs) && fs.f_flag & ST_NOSUID))
		return false;
	user = st.st_mode & S_ISUID;
	group = (st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
	if (user || group) {
		*how = "set-user-ID or set-group-ID";
		return (user && st.st_uid != getuid()) || (group && st.st_gid != getgid());
	}
	if (getxattr(path, "security.capability", NULL, 0) > 0) {
		*how = "file capabilities";
		return getuid();
	}
	return false;
}

/* The system refuses a file like this, but what starts programs has a shell read it then. */
static bool left_to_a_shell(const char *path)
{
	char magic[4] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd >= 0 ? read(fd, magic, sizeof(magic)) : -1;

	if (fd >= 0)
		close(fd);
	return n >= 0 && !access(path, X_OK) && memcmp(magic, "\177ELF", sizeof(magic));
}

/* Says what keeps a preloaded library out of the program, if anything does. */
static bool is_kept_out(const char *path, const char *name, const struct elf_facts *f,
			struct diagnosis *d)
{
	const char *file[] = { "file", name, NULL }, *list[] = { "ls", "-l", name, NULL };
	const char *run[] = { "regwait", "run", "--children", "--observe", name, NULL };
	const char *how;

	if (!f->is_elf && left_to_a_shell(path))
		diagnosis_no_words(d, run,
				   "%s is no program, and has no first line that names one, so a "
				   "shell runs it as a script; what that starts may wait with a "
				   "timeout, and only running it tells",
				   base(name));
	else if (!f->is_elf)
		diagnosis_no_words(d, file, "%s is not a program that this system can run",
				   base(name));
	else if (f->foreign)
		diagnosis_no_words(d, file, "%s is for another kind of machine", base(name));
	else if (f->library)
		diagnosis_no_words(d, file,
				   "%s is a shared library: what it can gain depends on the "
				   "program that loads it, so check that",
				   base(name));
	else if (!*f->interpreter)
		diagnosis_no_words(d, file, "%s is static: nothing can be preloaded into it",
				   base(name));
	else if (f->musl)
		diagnosis_no_words(d, file, "%s uses musl, and this library glibc", base(name));
	else if (privileged(path, &how))
		diagnosis_no_words(d, list, "%s has %s: the loader ignores LD_PRELOAD", base(name),
				   how);
	else
		return false;
	return true;
}

bool program_unreachable(struct report *r, const char *path, const char *name,
			 const struct elf_facts *f, struct diagnosis *d)
{
	const char *how;
	bool kept_out = privileged(path, &how);
	char note[160];

	report_string(r, "path", "file", name);
	report_bool(r, "elf", NULL, f->is_elf, NULL);
	report_bool(r, "static", "static",
		    f->is_elf && !f->foreign && !f->library && !*f->interpreter, NULL);
	snprintf(note, sizeof(note),
		 how && !kept_out ? "(%s, by which this user gains nothing; "
				    "run by others, the loader ignores LD_PRELOAD)" :
				    "%s",
		 how ? how : "");
	report_bool(r, "privileged", "privileged", kept_out, note);
	d->kept_out = is_kept_out(path, name, f, d);
	return d->kept_out;
}

static void add_library(const char *path, void *arg)
{
	struct elf_facts f;

	if (elf_look(path, &f))
		return;
	closure_add(arg, path, &f);
	closure_add_sites(arg, path, &f);
}

/* False, and a diagnosis, if the system would not start this file. */
static bool may_execute(const char *path, struct diagnosis *d)
{
	const char *list[] = { "ls", "-l", path, NULL };

	if (!access(path, X_OK))
		return true;
	diagnosis_no_words(d, list, "%s cannot be executed: %s", base(path), error_text(errno));
	return false;
}

/* script: the script that led to this program; NULL: none. */
static void check_elf(struct report *r, const char *path, const char *script,
		      const struct elf_facts *f, struct diagnosis *d)
{
	const char *run[CLOSURE_RUN_WORDS] = { "regwait", "run", "--observe", path };
	const char *ldd[] = { "ldd", path, NULL };
	struct closure c = { 0 };
	const char *trouble;

	if (script) {
		run[2] = "--children";
		run[3] = "--observe";
		run[4] = script;
	}
	if (program_unreachable(r, path, path, f, d) || !may_execute(path, d))
		return;
	closure_add(&c, path, f);
	closure_add_sites(&c, path, f);
	trouble = libraries_each(path, f, add_library, &c);
	if (closure_named(&c))
		libraries_named(path, f, c.all.names_liburing, add_library, &c);
	closure_report(&c, r);
	report_string(r, "trouble", NULL, trouble ? trouble : "");
	if (trouble)
		diagnosis_no_words(d, ldd, "%s cannot be started here: %s", base(path), trouble);
	else
		closure_diagnose(&c, path, script, run, d);
}

static void cannot_read(const char *path, int err, struct diagnosis *d)
{
	const char *list[] = { "ls", "-l", path, NULL };

	diagnosis_no_words(d, list, "%s cannot be read: %s", path, error_text(err));
}

/*
 * The path of what runs a script; to be freed. NULL: there is no such file, or env refuses
 * (*refused).
 */
static char *interpreter_of(const struct script *s, bool *refused)
{
	*refused = s->env_refuses;
	if (s->env_refuses)
		return NULL;
	if (s->is_env && *s->program)
		return program_find(s->program, s->has_search ? s->search : getenv("PATH"));
	return realpath(s->interpreter, NULL); /* not looked up in PATH */
}

char *program_behind(const char *name)
{
	char *path = program_find(name, getenv("PATH")), *next;
	struct script s;
	bool refused;
	int depth;

	for (depth = 0; path && depth < MAX_SCRIPTS && script_look(path, &s); depth++) {
		next = interpreter_of(&s, &refused);
		free(path);
		path = next;
	}
	return path;
}

/* An interpreter may be a script as well: recursion, which depth limits. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void check_file(struct report *r, const char *path, struct diagnosis *d, int depth,
		       const char *script)
{
	const char *head[] = { "head", "-n", "1", path, NULL };
	struct elf_facts f;
	struct script s;
	bool refused;
	char *real;
	int err;

	if (!script_look(path, &s)) {
		err = elf_look(path, &f);
		if (err)
			cannot_read(path, -err, d);
		else
			check_elf(r, path, script, &f, d);
		return;
	}
	if (depth == MAX_SCRIPTS) { /* the kernel says ELOOP to a script that names itself */
		cannot_read(path, ELOOP, d);
		return;
	}
	report_string(r, "script", "script", path);
	if (!may_execute(path, d))
		return;
	real = interpreter_of(&s, &refused);
	report_string(r, "interpreter", "run by",
		      real	 ? real :
		      *s.program ? s.program :
				   s.interpreter);
	if (real)
		check_file(r, real, d, depth + 1, script ? script : path);
	else if (refused)
		diagnosis_no_words(d, head,
				   "%s cannot be started: env takes several words only "
				   "behind -S",
				   base(path));
	else
		cannot_read(*s.program ? s.program : s.interpreter, ENOENT, d);
	free(real);
}

void program_check(struct report *r, const char *path, struct diagnosis *d)
{
	report_section(r, "program", "Program");
	check_file(r, path, d, 0, NULL);
	report_section(r, NULL, NULL);
}
