/* SPDX-License-Identifier: MIT */
/*
 * Says in words why a stats page cannot be opened.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/message.h"
#include "directory.h"

#define DEEPEST 8

/*
 * A process that this one has started, and that has a stats page: of regwait run, the program. 0:
 * there is none.
 */
static pid_t descendant_with_page(pid_t pid, int depth)
{
	struct stats_page p;
	char name[64];
	pid_t found = 0;
	int child;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	f = depth < DEEPEST ? fopen(name, "re") : NULL;
	while (f && !found && fscanf(f, "%d", &child) == 1) {
		if (!directory_find(&p, child, false)) {
			stats_page_close(&p);
			found = child;
		} else {
			found = descendant_with_page(child, depth + 1);
		}
	}
	if (f)
		fclose(f);
	return found;
}

int directory_explain(pid_t pid, int err)
{
	pid_t other = err == -ENOENT ? descendant_with_page(pid, 0) : 0;

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
	return fail("the page of process %d cannot be opened: %s", (int)pid, strerror(-err));
}
