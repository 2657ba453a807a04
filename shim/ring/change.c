/* SPDX-License-Identifier: MIT */
/*
 * What happens to a ring after it was made: mapped, enabled, resized, closed, ended.
 */
#include "ring/arm.h"
#include "process/fd_state.h"
#include "ring/index.h"
#include "ring/napi.h"
#include "base/log.h"
#include "ring/ring.h"
#include "process/return.h"
#include "ring/ring_fd.h"

void ring_unseen(struct process *p, struct io_uring *ring, const struct next *next)
{
	if (!ring_put_tag(p, ring, REASON_UNSEEN, next))
		return;
	ring_log(ring->ring_fd, REASON_UNSEEN);
	if (!table_lock(p))
		return;
	ring_count(p, REASON_UNSEEN);
	table_unlock(p);
}

void ring_mapped(int fd, struct io_uring *ring, const struct next *next)
{
	struct process *p = process_get();
	struct ring_entry *e;
	bool known = false;

	/* A tag is there already: it is another mapping of a ring that is known. */
	if (!p || !tag_fits(ring) || tag_read(ring) || !table_lock(p))
		return;
	e = table_by_live_fd(p, fd);
	if (e && !e->place && ring_put_tag(p, ring, e->info.why, next)) {
		e->place = tag_place(ring);
		e->info.next = next;
		napi_tagged(e, ring);
		known = true;
	}
	table_unlock(p);
	if (!known)
		ring_unseen(p, ring, next);
}

/* By the structure where the caller has one, else by the index or descriptor. Under the lock. */
static struct ring_entry *entry_of(struct process *p, const struct io_uring *ring, int fd,
				   bool is_index)
{
	if (ring)
		return table_by_ring(p, ring);
	return is_index ? table_by_handle(p, index_handle(fd)) : table_by_live_fd(p, fd);
}

/* What is known of a ring. */
static bool look_up(struct process *p, const struct io_uring *ring, int fd, bool is_index,
		    struct ring_info *info)
{
	struct ring_entry *e;

	if (!table_lock(p))
		return false;
	e = entry_of(p, ring, fd, is_index);
	if (e)
		*info = e->info;
	table_unlock(p);
	return e;
}

static void set_has_area(struct process *p, const struct io_uring *ring, int fd, bool is_index)
{
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = entry_of(p, ring, fd, is_index);
	if (e)
		e->info.has_area = true;
	table_unlock(p);
}

static enum regwait_reason try_to_arm(const struct io_uring *ring, int fd, bool is_index)
{
	struct process *p = process_peek();
	enum regwait_reason why = arm_obstacle();
	struct ring_info info;

	if (!p || !look_up(p, ring, fd, is_index, &info))
		return REASON_DISABLED;
	/* Registered already, when an earlier try to enable the ring failed. */
	if (info.has_area)
		return REASON_NONE;
	if (!why)
		why = info.later;
	if (!why)
		why = arm_reserve(p);
	if (why)
		return why;
	why = arm_register(p, fd, is_index ? REGISTER_USE_REGISTERED_RING : 0);
	if (why)
		arm_unreserve(p);
	else
		set_has_area(p, ring, fd, is_index);
	return why;
}

enum regwait_reason ring_enabling(const struct io_uring *ring, int fd, bool is_index)
{
	int saved = errno;
	enum regwait_reason why = try_to_arm(ring, fd, is_index);

	errno = saved;
	return why;
}

static void retag(struct io_uring *ring, enum regwait_reason why)
{
	tag_write(ring, ring_tag_as_due(tag_with_reason(tag_read(ring), why)));
}

void ring_enabled(struct io_uring *ring, int fd, bool is_index, enum regwait_reason why)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = entry_of(p, ring, fd, is_index);
	if (e && e->info.why == REASON_DISABLED) {
		/* The ring was disabled indeed: so it is the kernel that knows no areas. */
		if (why == REASON_KERNEL)
			arm_kernel_too_old();
		ring_log(fd, why);
		if (!why)
			return_choose();
		e->info.why = why;
		door_write(p, e->fd, door_for(why));
		p->page->rings.plain[REASON_DISABLED]--;
		p->page->rings.seen--;
		ring_count(p, why);
		if (ring)
			retag(ring, why);
		if (ring && !why)
			ringfd_take(p, ring, e);
	}
	table_unlock(p);
}

bool ring_now_enabled(struct io_uring *ring)
{
	struct ring_info info;

	if (!ring_find(ring, &info) || info.why == REASON_DISABLED)
		return false;
	retag(ring, info.why);
	return true;
}

void ring_moved(struct io_uring *ring, const struct io_uring *old)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = table_by_ring(p, old);
	if (e) {
		/* Without a tag its waits are plain, but it is the same ring. */
		if (ring_put_tag(p, ring, e->info.why, e->info.next))
			napi_tagged(e, ring);
		e->place = tag_place(ring);
	}
	table_unlock(p);
}

bool ring_find(const struct io_uring *ring, struct ring_info *info)
{
	return look_up(process_peek(), ring, -1, false, info);
}

bool ring_find_fd(int fd, bool is_index, struct ring_info *info)
{
	return look_up(process_peek(), NULL, fd, is_index, info);
}

void ring_indexed(unsigned index, int fd)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = table_by_live_fd(p, fd);
	if (e)
		index_registered(index, e->handle, !e->info.why);
	else
		index_unregistered(index);
	table_unlock(p);
}

bool ring_says_armed(const struct io_uring *ring)
{
	return tag_fits(ring) && is_readable(tag_place(ring)) &&
	       tag_read(ring) & TAG_NONCE_MASK && !tag_reason(tag_read(ring));
}

void ring_region_faked(const struct io_uring *ring, int fd, bool is_index)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = entry_of(p, ring, fd, is_index);
	if (e)
		e->info.region_faked = true;
	table_unlock(p);
}

int ring_set_entries(const struct io_uring *ring, const struct next *next,
		     const struct reg_wait *entries, unsigned nr)
{
	const struct ring_info unseen = { .why = REASON_UNSEEN, .next = next };
	struct process *p = process_get();
	struct ring_entry *e;
	int ret = 0;

	if (!table_lock(p))
		return -ENOMEM;
	e = table_by_ring(p, ring);
	if (!e && !table_by_fd(p, ring->ring_fd)) {
		table_add(p, ring->ring_fd, &unseen, tag_place(ring));
		e = table_by_ring(p, ring);
	}
	if (!e)
		ret = -ENOMEM;
	else if (e->info.entries || e->info.region_faked || e->info.why == REASON_OWN_REGION)
		ret = -EBUSY;
	else {
		e->info.entries = entries;
		e->info.nr_entries = nr;
	}
	table_unlock(p);
	return ret;
}

/* Under the lock. */
static void drop_fd(struct process *p, struct ring_entry *e)
{
	ringfd_forgotten(e);
	table_drop_fd(p, e);
}

void ring_fd_closed(int fd)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = table_by_fd(p, fd);
	if (e)
		drop_fd(p, e);
	table_unlock(p);
}

/* Under the lock. */
static void forget(struct process *p, struct ring_entry *e)
{
	ringfd_forgotten(e);
	if (!e->info.why || e->info.has_area)
		arm_ended(p);
	table_remove(p, e);
}

/* The ring's end, unless it has an index as well. Under the lock. */
static void lose_fd(struct process *p, struct ring_entry *e)
{
	if (index_leads_to(e->handle))
		drop_fd(p, e);
	else
		forget(p, e);
}

void ring_fds_closing(unsigned first, unsigned last)
{
	struct process *p = process_peek();
	struct ring_entry *e, *tmp;
	int saved = errno;

	/* A child of vfork has our memory, but descriptors of its own. */
	if (!process_is_mine(p))
		return;
	ringfd_closing(first, last);
	doors_close(p, first, last);
	if (table_lock(p)) {
		if (first == last) {
			e = table_by_fd(p, first);
			if (e)
				lose_fd(p, e);
		} else {
			HASH_ITER(hh, p->rings, e, tmp)
				if (e->fd >= 0 && (unsigned)e->fd >= first &&
				    (unsigned)e->fd <= last)
					lose_fd(p, e);
		}
		table_unlock(p);
	}
	errno = saved;
}

void ring_ended(const struct io_uring *ring)
{
	struct process *p = process_peek();
	struct ring_entry *e;
	int saved = errno;

	ringfd_closing(ring->ring_fd, ring->ring_fd);
	ringfd_look_round();
	if (p)
		doors_close(p, ring->ring_fd, ring->ring_fd);	/* that of an alias, maybe */
	if (!table_lock(p))
		return;
	e = table_by_ring(p, ring);
	if (e)
		forget(p, e);
	table_unlock(p);
	errno = saved;
}
