/* SPDX-License-Identifier: MIT */
/*
 * Says in words why a stats page cannot be opened.
 */
#include <errno.h>
#include <string.h>

#include "common/message.h"
#include "directory.h"

int directory_explain(pid_t pid, int err)
{
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
