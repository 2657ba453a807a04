/* SPDX-License-Identifier: MIT */
/*
 * Makes the rings that a program asks for, armed where that is possible.
 *
 * The kernel accepts a wait area only while a ring is disabled. So the ring is created disabled,
 * gets the area, and is enabled before the program sees it. A wait knows the ring by its tag
 * (ring/tag.h).
 */
#include <string.h>

#include "base/debug.h"
#include "base/log.h"
#include "contract/names.h"
#include "ring/arm.h"
#include "ring/index.h"
#include "ring/iowait.h"
#include "ring/ring.h"
#include "ring/ring_fd.h"
#include "ring/tag.h"

void ring_log(int fd, enum regwait_reason why)
{
	if (why)
		log_debug("ring %d: not armed, %s: %s", fd, reason_name(why), reason_text(why));
	else
		log_debug("ring %d: armed", fd);
}

void ring_count(struct process *p, enum regwait_reason why)
{
	debug_assert(process_lock_is_held(p));
	p->stats_page->rings.seen++;
	if (why)
		p->stats_page->rings.plain[why]++;
	else
		p->stats_page->rings.armed++;
}

bool ring_put_tag(struct process *p, struct io_uring *ring, enum regwait_reason why,
		  unsigned quirks)
{
	if (!tag_fits(ring) || (tag_read(ring) && (tag_read(ring) & NONCE_MASK) != p->nonce))
		return false;
	tag_write(ring, tag_make(p->nonce, why, quirks));
	return true;
}

/* The reason, if any, why a ring of this kind is not armed. */
static enum regwait_reason reason_of_kind(const struct creation *c)
{
	unsigned flags = c->p->flags;

	if (!c->next->known)
		return REASON_LIBURING;
	if (c->next->interposed)
		return REASON_INTERPOSED;
	if ((flags & (IORING_SETUP_IOPOLL | IORING_SETUP_SQPOLL)) == IORING_SETUP_IOPOLL)
		return REASON_IOPOLL;
	if (config.mode == MODE_OBSERVE)
		return REASON_OBSERVED;
	return REASON_NONE;
}

/* The reason, if any, why this ring is not armed, as far as it is known before the ring is made. */
static enum regwait_reason reason_of_creation(struct process *p, const struct creation *c)
{
	enum regwait_reason why = arm_reason();

	if (c->p->flags & IORING_SETUP_R_DISABLED)
		return REASON_DISABLED;
	if (!why)
		why = reason_of_kind(c);
	if (!why)
		why = arm_reserve(p);
	return why;
}

#define COOP_FLAGS (IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG)

/* What the kernel cannot do a forked child need not find out again. */
static bool coop_refused;

/*
 * Removes the row of an earlier ring with this number, whose close we did not see. Under the lock.
 */
static void forget_closed(struct process *p, int fd)
{
	struct ring_row *row = fd >= 0 ? table_by_fd(fd) : NULL;

	if (!row)
		return;
	if (!row->info.why || row->info.has_area)
		arm_ended(p);
	table_remove(row);
}

/* Enters a new ring into the table and tags it. From io_uring_setup(), it has no structure. */
static void remember(struct process *p, const struct creation *c, int made, enum regwait_reason why)
{
	bool only_index = c->p->flags & IORING_SETUP_REGISTERED_FD_ONLY;
	int fd = only_index ? -1 : c->ring ? c->ring->ring_fd : made;
	struct ring_info info = {
		.why = why,
		.quirks = c->next->quirks,
		.pollable = !(c->p->flags & (IORING_SETUP_SQPOLL | IORING_SETUP_IOPOLL |
					     IORING_SETUP_DEFER_TASKRUN)),
		.sleeps = !(c->p->flags & (IORING_SETUP_SQPOLL | IORING_SETUP_IOPOLL)),
	};
	bool no_iowait = iowait_keep_out(c->ring, c->p->features, c->next);
	struct ring_row *row;

	if (why == REASON_DISABLED)
		info.later = reason_of_kind(c);
	if (c->ring && !ring_put_tag(p, c->ring, why, c->next->quirks) && !why) {
		arm_unreserve(p);
		info.why = REASON_LAYOUT;
	}
	ring_log(fd, info.why);
	ringfd_closing(fd, fd); /* of an earlier ring, whose close we did not see */
	if (!table_lock(p))
		return;
	forget_closed(p, fd);
	ring_count(p, info.why);
	if (no_iowait)
		p->stats_page->rings.no_iowait++;
	row = table_add(fd, &info, c->ring ? tag_address(c->ring) : NULL);
	if (row && c->ring && !info.why && fd >= 0)
		ringfd_take(p, c->ring);
	debug_assert(!c->ring || info.why || tag_is_armed_of(tag_read(c->ring), p->nonce));
	table_unlock(p);
	if (only_index)
		index_registered(c->ring ? c->ring->enter_ring_fd : made,
				 row ? row->handle : NO_HANDLE, info.why);
}

int ring_make(const struct creation *c)
{
	const struct next *before = next_on_behalf(c->next);
	int ret = c->make(c);

	next_on_behalf(before);
	return ret;
}

static void unmake_ring(const struct creation *c)
{
	const struct next *before = next_on_behalf(c->next);

	c->next->io_uring_queue_exit(c->ring);
	next_on_behalf(before);
}

/* Ends a new ring, which the program has not seen. */
static void unmake(const struct creation *c, int fd, unsigned op_flags)
{
	struct io_uring_rsrc_update update = { .offset = fd };

	/* Up to 2.7 io_uring_queue_exit() would unmap memory that belongs to the program. */
	if (c->ring && !c->buf)
		unmake_ring(c);
	else if (op_flags)
		kernel_register(fd, UNREGISTER_RING_FDS | op_flags, &update, 1);
	else
		kernel_close(fd);
}

/* A copy of the program's arguments, from before its ring is made. */
struct asked {
	struct io_uring_params p;
	struct io_uring ring; /* liburing up to 2.4 does not write to it if it fails */
};

static int make_as_asked(const struct creation *c, const struct asked *asked)
{
	*c->p = asked->p;
	if (c->ring)
		*c->ring = asked->ring;
	return ring_make(c);
}

/*
 * Makes the ring disabled, arms it, and enables it. Whatever fails, the caller gets what it would
 * have got without us: -EINVAL may be due to our flag (before 5.10), so then the ring is made again
 * as the program asked for it. No other error can be due to us.
 */
static int create_armed(struct process *p, const struct creation *c, enum regwait_reason *why)
{
	unsigned op_flags =
		c->p->flags & IORING_SETUP_REGISTERED_FD_ONLY ? REGISTER_USE_REGISTERED_RING : 0;
	struct asked asked;
	int fd, err, ret;

	asked.p = *c->p;
	if (c->ring)
		asked.ring = *c->ring;
	c->p->flags |= IORING_SETUP_R_DISABLED;
	ret = ring_make(c);
	if (ret == -EINVAL) {
		ret = make_as_asked(c, &asked);
		if (ret >= 0)
			arm_kernel_too_old();
		*why = REASON_KERNEL;
		return ret;
	}
	c->p->flags &= ~IORING_SETUP_R_DISABLED;
	if (ret < 0)
		return ret;

	fd = !c->ring ? ret : op_flags ? c->ring->enter_ring_fd : c->ring->ring_fd;
	*why = c->p->features & IORING_FEAT_EXT_ARG ? arm_register(p, fd, op_flags) :
						      REASON_NO_EXT_ARG;
	if (*why == REASON_KERNEL)
		arm_kernel_too_old();
	err = kernel_register(fd, REGISTER_ENABLE_RINGS | op_flags, NULL, 0);
	if (err < 0) {
		unmake(c, fd, op_flags);
		arm_enable_refused();
		*why = REASON_ENABLE_REFUSED;
		return make_as_asked(c, &asked);
	}
	if (c->ring)
		c->ring->flags &= ~IORING_SETUP_R_DISABLED;
	return ret;
}

static int create(struct process *p, const struct creation *c)
{
	enum regwait_reason why = reason_of_creation(p, c);
	int ret;

	if (!why) {
		ret = create_armed(p, c, &why);
		if (ret < 0 || why)
			arm_unreserve(p);
	} else {
		ret = ring_make(c);
	}
	if (ret >= 0)
		remember(p, c, ret, why);
	return ret;
}

/*
 * REGWAIT_TASKRUN=coop: a ring that asked for no way of its own in which its task work is run, and
 * whose submitter runs it.
 */
static bool takes_coop(const struct creation *c)
{
	return !(c->p->flags &
		 (IORING_SETUP_COOP_TASKRUN | IORING_SETUP_DEFER_TASKRUN |
		  IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SQPOLL | IORING_SETUP_IOPOLL)) &&
	       !__atomic_load_n(&coop_refused, __ATOMIC_RELAXED);
}

/* The program gets to see what it asked for. Before Linux 5.19 our flags are refused. */
static int create_coop(struct process *p, const struct creation *c)
{
	struct asked asked;
	int ret;

	asked.p = *c->p;
	if (c->ring)
		asked.ring = *c->ring;
	c->p->flags |= COOP_FLAGS;
	ret = create(p, c);
	c->p->flags &= ~COOP_FLAGS;
	if (ret >= 0 && c->ring)
		c->ring->flags &= ~COOP_FLAGS;
	if (ret != -EINVAL)
		return ret;
	*c->p = asked.p;
	if (c->ring)
		*c->ring = asked.ring;
	ret = create(p, c);
	if (ret >= 0)
		__atomic_store_n(&coop_refused, true, __ATOMIC_RELAXED);
	return ret;
}

int ring_create(const struct creation *c)
{
	struct process *p;

	process_touch();
	p = process_get();
	if (!p || process_sandboxed)
		return ring_make(c);
	/* The kernel gives the ring an index, and the table of indices may be full. */
	if (c->p->flags & IORING_SETUP_REGISTERED_FD_ONLY)
		ringfd_hands_off();
	return config.coop && takes_coop(c) ? create_coop(p, c) : create(p, c);
}
