/* SPDX-License-Identifier: MIT */
/* Descriptors that are about to be closed, by whichever call: rings among them are noted. */
#ifndef REGWAIT_CLOSING_H
#define REGWAIT_CLOSING_H

#include <fcntl.h>

#include "base/stderr.h"
#include "process/fd_state.h"
#include "ring/ring.h"

#ifndef CLOSE_RANGE_UNSHARE		/* 5.9 */
#define CLOSE_RANGE_UNSHARE	(1U << 1)
#endif
#ifndef CLOSE_RANGE_CLOEXEC		/* 5.11 */
#define CLOSE_RANGE_CLOEXEC	(1U << 2)
#endif

/* May it stand for a ring? */
static inline bool fd_has_door(const struct process *p, unsigned fd)
{
	return __builtin_expect(door_read(p, fd), 0) ||
	       __builtin_expect(__atomic_load_n(&threads_tables_differ, __ATOMIC_RELAXED), 0);
}

static inline void fd_closing(unsigned fd)
{
	struct process *p = process_peek();

	if (fd == STDERR_FILENO)
		stderr_closing();
	if (p && fd_has_door(p, fd))
		ring_fds_closing(fd, fd);
}

static inline void fds_closing(unsigned first, unsigned last, unsigned flags)
{
	if (first > last)
		return;
	if (flags & CLOSE_RANGE_UNSHARE)
		threads_unshare();
	if (flags & CLOSE_RANGE_CLOEXEC)
		return;
	if (first <= STDERR_FILENO && last >= STDERR_FILENO)
		stderr_closing();
	if (process_peek())
		ring_fds_closing(first, last);
}

/* dup2 and dup3: fd is closed only if old is there to replace it. */
static inline void fd_replaced(int old, int fd)
{
	struct process *p = process_peek();
	int saved = errno;

	if (fd == STDERR_FILENO && old != fd && !(p && p->sandboxed))
		stderr_becoming(old);
	if (p && old != fd && fd_has_door(p, fd) && fcntl(old, F_GETFD) >= 0)
		ring_fds_closing(fd, fd);
	errno = saved;
}

#endif
