/* SPDX-License-Identifier: MIT */
/*
 * What is done before descriptors are closed or replaced, by whichever call: rings among them are
 * forgotten. Afterwards would be too late: another thread may have the same number by then.
 */
#ifndef REGWAIT_CLOSING_H
#define REGWAIT_CLOSING_H

#include <fcntl.h>

#include "base/stderr.h"
#include "process/fd_state.h"
#include "process/threads.h"
#include "ring/ring.h"

#ifndef CLOSE_RANGE_UNSHARE /* 5.9 */
#define CLOSE_RANGE_UNSHARE (1U << 1)
#endif
#ifndef CLOSE_RANGE_CLOEXEC /* 5.11 */
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

/* May this descriptor stand for a ring? */
static inline bool fd_may_be_ring(unsigned fd)
{
	return __builtin_expect(fd_is_noted(fd), 0) ||
	       __builtin_expect(__atomic_load_n(&threads_tables_differ, __ATOMIC_RELAXED), 0);
}

static inline void fd_closing(unsigned fd)
{
	if (fd == STDERR_FILENO)
		stderr_closing();
	if (fd_may_be_ring(fd))
		ring_fds_closing(fd, fd);
}

static inline void fds_closing(unsigned first, unsigned last, unsigned flags)
{
	if (first > last)
		return;
	if (flags & CLOSE_RANGE_UNSHARE)
		fd_tables_unshare();
	if (flags & CLOSE_RANGE_CLOEXEC)
		return;
	if (first <= STDERR_FILENO && last >= STDERR_FILENO)
		stderr_closing();
	ring_fds_closing(first, last);
}

/*
 * For dup2 and dup3: fd is closed only if old is an open descriptor. In a sandbox, where we cannot
 * ask, old is taken to be open.
 */
static inline void fd_replaced(int old, int fd)
{
	int saved = errno;

	if (fd == STDERR_FILENO && old != fd && !process_sandboxed)
		stderr_becoming(old);
	if (fd_may_be_ring(fd) && old != fd && (process_sandboxed || fcntl(old, F_GETFD) >= 0))
		ring_fds_closing(fd, fd);
	errno = saved;
}

#endif
