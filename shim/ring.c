/* SPDX-License-Identifier: MIT */
/*
 * Follows rings from creation to end.
 *
 * The kernel accepts a wait area only while a ring is disabled, so a program's
 * ring is created disabled, gets the area, and is enabled before the program
 * sees it. Who waits on a ring knows it by its tag (tag.h). The table here is
 * for the rest: how many armed rings there are, and what a bare descriptor is.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arm.h"
#include "log.h"
#include "reasons.h"
#include "ring.h"
#include "slot.h"

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->fd = -1)
#include <uthash.h>

struct ring_entry {
	int fd;				/* the key */
	enum regwait_reason why;	/* REASON_NONE: armed */
	bool tagged;			/* the program mapped it, and it has its tag */
	uint64_t inode;			/* tells a ring from a later one with the same fd */
	UT_hash_handle hh;
};

/* Depth of real creation functions on this thread's stack; they call each other. */
static __thread unsigned creating __attribute__((tls_model("initial-exec")));

bool ring_in_creation(void)
{
	return creating;
}

uint64_t ring_own_tag(const struct io_uring *ring)
{
	struct process *p = process_peek();
	uint64_t tag = p && tag_fits(ring) ? tag_read(ring) : 0;

	return p && (tag & TAG_NONCE_MASK) == p->nonce ? tag : 0;
}

const struct next *ring_next(const struct io_uring *ring, const void *caller)
{
	uint64_t tag = ring_own_tag(ring);
	const struct next *next = tag ? next_by_index(tag_library(tag)) : NULL;

	return next ? next : next_for(caller);
}

/* Every ring is an anonymous inode of its own. 0: not to be had. */
static uint64_t inode_of(int fd)
{
	struct stat st;
	int saved = errno;
	bool ok = !fstat(fd, &st);

	errno = saved;
	return ok ? st.st_ino : 0;
}

static void forget_entry(struct process *p, struct ring_entry *e)
{
	HASH_DEL(p->rings, e);
	free(e);
}

/* Under the lock. An older entry with this descriptor was closed behind our back. */
static void add_entry(struct process *p, int fd, enum regwait_reason why, bool tagged)
{
	struct ring_entry *e;

	HASH_FIND_INT(p->rings, &fd, e);
	if (e && e->why == REASON_NONE)
		arm_ended(p);
	if (e)
		forget_entry(p, e);
	e = calloc(1, sizeof(*e));
	if (!e)
		return;
	e->fd = fd;
	e->why = why;
	e->tagged = tagged;
	e->inode = inode_of(fd);
	HASH_ADD_INT(p->rings, fd, e);
	if (e->fd < 0)
		free(e);
}

static void count_ring(struct process *p, enum regwait_reason why)
{
	p->ring_counts.seen++;
	if (why)
		p->ring_counts.plain[why]++;
	else
		p->ring_counts.armed++;
}

static void log_ring(int fd, enum regwait_reason why)
{
	if (why)
		log_debug("ring %d: not armed, %s: %s", fd, reason_name(why), reason_text(why));
	else
		log_debug("ring %d: armed", fd);
}

/* Writes the ring's tag, if there is room for one. */
static bool put_tag(struct process *p, struct io_uring *ring, enum regwait_reason why,
		    const struct next *next)
{
	if (!tag_fits(ring) || tag_read(ring))
		return false;
	tag_write(ring, tag_make(p->nonce, why, next->index, next->quirks));
	return true;
}

static void remember(struct process *p, const struct creation *c, int fd, enum regwait_reason why)
{
	bool tagged = c->ring && put_tag(p, c->ring, why, c->next);

	if (c->ring && !tagged && !why) {
		arm_unreserve(p);
		why = REASON_LAYOUT;
	}
	log_ring(fd, why);
	if (pthread_mutex_lock(&p->lock))
		return;
	count_ring(p, why);
	if (fd >= 0)
		add_entry(p, fd, why, tagged);
	pthread_mutex_unlock(&p->lock);
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

/* Under the lock: the entry of this very ring, not of an earlier one with its descriptor. */
static struct ring_entry *find_entry(struct process *p, int fd)
{
	struct ring_entry *e;

	HASH_FIND_INT(p->rings, &fd, e);
	return e && e->inode && e->inode == inode_of(fd) ? e : NULL;
}

uint64_t ring_unseen(struct process *p, struct io_uring *ring, const struct next *next)
{
	if (!put_tag(p, ring, REASON_UNSEEN, next))
		return 0;
	log_ring(ring->ring_fd, REASON_UNSEEN);
	if (!pthread_mutex_lock(&p->lock)) {
		count_ring(p, REASON_UNSEEN);
		pthread_mutex_unlock(&p->lock);
	}
	return tag_read(ring);
}

void ring_mapped(int fd, struct io_uring *ring, const struct next *next)
{
	struct process *p = process_get();
	struct ring_entry *e;

	/* A tag is there already: it is another mapping of a ring that is known. */
	if (!p || !tag_fits(ring) || tag_read(ring) || pthread_mutex_lock(&p->lock))
		return;
	e = find_entry(p, fd);
	if (e && !e->tagged)
		e->tagged = put_tag(p, ring, e->why, next);
	else
		e = NULL;
	pthread_mutex_unlock(&p->lock);
	if (!e)
		ring_unseen(p, ring, next);
}

enum regwait_reason ring_enabling(uint64_t tag, int fd, unsigned op_flags)
{
	struct process *p = process_peek();
	enum regwait_reason why = arm_obstacle();

	if (!p || !tag || tag_reason(tag) != REASON_DISABLED)
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

/* Under the lock: a ring that was counted as disabled is not any more. */
static void recount(struct process *p, enum regwait_reason why)
{
	p->ring_counts.plain[REASON_DISABLED]--;
	if (why)
		p->ring_counts.plain[why]++;
	else
		p->ring_counts.armed++;
}

static void retag(struct io_uring *ring, enum regwait_reason why)
{
	tag_write(ring, (tag_read(ring) & ~TAG_REASON_MASK) | why);
}

void ring_enabled(struct io_uring *ring, enum regwait_reason why)
{
	struct process *p = process_peek();
	uint64_t tag = ring_own_tag(ring);
	struct ring_entry *e;

	if (!p || !tag || tag_reason(tag) != REASON_DISABLED || pthread_mutex_lock(&p->lock))
		return;
	log_ring(ring->ring_fd, why);
	retag(ring, why);
	recount(p, why);
	HASH_FIND_INT(p->rings, &ring->ring_fd, e);
	if (e)
		e->why = why;
	pthread_mutex_unlock(&p->lock);
}

/* What the table says of a descriptor; REASON_END: nothing. */
static enum regwait_reason fd_reason(int fd)
{
	struct process *p = process_peek();
	enum regwait_reason why = REASON_END;
	struct ring_entry *e;

	if (!p || pthread_mutex_lock(&p->lock))
		return why;
	e = find_entry(p, fd);
	if (e)
		why = e->why;
	pthread_mutex_unlock(&p->lock);
	return why;
}

bool ring_enabling_fd(int fd, enum regwait_reason *why)
{
	struct process *p = process_peek();

	if (!p || fd_reason(fd) != REASON_DISABLED)
		return false;
	*why = ring_enabling(tag_make(p->nonce, REASON_DISABLED, 0, 0), fd, 0);
	return true;
}

void ring_enabled_fd(int fd, enum regwait_reason why)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!p || pthread_mutex_lock(&p->lock))
		return;
	e = find_entry(p, fd);
	if (e && e->why == REASON_DISABLED) {
		log_ring(fd, why);
		e->why = why;
		recount(p, why);
	}
	pthread_mutex_unlock(&p->lock);
}

bool ring_now_enabled(struct io_uring *ring)
{
	enum regwait_reason why = fd_reason(ring->ring_fd);

	if (why == REASON_END || why == REASON_DISABLED)
		return false;
	retag(ring, why);
	return true;
}

void ring_fd_closed(int fd)
{
	struct process *p = process_peek();
	struct ring_entry *e;

	if (!p || pthread_mutex_lock(&p->lock))
		return;
	HASH_FIND_INT(p->rings, &fd, e);
	if (e)
		forget_entry(p, e);
	pthread_mutex_unlock(&p->lock);
}

void ring_ended(struct io_uring *ring)
{
	struct process *p = process_peek();
	uint64_t tag = ring_own_tag(ring);
	struct ring_entry *e;

	if (!p || !tag)
		return;
	if (!pthread_mutex_lock(&p->lock)) {
		HASH_FIND_INT(p->rings, &ring->ring_fd, e);
		if (e)
			forget_entry(p, e);
		if (!tag_reason(tag))
			arm_ended(p);
		pthread_mutex_unlock(&p->lock);
	}
	/* The program's own memory may be given to another ring, or looked at. */
	if (ring->flags & IORING_SETUP_NO_MMAP)
		tag_write(ring, 0);
}

bool ring_fd_is_armed(int fd)
{
	return fd_reason(fd) == REASON_NONE;
}
