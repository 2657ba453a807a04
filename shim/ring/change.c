/* SPDX-License-Identifier: MIT */
/*
 * What happens to a ring after it was made: it is mapped, enabled, resized, closed, ended.
 */
#include "base/debug.h"
#include "base/log.h"
#include "process/fd_state.h"
#include "process/readable.h"
#include "ring/arm.h"
#include "ring/index.h"
#include "ring/iowait.h"
#include "ring/napi.h"
#include "ring/ring.h"
#include "ring/ring_fd.h"
#include "ring/tag.h"

void ring_unseen(struct process *p, struct io_uring *ring, unsigned quirks)
{
	if (!ring_put_tag(p, ring, REASON_UNSEEN, quirks))
		return;
	ring_log(ring->ring_fd, REASON_UNSEEN);
	if (!table_lock(p))
		return;
	ring_count(p, REASON_UNSEEN);
	table_unlock(p);
}

/* A ring that was made by a descriptor was counted then, as one whose bare enters get the flag. */
static void map_unseen(struct process *p, struct io_uring *ring, unsigned quirks, bool no_iowait)
{
	ring_unseen(p, ring, quirks);
	if (!no_iowait || !table_lock(p))
		return;
	p->stats_page->rings.no_iowait++;
	table_unlock(p);
}

void ring_mapped(int fd, struct io_uring *ring, unsigned features, const struct next *next)
{
	bool no_iowait = iowait_keep_out(ring, features, next), known = false;
	struct process *p = process_get();
	struct ring_row *row;

	/* If there is a tag already, this is another mapping of a known ring. */
	if (!p || !tag_fits(ring) || tag_read(ring) || !table_lock(p))
		return;
	row = table_by_current_fd(fd);
	if (row && !row->tag && ring_put_tag(p, ring, row->info.why, next->quirks)) {
		row->tag = tag_address(ring);
		row->info.quirks = next->quirks;
		napi_tagged(row, ring);
		known = true;
	}
	table_unlock(p);
	if (!known)
		map_unseen(p, ring, next->quirks, no_iowait);
}

bool ring_find(struct ring_ref ref, struct ring_info *info)
{
	struct process *p = process_peek();
	struct ring_row *row;

	if (!table_lock(p))
		return false;
	row = table_by_ref(ref);
	if (row)
		*info = row->info;
	table_unlock(p);
	return row;
}

static void set_has_area(struct process *p, struct ring_ref ref)
{
	struct ring_row *row;

	if (!table_lock(p))
		return;
	row = table_by_ref(ref);
	if (row)
		row->info.has_area = true;
	table_unlock(p);
}

static enum regwait_reason try_to_arm(struct ring_ref ref)
{
	struct process *p = process_peek();
	enum regwait_reason why = arm_reason();
	struct ring_info info;

	if (process_sandboxed || !ring_find(ref, &info))
		return REASON_DISABLED;
	/* The area was registered already, when an earlier attempt to enable the ring failed. */
	if (info.has_area)
		return REASON_NONE;
	if (!why)
		why = info.later;
	if (!why)
		why = arm_reserve(p);
	if (why)
		return why;
	why = arm_register(p, ref.fd, ref.is_index ? REGISTER_USE_REGISTERED_RING : 0);
	if (why)
		arm_unreserve(p);
	else
		set_has_area(p, ref);
	return why;
}

enum regwait_reason ring_enabling(struct ring_ref ref)
{
	int saved = errno;
	enum regwait_reason why = try_to_arm(ref);

	errno = saved;
	return why;
}

static void retag(struct io_uring *ring, enum regwait_reason why)
{
	tag_write(ring, tag_with_reason(tag_read(ring), why));
	debug_assert(tag_reason(tag_read(ring)) == why);
}

/* The ring was disabled, and now is not. Under the lock. */
static void note_enabled(struct process *p, struct ring_row *row, enum regwait_reason why)
{
	debug_assert(process_lock_is_held(p));
	/* Since the ring was disabled, REASON_KERNEL means that the kernel knows no wait areas. */
	if (why == REASON_KERNEL)
		arm_kernel_too_old();
	ring_log(row->fd, why);
	row->info.why = why;
	if (row->fd >= 0)
		fd_state_write(row->fd, ring_info_fd_state(&row->info));
	p->stats_page->rings.plain[REASON_DISABLED]--;
	p->stats_page->rings.seen--;
	ring_count(p, why);
}

void ring_enabled(struct io_uring *ring, struct ring_ref ref, enum regwait_reason why)
{
	struct process *p = process_peek();
	struct ring_row *row;

	if (!table_lock(p))
		return;
	row = table_by_ref(ref);
	if (row && row->info.why == REASON_DISABLED) {
		note_enabled(p, row, why);
		if (ring)
			retag(ring, why);
		if (ring && !why)
			ringfd_take(p, ring);
	}
	table_unlock(p);
}

bool ring_now_enabled(struct io_uring *ring)
{
	struct ring_info info;

	if (!ring_find(ring_by_struct(ring), &info) || info.why == REASON_DISABLED)
		return false;
	retag(ring, info.why);
	return true;
}

void ring_moved(struct io_uring *ring, const struct io_uring *old)
{
	struct process *p = process_peek();
	struct ring_row *row;

	if (!table_lock(p))
		return;
	row = table_by_ring(old);
	if (row) {
		/*
		 * If no tag can be written, its waits are plain, but the row is still this ring's.
		 */
		if (ring_put_tag(p, ring, row->info.why, row->info.quirks))
			napi_tagged(row, ring);
		row->tag = tag_address(ring);
	}
	table_unlock(p);
}

void ring_indexed(unsigned index, int fd)
{
	struct process *p = process_peek();
	struct ring_row *row;

	if (!table_lock(p))
		return;
	row = table_by_current_fd(fd);
	index_registered(index, row ? row->handle : NO_HANDLE, row ? row->info.why : REASON_UNSEEN);
	table_unlock(p);
}

bool ring_says_armed(const struct io_uring *ring)
{
	return tag_fits(ring) && !process_sandboxed && is_readable(tag_address(ring)) &&
	       tag_read(ring) & NONCE_MASK && !tag_reason(tag_read(ring));
}

void ring_region_faked(struct ring_ref ref)
{
	const struct ring_info inherited = { .why = REASON_INHERITED };
	struct process *p = process_get();
	struct ring_row *row;

	if (!table_lock(p))
		return;
	row = table_by_ref(ref);
	if (!row && !ref.ring && !ref.is_index && !table_by_fd(ref.fd))
		row = table_add(ref.fd, &inherited, NULL);
	if (row)
		row->info.region_faked = true;
	table_unlock(p);
}

int ring_set_reg_waits(const struct io_uring *ring, unsigned quirks,
		       const struct reg_wait *reg_waits, unsigned nr)
{
	const struct ring_info unseen = { .why = REASON_UNSEEN, .quirks = quirks };
	struct process *p = process_get();
	struct ring_row *row;
	int ret = 0;

	if (!table_lock(p))
		return -ENOMEM;
	row = table_by_ring(ring);
	if (!row && !table_by_fd(ring->ring_fd))
		row = table_add(ring->ring_fd, &unseen, tag_address(ring));
	if (!row)
		ret = -ENOMEM;
	else if (row->info.reg_waits || row->info.region_faked ||
		 row->info.why == REASON_OWN_REGION)
		ret = -EBUSY;
	else {
		row->info.reg_waits = reg_waits;
		row->info.nr_reg_waits = nr;
	}
	table_unlock(p);
	return ret;
}

void ring_fd_closed(int fd)
{
	struct process *p = process_peek();
	struct ring_row *row;

	if (!table_lock(p))
		return;
	row = table_by_fd(fd);
	if (row)
		table_drop_fd(row);
	table_unlock(p);
}

/* Removes the row of a ring that ends. Under the lock. */
static void forget(struct process *p, struct ring_row *row)
{
	if (!row->info.why || row->info.has_area)
		arm_ended(p);
	table_remove(row);
}

/* A ring lost its descriptor: it ends, unless this thread has an index of it. Under the lock. */
static void lose_fd(struct process *p, struct ring_row *row)
{
	if (index_leads_to(row->handle))
		table_drop_fd(row);
	else
		forget(p, row);
}

static void lose_fds(struct process *p, unsigned first, unsigned last)
{
	struct ring_row *row, *tmp;

	if (first == last) {
		row = table_by_fd(first);
		if (row)
			lose_fd(p, row);
		return;
	}
	HASH_ITER(hh, this_rings->rows, row, tmp)
		if (row->fd >= 0 && (unsigned)row->fd >= first && (unsigned)row->fd <= last)
			lose_fd(p, row);
}

void ring_fds_closing(unsigned first, unsigned last)
{
	struct process *p = process_peek();
	int saved = errno;

	/*
	 * A child of vfork has our memory, but descriptors of its own. In a sandbox we cannot ask
	 * which process we are; but there all waits are plain, whatever a descriptor stands for.
	 */
	if (process_sandboxed || (p && !process_is_mine(p)))
		return;
	ringfd_closing(first, last);
	fd_states_clear(first, last);
	if (table_lock(p)) {
		lose_fds(p, first, last);
		table_unlock(p);
	}
	errno = saved;
}

void ring_ended(const struct io_uring *ring)
{
	struct process *p = process_peek();
	struct ring_row *row;
	int saved = errno;

	ringfd_closing(ring->ring_fd, ring->ring_fd);
	if (p)
		fd_states_clear(ring->ring_fd, ring->ring_fd); /* it may be a copy's */
	if (!table_lock(p))
		return;
	row = table_by_ring(ring);
	if (row)
		forget(p, row);
	table_unlock(p);
	errno = saved;
}
