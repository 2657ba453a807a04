/* SPDX-License-Identifier: MIT */
/*
 * libc's functions that close descriptors: a bare enter must not take another ring for the one that
 * its number stood for. Closing a descriptor that is no ring's costs a few instructions and a jump
 * more.
 *
 * Not seen: a close by an inline system call (liburing's own happen inside functions that we
 * interpose), and a close inside libc of what libc opened.
 */
#include <dlfcn.h>
#include <limits.h>

#include "ring/closing.h"
#include "symbols/start.h"
#include "symbols/symbols.h"

/*
 * These two came with glibc 2.34. On an older libc, a program that looks them up must not find
 * ours. So they are exported under that version, and not as the default one.
 */
void closefrom(int first);
int close_range(unsigned first, unsigned last, int flags);

/*
 * The bare system calls: for an older libc, which lacks the last two, and until the real functions
 * are found.
 */
static int bare(long nr, long a, long b, long c)
{
	return as_libc_says(kernel_call(nr, a, b, c, 0, 0, 0));
}

static int bare_close(int fd)
{
	return bare(SYS_close, fd, 0, 0);
}

static int bare_dup3(int old, int fd, int flags)
{
	return bare(SYS_dup3, old, fd, flags);
}

static int bare_dup2(int old, int fd)
{
	/* dup3 fails if both numbers are the same. */
	return old == fd ? fcntl(old, F_GETFD) < 0 ? -1 : fd : bare_dup3(old, fd, 0);
}

static int bare_close_range(unsigned first, unsigned last, int flags)
{
	return bare(SYS_close_range, first, last, flags);
}

static void bare_closefrom(int first)
{
	bare_close_range(first < 0 ? 0 : first, UINT_MAX, 0);
}

/* The real functions. Never NULL: another library's constructor may call us before ours has run. */
#define CLOSING(X) X(close) X(dup2) X(dup3) X(close_range) X(closefrom)
#define X(name)	   static __typeof__(name) *next_##name = bare_##name;
CLOSING(X)
#undef X

void close_start(void)
{
	void *found;

#define X(name) \
	found = dlsym(RTLD_NEXT, #name); \
	if (found) \
		next_##name = (__typeof__(name) *)found;
	CLOSING(X)
#undef X
	dlerror();
}

EXPORT int close(int fd)
{
	fd_closing(fd);
	return next_close(fd);
}

EXPORT int dup2(int old, int fd)
{
	fd_replaced(old, fd);
	return next_dup2(old, fd);
}

EXPORT int dup3(int old, int fd, int flags)
{
	if (!(flags & ~O_CLOEXEC))
		fd_replaced(old, fd);
	return next_dup3(old, fd, flags);
}

SYMVER(on_close_range, close_range, "GLIBC_2.34");
int on_close_range(unsigned first, unsigned last, int flags)
{
	fds_closing(first, last, flags);
	return next_close_range(first, last, flags);
}

SYMVER(on_closefrom, closefrom, "GLIBC_2.34");
void on_closefrom(int first)
{
	fds_closing(first < 0 ? 0 : first, INT_MAX, 0);
	next_closefrom(first);
}
