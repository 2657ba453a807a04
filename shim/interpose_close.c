/* SPDX-License-Identifier: MIT */
/*
 * libc's functions that close descriptors, so that no bare enter takes another ring for the
 * one that a number stood for. A descriptor that is no ring's costs a load and a jump.
 *
 * Not seen: a close by an inline system call (liburing's own are inside functions that we do
 * see), and libc's own of what libc opened.
 */
#include <dlfcn.h>
#include <limits.h>

#include "closing.h"
#include "interpose.h"

#define CLOSING(X) \
	X(close, (int fd), (fd)) \
	X(dup2, (int old, int fd), (old, fd)) \
	X(dup3, (int old, int fd, int flags), (old, fd, flags)) \
	X(close_range, (unsigned first, unsigned last, int flags), (first, last, flags)) \
	X(closefrom, (int first), (first))

void closefrom(int first);		/* glibc 2.34, as is close_range() */
int close_range(unsigned first, unsigned last, int flags);

/* The real ones. A program may come to us before our constructor has run. */
#define X(name, parameters, arguments) \
	static __typeof__(name) *next_##name; \
	static __typeof__(name) *find_##name(void) \
	{ \
		if (__builtin_expect(!next_##name, 0)) \
			next_##name = (__typeof__(name) *)dlsym(RTLD_NEXT, #name); \
		return next_##name; \
	}
CLOSING(X)
#undef X

/* The newest two stand in for themselves where libc is older than they are. */
static int kernel_close_range(unsigned first, unsigned last, int flags)
{
	int ret = kernel_call(SYS_close_range, first, last, flags, 0, 0, 0);

	if (ret >= 0)
		return ret;
	errno = -ret;
	return -1;
}

__attribute__((constructor))
static void find_all(void)
{
#define X(name, parameters, arguments) find_##name();
	CLOSING(X)
#undef X
	/* A glibc without the newest of them is no error of the program's. */
	dlerror();
}

EXPORT int close(int fd)
{
	fd_closing(fd);
	return find_close()(fd);
}

EXPORT int dup2(int old, int fd)
{
	fd_replaced(old, fd);
	return find_dup2()(old, fd);
}

EXPORT int dup3(int old, int fd, int flags)
{
	if (!(flags & ~O_CLOEXEC))
		fd_replaced(old, fd);
	return find_dup3()(old, fd, flags);
}

EXPORT int close_range(unsigned first, unsigned last, int flags)
{
	fds_closing(first, last, flags);
	if (!find_close_range())
		return kernel_close_range(first, last, flags);
	return find_close_range()(first, last, flags);
}

EXPORT void closefrom(int first)
{
	fds_closing(first < 0 ? 0 : first, INT_MAX, 0);
	if (find_closefrom())
		find_closefrom()(first);
	else
		kernel_close_range(first < 0 ? 0 : first, UINT_MAX, 0);
}
