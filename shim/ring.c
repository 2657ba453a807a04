/* SPDX-License-Identifier: MIT */
/*
 * Makes a program's rings armed.
 *
 * The kernel accepts a wait area only while a ring is disabled, so a program's
 * ring is created disabled, gets the area, and is enabled before the program
 * sees it. Who waits on a ring knows it by its tag (tag.h).
 */
#include "arm.h"
#include "contract/names.h"
#include "log.h"
#include "ring.h"

/* Depth of real creation functions on this thread's stack; they call each other. */
static __thread unsigned creating;

bool ring_in_creation(void)
{
	return creating;
}

static void log_ring(int fd, enum regwait_reason why)
{
	if (why)
		log_debug("ring %d: not armed, %s: %s", fd, reason_name(why), reason_text(why));
	else
		log_debug("ring %d: armed", fd);
}

static void count_ring(struct process *p, enum regwait_reason why)
{
	p->page->rings.seen++;
	if (why)
		p->page->rings.plain[why]++;
	else
		p->page->rings.armed++;
}

/*
 * Writes the ring's tag. False: there is no room, or somebody else uses it. (A
 * tag of our own may be left over in memory that the program gave to the ring.)
 */
static bool put_tag(struct process *p, struct io_uring *ring, enum regwait_reason why,
		    const struct next *next)
{
	if (!tag_fits(ring) || (tag_read(ring) && (tag_read(ring) & TAG_NONCE_MASK) != p->nonce))
		return false;
	tag_write(ring, tag_make(p->nonce, why, next->index, next->quirks));
	return true;
}

/* A new ring, with a structure or, from io_uring_setup(), a bare descriptor. */
static void remember(struct process *p, const struct creation *c, int fd, enum regwait_reason why)
{
	struct ring_info info = { .why = why, .next = c->next };
	struct ring_entry *e;

	if (c->ring && !put_tag(p, c->ring, why, c->next) && !why) {
		arm_unreserve(p);
		info.why = REASON_LAYOUT;
	}
	log_ring(fd, info.why);
	if (!table_lock(p))
		return;
	e = table_by_fd(p, fd);
	if (e && fd >= 0) {		/* it was closed behind our back */
		if (!e->info.why)
			arm_ended(p);
		table_remove(p, e);
	}
	count_ring(p, info.why);
	table_add(p, fd, &info, c->ring ? tag_place(c->ring) : NULL);
	table_unlock(p);
}

/* What stands against arming the ring that is asked for, before it is made. */
static enum regwait_reason refusal(struct process *p, const struct creation *c)
{
	enum regwait_reason why = arm_obstacle();
	unsigned flags = c->p->flags;

	if (!c->next->known)
		return REASON_LIBURING;
	if (why)
		return why;
	if ((flags & (IORING_SETUP_IOPOLL | IORING_SETUP_SQPOLL)) == IORING_SETUP_IOPOLL)
		return REASON_IOPOLL;
	if (config.mode == MODE_OBSERVE)
		return REASON_OBSERVED;
	if (flags & IORING_SETUP_R_DISABLED)
		return REASON_DISABLED;
	return arm_reserve(p) ? REASON_NONE : REASON_TOO_MANY_RINGS;
}

static int make(const struct creation *c)
{
	int ret;

	creating++;
	ret = c->make(c);
	creating--;
	return ret;
}

/* Ends a ring that was just made and that the program has not seen. */
static void unmake(const struct creation *c, int fd, unsigned op_flags)
{
	struct io_uring_rsrc_update update = { .offset = fd };

	/* Up to 2.7 io_uring_queue_exit() unmaps memory that is the program's. */
	if (c->ring && !c->buf)
		c->next->io_uring_queue_exit(c->ring);
	else if (op_flags)
		kernel_register(fd, UNREGISTER_RING_FDS | op_flags, &update, 1);
	else
		kernel_close(fd);
}

/*
 * Makes the ring disabled, arms it, enables it. Whatever goes wrong, the caller
 * gets what it would have got: -EINVAL may be due to our flag (before 5.10), so
 * then the question is put again as it was; no other error can be.
 */
static int create_armed(struct process *p, const struct creation *c, enum regwait_reason *why)
{
	const struct io_uring_params asked = *c->p;
	unsigned op_flags = asked.flags & IORING_SETUP_REGISTERED_FD_ONLY ?
				    REGISTER_USE_REGISTERED_RING : 0;
	int fd, err, ret;

	c->p->flags |= IORING_SETUP_R_DISABLED;
	ret = make(c);
	if (ret == -EINVAL) {
		*c->p = asked;
		ret = make(c);
		if (ret >= 0)
			arm_kernel_too_old();
		*why = REASON_KERNEL;
		return ret;
	}
	c->p->flags &= ~IORING_SETUP_R_DISABLED;
	if (ret < 0)
		return ret;

	fd = !c->ring ? ret : op_flags ? c->ring->enter_ring_fd : c->ring->ring_fd;
	*why = c->p->features & IORING_FEAT_EXT_ARG ? arm_register(p, fd, op_flags, true) :
						      REASON_NO_EXT_ARG;
	err = kernel_register(fd, REGISTER_ENABLE_RINGS | op_flags, NULL, 0);
	if (err < 0) {
		unmake(c, fd, op_flags);
		arm_enable_refused();
		*why = REASON_ENABLE_REFUSED;
		*c->p = asked;
		return make(c);
	}
	if (c->ring)
		c->ring->flags &= ~IORING_SETUP_R_DISABLED;
	return ret;
}

int ring_create(const struct creation *c)
{
	struct process *p = process_get();
	enum regwait_reason why;
	int ret;

	if (!p)
		return make(c);
	why = refusal(p, c);
	if (!why) {
		ret = create_armed(p, c, &why);
		if (ret < 0 || why)
			arm_unreserve(p);
	} else {
		ret = make(c);
	}
	if (ret >= 0)
		remember(p, c, c->ring ? c->ring->ring_fd : ret, why);
	return ret;
}

void ring_unseen(struct process *p, struct io_uring *ring, const struct next *next)
{
	if (!put_tag(p, ring, REASON_UNSEEN, next))
		return;
	log_ring(ring->ring_fd, REASON_UNSEEN);
	if (!table_lock(p))
		return;
	count_ring(p, REASON_UNSEEN);
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
	if (e && !e->place && put_tag(p, ring, e->info.why, next)) {
		e->place = tag_place(ring);
		known = true;
	}
	table_unlock(p);
	if (!known)
		ring_unseen(p, ring, next);
}

enum regwait_reason ring_enabling(int fd, unsigned op_flags)
{
	struct process *p = process_peek();
	enum regwait_reason why = arm_obstacle();

	if (!p)
		return REASON_DISABLED;
	if (!why && !arm_reserve(p))
		why = REASON_TOO_MANY_RINGS;
	if (why)
		return why;
	why = arm_register(p, fd, op_flags, false);
	if (why)
		arm_unreserve(p);
	return why;
}

/* By the structure where the caller has one, else by the descriptor. Under the lock. */
static struct ring_entry *entry_of(struct process *p, const struct io_uring *ring, int fd)
{
	return ring ? table_by_ring(p, ring) : table_by_live_fd(p, fd);
}

static void retag(struct io_uring *ring, enum regwait_reason why)
{
	tag_write(ring, (tag_read(ring) & ~TAG_REASON_MASK) | why);
}

void ring_enabled(struct io_uring *ring, int fd, enum regwait_reason why)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = entry_of(p, ring, fd);
	if (e && e->info.why == REASON_DISABLED) {
		log_ring(fd, why);
		e->info.why = why;
		p->page->rings.plain[REASON_DISABLED]--;
		p->page->rings.seen--;
		count_ring(p, why);
		if (ring)
			retag(ring, why);
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
	if (e && put_tag(p, ring, e->info.why, e->info.next))
		e->place = tag_place(ring);
	table_unlock(p);
}

/* Copies what an entry says, and ends the caller's hold on the table. */
static bool found(struct process *p, const struct ring_entry *e, struct ring_info *info)
{
	if (e)
		*info = e->info;
	table_unlock(p);
	return e;
}

bool ring_find(const struct io_uring *ring, struct ring_info *info)
{
	struct process *p = process_peek();

	return table_lock(p) && found(p, table_by_ring(p, ring), info);
}

bool ring_find_fd(int fd, struct ring_info *info)
{
	struct process *p = process_peek();

	return table_lock(p) && found(p, table_by_live_fd(p, fd), info);
}

void ring_region_faked(const struct io_uring *ring, int fd)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = entry_of(p, ring, fd);
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

void ring_fd_closed(int fd)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = table_by_fd(p, fd);
	if (e)
		table_drop_fd(p, e);
	table_unlock(p);
}

void ring_ended(const struct io_uring *ring)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!table_lock(p))
		return;
	e = table_by_ring(p, ring);
	if (e) {
		if (!e->info.why)
			arm_ended(p);
		table_remove(p, e);
	}
	table_unlock(p);
}
