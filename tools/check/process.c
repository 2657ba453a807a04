/* SPDX-License-Identifier: MIT */
/*
 * Looks at a running process. Its executable and its libraries are opened through /proc: the paths
 * that it names may lead to other files by now, after an update, or in its own mount namespace.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "closure.h"
#include "common/message.h"
#include "process.h"
#include "program.h"
#include "stats/counts.h"
#include "stats/directory.h"
#include "stats/process_maps.h"

struct process {
	pid_t pid;
	bool shim;
	struct closure closure;
	ino_t last; /* of the file that was looked at last; its mappings are neighbours */
};

static bool ends_with(const char *path, const char *name)
{
	size_t n = strlen(path), m = strlen(name);

	return n > m && path[n - m - 1] == '/' && !strcmp(path + n - m, name);
}

/* Opens a mapped file through /proc/PID/map_files, or else by its path in the process's root. */
static bool look_at_mapping(const struct process *p, const struct mapping *m, struct elf_facts *f)
{
	char name[PATH_MAX + 64];

	snprintf(name, sizeof(name), "/proc/%d/map_files/%lx-%lx", (int)p->pid, m->start, m->end);
	if (!elf_look(name, f))
		return true;
	snprintf(name, sizeof(name), "/proc/%d/root%s", (int)p->pid, m->path);
	return !elf_look(name, f);
}

static bool add_mapping(const struct mapping *m, void *arg)
{
	struct process *p = arg;
	struct elf_facts f;

	if (m->ino == p->last || *m->path != '/')
		return true;
	p->last = m->ino;
	p->shim |= ends_with(m->path, "libregwait.so") ||
		   ends_with(m->path, "libregwait.so (deleted)");
	if (look_at_mapping(p, m, &f) && f.is_elf)
		closure_add(&p->closure, m->path, &f);
	return true;
}

/* Returns whether the process has a stats page, which tells what it has counted. */
static bool report_counts(struct report *r, pid_t pid, struct stats_page *page)
{
	char line[320];
	bool counted;

	if (directory_find(page, pid, false))
		return false;
	counted = stats_page_alive(page) && !stats_page_count(page);
	if (counted) {
		report_string(r, "mode", "mode", mode_name(page->mode));
		counts_line(&page->counts, line, sizeof(line));
		report_string(r, "counts", "counts", line);
	}
	stats_page_close(page);
	return counted;
}

/* The process is in a mode in which nothing is registered. */
static void diagnose_mode(const struct process *p, const char *name, const struct stats_page *page,
			  struct diagnosis *d)
{
	const char *again[] = { "env", "-u", "REGWAIT", "regwait", "run", name, NULL };
	const struct regwait_ring_counts *rings = &page->counts.rings;
	char set[48];

	snprintf(set, sizeof(set), "regwait set %d on", (int)p->pid);
	/* Rings are armed when they are made; without a stats page nothing is known of them. */
	if (rings->armed || page->mode == MODE_OBSERVE)
		diagnosis_set(d, DIAGNOSIS_POSSIBLE, set, "process %d is in mode %s", (int)p->pid,
			      mode_name(page->mode));
	else
		diagnosis_words(d, DIAGNOSIS_POSSIBLE, again,
				"process %d is in mode %s, and has no armed ring that could be "
				"turned on",
				(int)p->pid, mode_name(page->mode));
}

/* Judges by what the process has counted so far, and not by its file. */
static void diagnose_counts(const struct process *p, const char *name,
			    const struct stats_page *page, struct diagnosis *d)
{
	const struct counts *c = &page->counts;
	unsigned long long timed = counts_timed(c), waits = counts_plain(c->waits.plain);
	enum regwait_reason why = counts_foremost(c->waits.plain);
	char stat[48];

	snprintf(stat, sizeof(stat), "regwait stat %d", (int)p->pid);
	if (page->mode == MODE_OFF || page->mode == MODE_OBSERVE)
		diagnose_mode(p, name, page, d);
	else if (counts_gained(c))
		diagnosis_yes(d, stat,
			      "%llu of %llu timed waits of process %d were registered or polled",
			      (unsigned long long)counts_gained(c), timed, (int)p->pid);
	else if (timed)
		diagnosis_no(d, stat, "none of %llu timed waits of process %d was registered: %s",
			     timed, (int)p->pid, why ? reason_text(why) : "all were answered");
	else if (waits)
		diagnosis_no(d, stat, "none of %llu waits of process %d had a timeout", waits,
			     (int)p->pid);
	else if (c->rings.seen)
		diagnosis_no(d, stat, "process %d has made %llu rings, and not waited yet",
			     (int)p->pid, (unsigned long long)c->rings.seen);
	else
		diagnosis_no(d, stat, "process %d has made no ring yet", (int)p->pid);
}

static void diagnose(struct report *r, const struct process *p, const char *name,
		     struct diagnosis *d)
{
	const char *run[CLOSURE_RUN_WORDS] = { "regwait", "run", "--observe", name };
	const char *again[] = { "regwait", "run", name, NULL };
	struct stats_page page;

	if (report_counts(r, p->pid, &page)) {
		diagnose_counts(p, name, &page, d);
		return;
	}
	closure_diagnose(&p->closure, name, NULL, run, d);
	if (!p->shim)
		diagnosis_words(d, DIAGNOSIS_POSSIBLE, again,
				"the shim is not loaded into process %d; it must be there from the "
				"start",
				(int)p->pid);
}

static void check_exe(struct report *r, struct process *p, struct diagnosis *d)
{
	char path[64], name[PATH_MAX];
	struct elf_facts f;
	ssize_t n;
	int err;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)p->pid);
	n = readlink(path, name, sizeof(name) - 1);
	name[n > 0 ? n : 0] = '\0';
	err = elf_look(path, &f);
	if (err) {
		diagnosis_no(d, "id", "the executable of process %d cannot be read: %s",
			     (int)p->pid, error_text(err));
		return;
	}
	report_section(r, "program", "Program");
	closure_add(&p->closure, name, &f);
	if (!program_unreachable(r, path, name, &f, d))
		closure_report(&p->closure, r);
	report_section(r, "process", "Process");
	report_bool(r, "shim", "shim loaded", p->shim, NULL);
	report_bool(r, "liburing", "liburing loaded", *p->closure.liburing, NULL);
	diagnose(r, p, name, d);
	report_section(r, NULL, NULL);
}

int process_check(struct report *r, pid_t pid, struct diagnosis *d)
{
	struct process *p = must(calloc(1, sizeof(*p)));
	int err;

	p->pid = pid;
	err = process_maps_each(pid, add_mapping, p);
	if (err)
		fail(err == -ENOENT || err == -ESRCH ? "process %d: there is none" :
						       "process %d cannot be looked at: %s",
		     (int)pid, error_text(err));
	else
		check_exe(r, p, d);
	free(p);
	return err ? -1 : 0;
}
