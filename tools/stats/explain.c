/* SPDX-License-Identifier: MIT */
/*
 * Says in words why a stats page cannot be opened.
 */
#include <errno.h>
#include <stdio.h>

#include "common/message.h"
#include "directory.h"

#define HIGHEST 64 /* ancestors that are looked at */

struct search {
	pid_t ancestor;
	pid_t found; /* 0: nothing */
};

static pid_t parent_of(pid_t pid)
{
	char name[32], line[128];
	int parent = 0;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)pid);
	f = fopen(name, "re");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "PPid: %d", &parent) == 1)
			break;
	if (f)
		fclose(f);
	return parent;
}

static void look_for_ancestor(struct stats_page *p, void *arg)
{
	struct search *s = arg;
	pid_t pid = s->found || !stats_page_alive(p) ? 0 : p->seen_as;
	int i;

	for (i = 0; pid > 1 && i < HIGHEST; i++) {
		pid = parent_of(pid);
		if (pid == s->ancestor)
			s->found = p->seen_as;
	}
}

/*
 * A process that this one has started, and that has a stats page: of regwait run, the program. 0:
 * there is none.
 */
static pid_t descendant_with_page(pid_t pid)
{
	struct search s = { .ancestor = pid };

	directory_each(look_for_ancestor, &s);
	return s.found;
}

int directory_explain(pid_t pid, int err)
{
	pid_t other = err == -ENOENT ? descendant_with_page(pid) : 0;

	if (other)
		return fail("process %d has no stats page; process %d, which it started, has one",
			    (int)pid, (int)other);
	if (err == -ENOENT)
		return fail("process %d has no stats page; start it with regwait run, or "
			    "REGWAIT_LIVE=on",
			    (int)pid);
	if (err == -EACCES)
		return fail("process %d is another user's; only they and root may do this",
			    (int)pid);
	if (err == -EPERM || err == -ELOOP || err == -ENOTDIR)
		return fail("the page of process %d, or its directory under /dev/shm, is open to "
			    "others; "
			    "it is not used",
			    (int)pid);
	if (err == -EPROTO)
		return fail("the page of process %d is broken or of another version", (int)pid);
	return fail("the page of process %d cannot be opened: %s", (int)pid, error_text(err));
}
