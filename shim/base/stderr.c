/* SPDX-License-Identifier: MIT */
/*
 * Remembers which file standard error was at the start, and which file replaced it last. After a
 * close, we write to descriptor 2 only if it is one of these two files. A flag would not do: a
 * child of vfork shares our memory but has descriptors of its own. When the child closes its
 * standard error, the parent's is still open.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stderr.h"

struct file {
	dev_t device;
	ino_t inode;
	bool there;
};

static bool watched, closed;
static struct file first, last;

/*
 * fclose(stderr) closes the descriptor without calling us; the stream then no longer has this
 * number.
 */
/* NOLINTNEXTLINE(misc-non-copyable-objects): libc's, and not copied */
extern FILE _IO_2_1_stderr_ __attribute__((weak));

static bool closed_by_libc(void)
{
	return &_IO_2_1_stderr_ && fileno_unlocked(&_IO_2_1_stderr_) != STDERR_FILENO;
}

static struct file file_of(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return (struct file){ .there = false };
	return (struct file){ .device = st.st_dev, .inode = st.st_ino, .there = true };
}

static bool is_same(const struct file *a, const struct file *b)
{
	return a->there && b->there && a->device == b->device && a->inode == b->inode;
}

void stderr_begin(void)
{
	int saved = errno;

	first = file_of(STDERR_FILENO);
	closed = !first.there;
	watched = true;
	errno = saved;
}

void stderr_closing(void)
{
	__atomic_store_n(&closed, true, __ATOMIC_RELAXED);
}

void stderr_becoming(int fd)
{
	int saved = errno;

	if (watched)
		last = file_of(fd);
	errno = saved;
}

bool stderr_is_there(void)
{
	int saved = errno;
	struct file now;
	bool there = true;

	if (__atomic_load_n(&closed, __ATOMIC_RELAXED) || closed_by_libc()) {
		now = file_of(STDERR_FILENO);
		there = is_same(&now, &first) || is_same(&now, &last);
	}
	errno = saved;
	return there;
}
