/* SPDX-License-Identifier: MIT */
/*
 * A process is looked at as it is: its executable and its libraries are opened by way of /proc.
 * The paths that it names may lead elsewhere by now, after an update or in its own mount
 * namespace.
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

/* By the mapping itself, or else by its path in the process's own tree. */
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

/* Returns whether anything was counted. */
static bool report_counts(struct report *r, pid_t pid, struct counts *counts)
{
	struct stats_page page;
	char line[256];
	bool counted;

	if (directory_find(&page, pid, false))
		return false;
	counted = stats_page_alive(&page) && !stats_page_count(&page);
	if (counted) {
		*counts = page.counts;
		counts_line(counts, line, sizeof(line));
		report_string(r, "counts", "counts", line);
	}
	stats_page_close(&page);
	return counted;
}

static void diagnose(struct report *r, const struct process *p, const char *name,
		     struct diagnosis *d)
{
	const char *run[CLOSURE_RUN_WORDS] = { "regwait", "run", "--observe", name };
	const char *again[] = { "regwait", "run", name, NULL };
	struct counts counts = { 0 };
	char stat[48];

	snprintf(stat, sizeof(stat), "regwait stat %d", (int)p->pid);
	if (report_counts(r, p->pid, &counts) && counts_gained(&counts)) {
		diagnosis_yes(d, stat, "waits of process %d are registered", (int)p->pid);
		return;
	}
	closure_diagnose(&p->closure, name, NULL, run, d);
	if (!p->shim)
		diagnosis_no_words(d, again,
				   "the shim is not loaded into process %d; it must be there "
				   "from the start",
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
			     (int)p->pid, strerror(-err));
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
		fail("process %d: %s", (int)pid,
		     err == -ENOENT || err == -ESRCH ? "there is none" : strerror(-err));
	else
		check_exe(r, p, d);
	free(p);
	return err ? -1 : 0;
}
