/* SPDX-License-Identifier: MIT */
/* What is asserted in a forked child, and of it. */
#ifndef CHILD_H
#define CHILD_H

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#define CHILD_ASSERT(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "in the child: %s does not hold\n", #what); \
			_exit(1); \
		} \
	} while (0)

/* As waitpid() has it; 0: it ended well. */
static inline int child_status(pid_t pid)
{
	int status = -1;

	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static inline void assert_child_is_content(pid_t pid)
{
	assert_int_equal(child_status(pid), 0);
}

#endif
