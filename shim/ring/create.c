/* SPDX-License-Identifier: MIT */
/*
 * Makes a program's rings armed.
 *
 * The kernel accepts a wait area only while a ring is disabled, so a program's
 * ring is created disabled, gets the area, and is enabled before the program
 * sees it. Who waits on a ring knows it by its tag (tag.h).
 */
#include "ring/arm.h"
#include "contract/names.h"
#include "ring/index.h"
#include "base/log.h"
#include "ring/ring.h"
#include "process/return.h"
#include "ring/ring_fd.h"

/* Whose creation function is on this thread's stack; they call each other. */
static __thread const struct next *creating;

const struct next *ring_in_creation(void)
{
	return creating;
}

void ring_log(int fd, enum regwait_reason why)
{
	if (why)
		log_debug("ring %d: not armed, %s: %s", fd, reason_name(why), reason_text(why));
	else
		log_debug("ring %d: armed", fd);
}

void ring_count(struct process *p, enum regwait_reason why)
{
	p->page->rings.seen++;
	if (why)
		p->page->rings.plain[why]++;
	else
		p->page->rings.armed++;
	return_tell(p);
}

/* The tag of an armed ring says whether anything is special about its waits. */
uint64_t ring_tag_as_due(uint64_t tag)
{
	return return_refills() && !tag_reason(tag) ? tag_aside(tag) : tag;
}

bool ring_put_tag(struct process *p, struct io_uring *ring, enum regwait_reason why,
		    const struct next *next)
{
	if (!tag_fits(ring) || (tag_read(ring) && (tag_read(ring) & TAG_NONCE_MASK) != p->nonce))
		return false;
	tag_write(ring, ring_tag_as_due(tag_make(p->nonce, why, next->index, next->quirks)));
	return true;
}

/* What stands against arming a ring of this kind. */
static enum regwait_reason nature(const struct creation *c)
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

/* What stands against arming the ring that is asked for, before it is made. */
static enum regwait_reason refusal(struct process *p, const struct creation *c)
{
	enum regwait_reason why = arm_obstacle();
	int saved = errno;

	if (c->p->flags & IORING_SETUP_R_DISABLED)
		return REASON_DISABLED;
	if (!why)
		why = nature(c);
	if (!why)
		why = arm_reserve(p);
	errno = saved;
	return why;
}

/* A new ring, with a structure or, from io_uring_setup(), a bare descriptor. */
static void remember(struct process *p, const struct creation *c, int made,
		     enum regwait_reason why)
{
	bool only_index = c->p->flags & IORING_SETUP_REGISTERED_FD_ONLY;
	int fd = only_index ? -1 : c->ring ? c->ring->ring_fd : made;
	struct ring_info info = { .why = why, .next = c->next };
	struct ring_entry *e;
	int saved = errno, handle;

	if (!why)
		return_choose();
	if (why == REASON_DISABLED)
		info.later = nature(c);
	if (c->ring && !ring_put_tag(p, c->ring, why, c->next) && !why) {
		arm_unreserve(p);
		info.why = REASON_LAYOUT;
	}
	ring_log(fd, info.why);
	ringfd_closing(fd, fd);		/* of another ring, closed behind our back */
	if (!table_lock(p))
		return;
	e = table_by_fd(p, fd);
	if (e && fd >= 0) {
		if (!e->info.why || e->info.has_area)
			arm_ended(p);
		table_remove(p, e);
	}
	ring_count(p, info.why);
	handle = table_add(p, fd, &info, c->ring ? tag_place(c->ring) : NULL);
	e = c->ring && !info.why ? table_by_fd(p, fd) : NULL;
	if (e)
		ringfd_take(p, c->ring, e);
	table_unlock(p);
	if (only_index)
		index_registered(c->ring ? c->ring->enter_ring_fd : made, handle, !info.why);
	errno = saved;
}

static int make(const struct creation *c)
{
	int ret;

	creating = c->next;
	ret = c->make(c);
	creating = NULL;
	return ret;
}

static void unmake_ring(const struct creation *c)
{
	creating = c->next;
	c->next->io_uring_queue_exit(c->ring);
	creating = NULL;
}

/* Ends a ring that was just made and that the program has not seen. */
static void unmake(const struct creation *c, int fd, unsigned op_flags)
{
	struct io_uring_rsrc_update update = { .offset = fd };

	/* Up to 2.7 io_uring_queue_exit() unmaps memory that is the program's. */
	if (c->ring && !c->buf)
		unmake_ring(c);
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
	struct io_uring before;
	unsigned op_flags = asked.flags & IORING_SETUP_REGISTERED_FD_ONLY ?
				    REGISTER_USE_REGISTERED_RING : 0;
	int fd, err, ret;

	if (c->ring)
		before = *c->ring;	/* 2.0 to 2.4 leave it alone where they fail */
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
	*why = c->p->features & IORING_FEAT_EXT_ARG ? arm_register(p, fd, op_flags) :
						      REASON_NO_EXT_ARG;
	if (*why == REASON_KERNEL)
		arm_kernel_too_old();
	err = kernel_register(fd, REGISTER_ENABLE_RINGS | op_flags, NULL, 0);
	if (err < 0) {
		unmake(c, fd, op_flags);
		arm_enable_refused();
		*why = REASON_ENABLE_REFUSED;
		*c->p = asked;
		if (c->ring)
			*c->ring = before;
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
	ringfd_look_round();
	/* The kernel wants an index for the ring; all of them may be taken. */
	if (c->p->flags & IORING_SETUP_REGISTERED_FD_ONLY)
		ringfd_hands_off();
	why = refusal(p, c);
	if (!why) {
		ret = create_armed(p, c, &why);
		if (ret < 0 || why)
			arm_unreserve(p);
	} else {
		ret = make(c);
	}
	if (ret >= 0)
		remember(p, c, ret, why);
	return ret;
}
