/* SPDX-License-Identifier: MIT */
/*
 * The program's side of a check.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

#include "common/message.h"
#include "elf.h"
#include "program.h"
#include "stats/counts.h"
#include "stats/directory.h"

#define MAX_SCRIPTS 4	/* that name each other as interpreter, as many as Linux follows */

/* The program and its libraries together. */
struct closure {
	struct elf_facts all;
	char liburing[PATH_MAX];
	char timed_by[PATH_MAX];	/* the first file that imports a timed wait */
};

char *program_find(const char *name)
{
	const char *path = getenv("PATH");
	char *at = NULL;

	if (strchr(name, '/') || !path)
		return realpath(name, NULL);
	while (*path) {
		size_t n = strcspn(path, ":");
		char *full;

		if (asprintf(&full, "%.*s/%s", (int)n, path, name) < 0)
			return NULL;
		if (!access(full, X_OK))
			at = realpath(full, NULL);
		free(full);
		if (at)
			return at;
		path += n + (path[n] == ':');
	}
	return NULL;
}

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_liburing(const char *path)
{
	return !strncmp(base(path), "liburing.so", 11) ||
	       !strncmp(base(path), "liburing-ffi.so", 15);
}

static void add_facts(struct closure *c, const char *path, const struct elf_facts *f)
{
	if (f->imports_timed && !*c->timed_by)
		snprintf(c->timed_by, sizeof(c->timed_by), "%s", path);
	c->all.imports_timed |= f->imports_timed;
	c->all.imports_waits |= f->imports_waits;
	c->all.imports_rings |= f->imports_rings;
	c->all.imports_enter |= f->imports_enter;
	c->all.defines_liburing |= f->defines_liburing;
	/* libc has the number for everybody; what counts is the program's own code. */
	c->all.hints_at_enter |= f->hints_at_enter && !strstr(path, "/libc.so") &&
				 !strstr(path, "libregwait");
	c->all.hints_at_libc_enter |= f->imports_syscall && f->hints_at_libc_enter &&
				      !strstr(path, "/libc.so");
}

static void add_library(const char *path, void *arg)
{
	struct closure *c = arg;
	struct elf_facts f;

	if (is_liburing(path)) {
		snprintf(c->liburing, sizeof(c->liburing), "%s", path);
		return;
	}
	if (!elf_look(path, &f))
		add_facts(c, path, &f);
}

/*
 * Does the kernel tell the loader to distrust the environment (AT_SECURE)? Not if the
 * program gains nothing by its bits: it is its owner's, or root's, who runs it. *how: the
 * bits that it has, NULL if none.
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

/* Whatever keeps a preloaded library out. */
static bool unreachable(const char *path, const struct elf_facts *f, struct verdict *v)
{
	char file[PATH_MAX + 8], list[PATH_MAX + 8];
	const char *how;

	snprintf(file, sizeof(file), "file %s", path);
	snprintf(list, sizeof(list), "ls -l %s", path);
	if (!f->is_elf)
		verdict_no(v, file, "%s is no program that this system runs", base(path));
	else if (f->foreign)
		verdict_no(v, file, "%s is for another kind of machine", base(path));
	else if (!f->dynamic || !*f->interpreter)
		verdict_no(v, file, "%s is static: nothing can be preloaded into it", base(path));
	else if (f->musl)
		verdict_no(v, file, "%s uses musl, and this library glibc", base(path));
	else if (privileged(path, &how))
		verdict_no(v, list, "%s has %s: the loader ignores LD_PRELOAD", base(path), how);
	else
		return false;
	return true;
}

static void report_file(struct report *r, const char *path, const struct elf_facts *f)
{
	const char *how;
	char note[128];
	bool kept_out = privileged(path, &how);

	report_string(r, "path", "file", path);
	report_bool(r, "elf", NULL, f->is_elf, NULL);
	report_bool(r, "static", "static", f->is_elf && !*f->interpreter, NULL);
	snprintf(note, sizeof(note), how && !kept_out ? "(%s, by which this user gains nothing; "
		 "run by others, the loader ignores LD_PRELOAD)" : "%s", how ? how : "");
	report_bool(r, "privileged", "privileged", kept_out, note);
}

static void report_closure(struct report *r, const struct closure *c)
{
	report_string(r, "liburing", "liburing", *c->liburing ? c->liburing : "not linked");
	report_bool(r, "imports_timed", "imports timed waits", c->all.imports_timed,
		    *c->timed_by ? base(c->timed_by) : NULL);
	report_bool(r, "imports_waits", "imports other waits", c->all.imports_waits, NULL);
	report_bool(r, "imports_enter", "imports bare enters", c->all.imports_enter, NULL);
	report_bool(r, "static_liburing", "has liburing built in", c->all.defines_liburing, NULL);
	report_bool(r, "raw_enter_hint", "enters by itself",
		    c->all.hints_at_enter, c->all.hints_at_enter ? "(a hint, from a pattern of bytes)" :
		    NULL);
	report_bool(r, "libc_enter_hint", "enters through syscall()", c->all.hints_at_libc_enter,
		    c->all.hints_at_libc_enter ? "(a hint, from a pattern of bytes)" : NULL);
}

/*
 * script: what led to this program, its interpreter, or NULL. What a script loads and starts
 * cannot be looked at.
 */
static void judge(const struct closure *c, const char *path, const char *script,
		  struct verdict *v)
{
	char run[PATH_MAX + 48];

	snprintf(run, sizeof(run), "regwait run %s--observe %s", script ? "--children " : "",
		 script ? script : path);
	if (c->all.imports_timed)
		verdict_yes(v, run, "%s can be reached and imports timed waits; whether it waits with a "
			    "timeout, only running it tells", base(path));
	else if (c->all.imports_enter)
		verdict_yes(v, run, "%s can be reached and makes bare enters through liburing; whether "
			    "they have a timeout, only running it tells", base(path));
	else if (c->all.hints_at_libc_enter)
		verdict_yes(v, run, "%s can be reached and seems to enter io_uring through libc's "
			    "syscall(); whether with a timeout, only running it tells", base(path));
	else if (script)
		verdict_no(v, run, "%s is run by %s, which has no timed waits of its own; what the "
			   "script loads or starts may have some, and only running it tells",
			   base(script), base(path));
	else if (c->all.defines_liburing)
		verdict_no(v, run, "%s has liburing linked in statically: its calls cannot be reached",
			   base(path));
	else if (c->all.imports_rings || *c->liburing)
		verdict_no(v, run, "%s uses liburing, but none of its timed waits (a plugin that it "
			   "loads still may)", base(path));
	else if (c->all.hints_at_enter)
		verdict_no(v, run, "%s seems to enter io_uring by system calls of its own, which "
			   "cannot be reached", base(path));
	else
		verdict_no(v, run, "%s does not use liburing (a plugin that it loads still may)",
			   base(path));
}

/* script: the first of those that led here, NULL if it is not one. */
static void look_at_file(struct report *r, const char *path, struct verdict *v, int depth,
			 const char *script)
{
	char list[PATH_MAX + 8];
	struct closure c = { 0 };
	struct elf_facts f;
	int err = elf_look(path, &f);

	if (!err && f.is_script && depth == MAX_SCRIPTS)
		err = -ELOOP;	/* as the kernel says, of a script that names itself */
	if (!err && f.is_script) {
		char *real = program_find(f.interpreter);

		report_string(r, "script", "script", path);
		report_string(r, "interpreter", "run by", real ? real : f.interpreter);
		if (real) {
			look_at_file(r, real, v, depth + 1, script ? script : path);
			free(real);
			return;
		}
		err = -ENOENT;
		path = f.interpreter;
	}
	if (err) {
		snprintf(list, sizeof(list), "ls -l %s", path);
		verdict_no(v, list, "%s cannot be read: %s", path, strerror(-err));
		report_section(r, NULL, NULL);
		return;
	}
	report_file(r, path, &f);
	if (!unreachable(path, &f, v)) {
		add_facts(&c, path, &f);
		elf_each_library(path, &f, add_library, &c);
		report_closure(r, &c);
		judge(&c, path, script, v);
	}
	report_section(r, NULL, NULL);
}

void program_file(struct report *r, const char *path, struct verdict *v)
{
	report_section(r, "program", "Program");
	look_at_file(r, path, v, 0, NULL);
}

/* What a process has mapped, as far as it matters here. */
static int look_at_maps(pid_t pid, bool *shim, bool *liburing)
{
	char name[64], line[PATH_MAX + 128];
	FILE *maps;

	snprintf(name, sizeof(name), "/proc/%d/maps", (int)pid);
	maps = fopen(name, "re");
	if (!maps)
		return -errno;
	while (fgets(line, sizeof(line), maps)) {
		*shim |= strstr(line, "/libregwait.so") != NULL;
		*liburing |= strstr(line, "/liburing.so") || strstr(line, "/liburing-ffi.so");
	}
	fclose(maps);
	return 0;
}

int program_running(struct report *r, pid_t pid, struct verdict *v)
{
	bool shim = false, liburing = false;
	char name[64], exe[PATH_MAX] = "", line[256];
	struct stats_page p;
	int err = look_at_maps(pid, &shim, &liburing);

	if (err) {
		fail("process %d: %s", (int)pid, err == -ENOENT ? "there is none" : strerror(-err));
		return -1;
	}
	snprintf(name, sizeof(name), "/proc/%d/exe", (int)pid);
	if (readlink(name, exe, sizeof(exe) - 1) < 0)
		exe[0] = '\0';
	program_file(r, exe, v);
	report_section(r, "process", "Process");
	report_bool(r, "shim", "shim loaded", shim, NULL);
	report_bool(r, "liburing", "liburing loaded", liburing, NULL);
	if (!directory_find(&p, pid, false)) {
		if (!stats_page_count(&p)) {
			counts_line(&p.counts, line, sizeof(line));
			report_string(r, "counts", "counts", line);
		}
		stats_page_close(&p);
	}
	report_section(r, NULL, NULL);
	if (!shim)
		verdict_no(v, "regwait run PROGRAM", "the shim is not loaded into process %d; it must be "
			   "there from the start", (int)pid);
	return 0;
}
