/* SPDX-License-Identifier: MIT */
/*
 * Reads plans, into memory of their own: a file that is mapped could be cut short meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/kernel.h"
#include "sites/sites.h"

#define SIZE_MAX_PLANS (64 << 20)

/*
 * A plan says how code is changed. So it must be ours, or root's, and nobody else may write to it,
 * as with what the loader loads.
 */
static bool is_trusted(const struct stat *st)
{
	return (st->st_uid == geteuid() || !st->st_uid) && !(st->st_mode & 022);
}

static bool read_all(int fd, char *to, size_t size)
{
	while (size) {
		ssize_t n = read(fd, to, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		size -= n;
	}
	return true;
}

static void give_back(struct plans *plans)
{
	if (plans->memory)
		munmap(plans->memory, plans->size);
	plans->memory = NULL;
}

/* Is each plan in the file sound? It is found out once, and not anew for each object. */
static bool all_are_sound(const struct plans *plans)
{
	const char *at = plans->memory;
	size_t left, n;

	for (left = plans->size; left; left -= n, at += n)
		if (!plan_check(at, left, &n))
			return false;
	return true;
}

static enum site_reason take_file(struct plans *plans, int fd, const struct stat *st)
{
	void *memory;

	if (!S_ISREG(st->st_mode) || st->st_size < (off_t)sizeof(struct plan) ||
	    st->st_size > SIZE_MAX_PLANS)
		return SITE_DAMAGED;
	if (!is_trusted(st))
		return SITE_UNTRUSTED;
	memory =
		mmap(NULL, st->st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return SITE_NO_PLAN;
	plans->memory = memory;
	plans->size = st->st_size;
	if (!read_all(fd, memory, st->st_size))
		return SITE_NO_PLAN;
	return all_are_sound(plans) ? SITE_REASON_NONE : SITE_DAMAGED;
}

enum site_reason plans_open(struct plans *plans, const char *path)
{
	/* A FIFO would block. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum site_reason why;
	struct stat st;

	plans->path = path;
	plans->dir = -1;
	if (fd < 0)
		return SITE_NO_PLAN;
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		plans->dir = fd;
		return SITE_REASON_NONE;
	}
	why = take_file(plans, fd, &st);
	kernel_close(fd);
	return why;
}

void plans_close(struct plans *plans)
{
	give_back(plans);
	if (plans->dir >= 0)
		kernel_close(plans->dir);
}

/* Opens the plan with this key in the directory. */
static enum site_reason take_from_dir(struct plans *plans, const struct plan_key *key, bool *there)
{
	char name[PLAN_NAME_SIZE];
	enum site_reason why;
	struct stat st;
	int fd;

	give_back(plans);
	plan_name(name, key);
	fd = openat(plans->dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	*there = fd >= 0;
	if (fd < 0)
		return errno == ENOENT ? SITE_REASON_NONE :
		       errno == ELOOP  ? SITE_UNTRUSTED :
					 SITE_NO_PLAN;
	why = fstat(fd, &st) ? SITE_NO_PLAN : take_file(plans, fd, &st);
	kernel_close(fd);
	return why;
}

const struct plan *plans_find(struct plans *plans, const struct plan_key *key,
			      enum site_reason *why)
{
	const char *at;
	size_t left, n;
	bool there;

	*why = SITE_REASON_NONE;
	if (plans->dir >= 0) {
		*why = take_from_dir(plans, key, &there);
		if (*why || !there)
			return NULL;
	}
	at = plans->memory;
	for (left = plans->size; left; left -= n, at += n) {
		const struct plan *p = (const struct plan *)at;

		if (plan_key_equal(&p->key, key))
			return p;
		n = plan_size(p);
	}
	/* A file in a directory bears the name of its key. */
	if (plans->dir >= 0)
		*why = SITE_DAMAGED;
	return NULL;
}
