/* SPDX-License-Identifier: MIT */
/*
 * Sums counts by program.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "counts.h"
#include "directory.h"
#include "tally.h"

static struct tally_row *row_of(struct tally *t, const struct stats_page *p)
{
	struct tally_row *row;
	size_t i;

	for (i = 0; i < t->nr; i++)
		if (!strcmp(t->rows[i].program, p->program) && t->rows[i].mode == p->mode)
			return &t->rows[i];
	t->rows = must(realloc(t->rows, (t->nr + 1) * sizeof(*t->rows)));
	row = &t->rows[t->nr++];
	memset(row, 0, sizeof(*row));
	memcpy(row->program, p->program, sizeof(row->program));
	row->mode = p->mode;
	return row;
}

static void add(struct tally_row *row, const struct stats_page *p)
{
	/* A process that executes another program has two stats pages. */
	row->processes += row->pid != p->pid || row->pid_namespace != p->pid_namespace;
	row->pid = p->pid;
	row->pid_namespace = p->pid_namespace;
	counts_add(&row->counts, &p->counts);
}

static void take(struct stats_page *p, void *arg)
{
	struct tally *t = arg;
	struct tally_row *row;

	if (p->run != t->run)
		return;
	if (stats_page_alive(p)) {
		t->alive += p->seen_as > 0;
		if (p->seen_as)
			t->alive_pid = p->seen_as;
		return;
	}
	if (stats_page_count(p))
		return;
	t->pages++;
	t->nested |= !strcmp(p->program, program_invocation_short_name);
	row = row_of(t, p);
	add(row, p);
	add(&t->all, p);
	if (p->times_offset) {
		if (!row->times)
			row->times = must(calloc(1, sizeof(*row->times)));
		stats_page_add_times(p, row->times);
	}
	directory_remove(p);
}

int tally_harvest(struct tally *t)
{
	unsigned before = t->pages;

	t->alive = 0;
	directory_each(take, t);
	return t->pages - before;
}

void tally_free(struct tally *t)
{
	size_t i;

	for (i = 0; i < t->nr; i++)
		free(t->rows[i].times);
	free(t->rows);
	t->rows = NULL;
	t->nr = 0;
}
