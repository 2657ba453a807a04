/* SPDX-License-Identifier: MIT */
/*
 * Finds out whose calls reach the shim: those of files that import liburing's functions under
 * liburing's versions, and those through libc's syscall(). A library that contains liburing, or
 * defines functions with the same names, calls its own functions.
 */
#include <stdio.h>
#include <string.h>

#include "closure.h"
#include "release.h"
#include "sites/analysis.h"

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void note_first(char *place, size_t size, const char *path, bool is)
{
	if (is && !*place)
		snprintf(place, size, "%s", path);
}

/*
 * libc contains the system calls' numbers in any case; only the program's own code says something.
 */
static bool is_of_system(const struct elf_facts *f)
{
	return !strncmp(f->soname, "libc.so.", 8) || !strncmp(f->soname, "ld-linux", 8) ||
	       !strcmp(f->soname, "libregwait.so");
}

void closure_add(struct closure *c, const char *path, const struct elf_facts *f)
{
	if (f->is_liburing) {
		if (!*c->liburing)
			c->release = f->release;
		note_first(c->liburing, sizeof(c->liburing), path, true);
		return;
	}
	if (is_of_system(f))
		return;
	note_first(c->timed_by, sizeof(c->timed_by), path, f->imports_timed);
	note_first(c->own_by, sizeof(c->own_by), path, f->defines_liburing || f->defines_wrappers);
	note_first(c->unversioned_by, sizeof(c->unversioned_by), path, f->imports_unversioned);
	if (*f->needs_asan && !*c->all.needs_asan)
		strcpy(c->all.needs_asan, f->needs_asan);
	c->all.imports_timed |= f->imports_timed;
	c->all.imports_waits |= f->imports_waits;
	c->all.imports_rings |= f->imports_rings;
	c->all.imports_enter |= f->imports_enter;
	c->all.imports_unversioned |= f->imports_unversioned;
	c->all.imports_dlsym |= f->imports_dlsym;
	if (f->imports_dlsym && *f->names_liburing && !*c->all.names_liburing)
		strcpy(c->all.names_liburing, f->names_liburing);
	c->all.defines_liburing |= f->defines_liburing;
	c->all.defines_wrappers |= f->defines_wrappers;
	c->all.hints.at_enter |= f->hints.at_enter;
	c->all.hints.at_libc_enter |= f->imports_syscall && f->hints.at_libc_enter;
}

void closure_add_sites(struct closure *c, const char *path, const struct elf_facts *f)
{
	struct sites sites;
	struct code code;

	/* Functions that can make any call are many; in these files the call is io_uring's. */
	if (is_of_system(f) || !f->hints.has_number)
		return;
	if (code_open(&code, path, false))
		return;
	sites_find(&sites, &code);
	if (f->is_liburing) {
		c->liburing_sites += sites.nr;
		c->liburing_possible += sites.nr_possible;
	} else {
		c->sites += sites.nr;
		c->sites_possible += sites.nr_possible;
		note_first(c->sites_by, sizeof(c->sites_by), path, sites.nr);
	}
	sites_free(&sites);
	code_close(&code);
}

const char *closure_named(const struct closure *c)
{
	return !*c->liburing && *c->all.names_liburing ? c->all.names_liburing : NULL;
}

/* Is there a liburing that is not reached by the names of its functions? */
static bool liburing_is_unknown(const struct closure *c)
{
	return *c->liburing && !release_is_known(c->release);
}

static bool liburing_is_looked_up(const struct closure *c)
{
	return *c->liburing && !c->all.imports_rings && c->all.imports_dlsym;
}

static void report_liburing(const struct closure *c, struct report *r)
{
	bool shown = liburing_is_unknown(c) || liburing_is_looked_up(c);
	char release[32] = "";

	if (c->release)
		snprintf(release, sizeof(release), "%u.%u", c->release / 100, c->release % 100);
	report_string(r, "liburing", "liburing", *c->liburing ? c->liburing : "not linked");
	report_string(r, "liburing_release", shown && c->release ? "its release" : NULL, release);
	report_integer(r, "liburing_sites", shown ? "its system calls" : NULL, c->liburing_sites,
		       "instructions");
	report_integer(r, "liburing_sites_possible", shown ? "reached with --sites" : NULL,
		       c->liburing_possible, "of these");
}

void closure_report(const struct closure *c, struct report *r)
{
	static const char hint[] = "(a hint, from a pattern of bytes)";
	const struct elf_facts *all = &c->all;

	report_liburing(c, r);
	report_bool(r, "imports_timed", "imports timed waits", all->imports_timed,
		    *c->timed_by ? base(c->timed_by) : NULL);
	report_bool(r, "imports_waits", "imports other waits", all->imports_waits, NULL);
	report_bool(r, "imports_enter", "imports bare enters", all->imports_enter, NULL);
	report_bool(r, "imports_unversioned", "imports without version", all->imports_unversioned,
		    *c->unversioned_by ? base(c->unversioned_by) : NULL);
	report_bool(r, "static_liburing", "has liburing built in", all->defines_liburing,
		    all->defines_liburing ? base(c->own_by) : NULL);
	report_bool(r, "own_wrappers", "has its own wrappers",
		    all->defines_wrappers && !all->defines_liburing,
		    all->defines_wrappers && !all->defines_liburing ? base(c->own_by) : NULL);
	report_bool(r, "raw_enter_hint", "enters by itself", all->hints.at_enter,
		    all->hints.at_enter ? hint : NULL);
	report_integer(r, "sites", c->sites ? "its own system calls" : NULL, c->sites,
		       "instructions by which it may use io_uring");
	report_integer(r, "sites_possible", c->sites ? "reached with --sites" : NULL,
		       c->sites_possible, "of these");
	report_bool(r, "libc_enter_hint", "enters through syscall()", all->hints.at_libc_enter,
		    all->hints.at_libc_enter ? hint : NULL);
}

/* Reports which calls the shim can reach. False: none. */
static bool diagnose_reached(const struct closure *c, const char *name, const char *const *run,
			     struct diagnosis *d)
{
	if (c->all.imports_timed)
		diagnosis_yes_words(d, run,
				    "%s can be reached and imports timed waits; whether it "
				    "waits with a timeout, only running it tells",
				    name);
	else if (c->all.imports_enter)
		diagnosis_yes_words(d, run,
				    "%s can be reached and makes bare enters through "
				    "liburing; whether they have a timeout, only running it tells",
				    name);
	else if (c->all.hints.at_libc_enter)
		diagnosis_yes_words(d, run,
				    "%s can be reached and seems to enter io_uring through "
				    "libc's syscall(); whether with a timeout, only running it "
				    "tells",
				    name);
	else
		return false;
	return true;
}

#define WITH_SITES (CLOSURE_RUN_WORDS + 1)

/* The command that would show it, with --sites. */
static void add_sites(const char *const *run, const char *words[WITH_SITES])
{
	memcpy(words, run, 2 * sizeof(*run));
	words[2] = "--sites";
	memcpy(words + 3, run + 2, (CLOSURE_RUN_WORDS - 2) * sizeof(*run));
}

/* The waits of a liburing whose rules are not known stay plain, but not its system calls. */
static bool diagnose_unknown(const struct closure *c, const char *name, const char *const *run,
			     struct diagnosis *d)
{
	unsigned major = c->release / 100, minor = c->release % 100;
	const char *words[WITH_SITES];

	if (!liburing_is_unknown(c) || !(c->all.imports_timed || c->all.imports_enter))
		return false;
	add_sites(run, words);
	if (c->liburing_possible)
		diagnosis_yes_words(d, words,
				    "%s uses liburing %u.%u, whose rules are not known; its waits "
				    "can be reached with --sites: %zu of %zu instructions. Whether "
				    "it waits with a timeout, only running it tells",
				    name, major, minor, c->liburing_possible, c->liburing_sites);
	else
		diagnosis_no_words(d, run,
				   "%s uses liburing %u.%u, whose rules are not known: its waits "
				   "stay plain",
				   name, major, minor);
	return true;
}

/* A liburing whose functions are not asked for by name, but perhaps looked up. */
static bool diagnose_looked_up(const struct closure *c, const char *name, const char *const *run,
			       struct diagnosis *d)
{
	const char *words[WITH_SITES];

	if (!liburing_is_looked_up(c) || !c->liburing_possible)
		return false;
	add_sites(run, words);
	diagnosis_yes_words(d, words,
			    "nothing in %s is linked with liburing's functions, but they may be "
			    "looked up in %s; then they can be reached with --sites: %zu of %zu "
			    "instructions. Whether it waits with a timeout, only running it tells",
			    name, base(c->liburing), c->liburing_possible, c->liburing_sites);
	return true;
}

/* What has no symbol that leads to us can be reached by its system call instructions. */
static bool diagnose_sites(const struct closure *c, const char *name, const char *const *run,
			   struct diagnosis *d)
{
	const char *words[WITH_SITES];

	if (!c->sites_possible || c->all.imports_rings)
		return false;
	add_sites(run, words);
	diagnosis_yes_words(d, words,
			    "%s makes system calls itself, in %s, and can be reached with --sites: "
			    "%zu of %zu instructions. Whether it waits with a timeout, only "
			    "running it tells",
			    name, base(c->sites_by), c->sites_possible, c->sites);
	return true;
}

/* A file with such functions of its own never calls the shim, so a run would show nothing. */
static bool diagnose_own(const struct closure *c, const char *name, struct diagnosis *d)
{
	const char *look[] = { "readelf", "--wide", "--dyn-syms", NULL, NULL };

	look[3] = *c->own_by ? c->own_by : c->unversioned_by;
	if (c->all.defines_liburing && !strcmp(base(c->own_by), name))
		diagnosis_no_words(d, look,
				   "%s has liburing linked in statically: its calls cannot be "
				   "reached",
				   name);
	else if (c->all.defines_liburing)
		diagnosis_no_words(d, look,
				   "%s uses %s, which has liburing linked in statically: its "
				   "calls cannot be reached",
				   name, base(c->own_by));
	else if (c->all.defines_wrappers)
		diagnosis_no_words(d, look,
				   "%s has functions of its own by the names of liburing's, in "
				   "%s: their calls cannot be reached",
				   name, base(c->own_by));
	else if (c->all.imports_unversioned && !c->all.imports_rings)
		diagnosis_no_words(d, look,
				   "%s asks for functions by the names of liburing's, but not "
				   "for liburing's: its calls cannot be reached",
				   base(c->unversioned_by));
	else
		return false;
	return true;
}

void closure_diagnose(const struct closure *c, const char *path, const char *script,
		      const char *const *run, struct diagnosis *d)
{
	const char *asan[2 + CLOSURE_RUN_WORDS] = { "env",
						    "ASAN_OPTIONS=verify_asan_link_order=0" };
	const char *name = base(path);

	memcpy(asan + 2, run, CLOSURE_RUN_WORDS * sizeof(*run));
	if (*c->all.needs_asan)
		diagnosis_no_words(d, asan,
				   "%s is built with AddressSanitizer, whose %s ends a program "
				   "in which anything else is loaded before it",
				   name, c->all.needs_asan);
	else if (diagnose_unknown(c, name, run, d) || diagnose_reached(c, name, run, d))
		return;
	else if (script)
		diagnosis_no_words(d, run,
				   "%s is run by %s, which has no timed waits of its own; what "
				   "the script loads or starts may have some, and only running it "
				   "tells",
				   base(script), name);
	else if (diagnose_sites(c, name, run, d) || diagnose_looked_up(c, name, run, d) ||
		 diagnose_own(c, name, d))
		return;
	else if (c->all.imports_rings || *c->liburing)
		diagnosis_no_words(d, run,
				   "%s uses liburing, but none of its timed waits (a plugin "
				   "that it loads still may)",
				   name);
	else if (c->all.hints.at_enter)
		diagnosis_no_words(d, run,
				   "%s seems to enter io_uring by system calls of its own, "
				   "which cannot be reached",
				   name);
	else
		diagnosis_no_words(d, run,
				   "%s does not use liburing (a plugin that it loads still "
				   "may)",
				   name);
}
