/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "process/fd_state.h"
#include "ring/table.h"
#include "ring/tag.h"

bool table_lock(struct process *p)
{
	return p && !pthread_mutex_lock(&p->lock);
}

void table_unlock(struct process *p)
{
	pthread_mutex_unlock(&p->lock);
}

/* Every ring is an anonymous inode of its own. 0: not to be had. */
static uint64_t inode_of(int fd)
{
	struct stat st;
	int saved = errno;
	bool ok = fd >= 0 && !fstat(fd, &st);

	errno = saved;
	return ok ? st.st_ino : 0;
}

struct ring_entry *table_by_fd(struct process *p, int fd)
{
	struct ring_entry *e;

	HASH_FIND_INT(p->rings, &fd, e);
	return e;
}

/*
 * Asked for when it is first needed, since making a ring shall not cost another call: while the
 * descriptor has its door, nobody was seen to close it.
 */
static bool inode_known(struct process *p, struct ring_entry *e)
{
	if (!e->inode && e->fd >= 0 && door_read(p, e->fd))
		e->inode = inode_of(e->fd);
	return e->inode;
}

struct ring_entry *table_by_live_fd(struct process *p, int fd)
{
	struct ring_entry *e = fd >= 0 ? table_by_fd(p, fd) : NULL;

	return e && inode_known(p, e) && e->inode == inode_of(fd) ? e : NULL;
}

struct ring_entry *table_by_inode(struct process *p, int fd)
{
	uint64_t inode = inode_of(fd);
	struct ring_entry *e, *tmp;

	if (inode)
		HASH_ITER(hh, p->rings, e, tmp)
			if (inode_known(p, e) && e->inode == inode)
				return e;
	return NULL;
}

/* Rings that are named by an index are few, and their bare system calls fewer. */
struct ring_entry *table_by_handle(struct process *p, int handle)
{
	struct ring_entry *e, *tmp;

	/* The entry that keeps the buckets has none either. */
	if (handle == NO_HANDLE)
		return NULL;
	HASH_ITER(hh, p->rings, e, tmp)
		if (e->handle == handle)
			return e;
	return NULL;
}

struct ring_entry *table_by_ring(struct process *p, const struct io_uring *ring)
{
	const uint64_t *place = tag_place(ring);
	struct ring_entry *e, *tmp, *newest = NULL;

	if (ring->ring_fd >= 0) {
		e = table_by_fd(p, ring->ring_fd);
		if (e)
			return e->place == place ? e : NULL;
	}
	/* The program may have closed the number that the structure still has. */
	HASH_ITER(hh, p->rings, e, tmp)
		/* An older one, whose end we did not see, had its memory in the same place. */
		if (e->fd < 0 && e->place == place && (!newest || e->handle < newest->handle))
			newest = e;
	return newest;
}

/*
 * The table hangs from a mapping, where a leak detector does not look; this shows it that
 * the entries are in use. The first ones lead to all others.
 */
static const struct ring_entry *for_leak_detectors[2];

static void show_leak_detectors(const struct process *p)
{
	for_leak_detectors[0] = p->rings;
	for_leak_detectors[1] = p->spare;
	__asm__ volatile("" : : "r"(for_leak_detectors) : "memory");
}

/*
 * Not by free(): a ring may be closed in a signal handler that interrupted malloc(). Who makes
 * rings without end has some that it ended.
 */
static void put_aside(struct process *p, struct ring_entry *e)
{
	e->spare = p->spare;
	p->spare = e;
	show_leak_detectors(p);
}

static struct ring_entry *new_entry(struct process *p)
{
	struct ring_entry *e = p->spare;

	if (!e)
		return calloc(1, sizeof(*e));
	p->spare = e->spare;
	memset(e, 0, sizeof(*e));
	return e;
}

/* Not -1, which a structure says that has no descriptor. */
static int new_handle(void)
{
	static unsigned last;

	return -2 - (int)(__atomic_fetch_add(&last, 1, __ATOMIC_RELAXED) & (INT32_MAX >> 1));
}

static int insert(struct process *p, struct ring_entry *e)
{
	int handle = e->handle;

	HASH_ADD_INT(p->rings, fd, e);
	if (!e->hh.tbl) {
		put_aside(p, e);
		handle = NO_HANDLE;
	}
	show_leak_detectors(p);
	return handle;
}

/*
 * uthash gives its buckets back with the last entry, which in a program that makes and ends one
 * ring after the other is each of them. An entry that is no ring's keeps them.
 */
static void keep_buckets(struct process *p)
{
	struct ring_entry *e = p->rings ? NULL : new_entry(p);

	if (!e)
		return;
	e->fd = INT32_MIN;
	e->info.why = REASON_END;
	insert(p, e);
}

int table_add(struct process *p, int fd, const struct ring_info *info, const uint64_t *place)
{
	struct ring_entry *e = new_entry(p);

	if (!e)
		return NO_HANDLE;
	keep_buckets(p);
	e->handle = new_handle();
	e->fd = fd >= 0 ? fd : e->handle;
	e->info = *info;
	e->place = place;
	if (fd >= DOORS)
		e->inode = inode_of(fd);
	door_write(p, fd, door_for(info->why));
	return insert(p, e);
}

void table_drop_fd(struct process *p, struct ring_entry *e)
{
	door_write(p, e->fd, 0);
	HASH_DEL(p->rings, e);
	e->fd = e->handle;
	e->inode = 0;
	insert(p, e);
}

void table_remove(struct process *p, struct ring_entry *e)
{
	door_write(p, e->fd, 0);
	HASH_DEL(p->rings, e);
	put_aside(p, e);
}
