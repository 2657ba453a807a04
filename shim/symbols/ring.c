/* SPDX-License-Identifier: MIT */
/*
 * liburing's functions that make, change and end rings, as programs call them.
 * io_uring_set_iowait() and its like need no hook: a wait reads the ring structure's
 * descriptor and flags each time, as liburing itself does.
 */
#include "ring/index.h"
#include "ring/napi.h"
#include "symbols/symbols.h"
#include "process/readable.h"
#include "ring/region.h"
#include "ring/ring.h"
#include "ring/ring_fd.h"
#include "wait/engine.h"

static int make_params(const struct creation *c)
{
	return c->next->io_uring_queue_init_params(c->entries, c->ring, c->p);
}

static int make_mem(const struct creation *c)
{
	return c->next->io_uring_queue_init_mem(c->entries, c->ring, c->p, c->buf, c->buf_size);
}

/* By its own name, which another interposer behind us may be waiting for. */
static int make_init(const struct creation *c)
{
	int ret = c->next->io_uring_queue_init(c->entries, c->ring, c->p->flags);

	if (ret >= 0)
		c->p->features = c->ring->features;
	return ret;
}

EXPORT int io_uring_queue_init_params(unsigned entries, struct io_uring *ring,
				      struct io_uring_params *p)
{
	PASS_ON_IF_DUE(io_uring_queue_init_params, entries, ring, p);
	if (!params_are_writable(p))
		return next_for(__builtin_return_address(0))->io_uring_queue_init_params(entries,
				ring, p);
	config_greet();
	return ring_create(&(struct creation) {
		.make = make_params, .next = next_for(__builtin_return_address(0)),
		.entries = entries, .ring = ring, .p = p,
	});
}

EXPORT int io_uring_queue_init(unsigned entries, struct io_uring *ring, unsigned flags)
{
	struct io_uring_params p = { .flags = flags };	/* in place of its own */

	PASS_ON_IF_DUE(io_uring_queue_init, entries, ring, flags);
	config_greet();
	return ring_create(&(struct creation) {
		.make = make_init, .next = next_for(__builtin_return_address(0)),
		.entries = entries, .ring = ring, .p = &p,
	});
}

EXPORT int io_uring_queue_init_mem(unsigned entries, struct io_uring *ring,
				   struct io_uring_params *p, void *buf, size_t buf_size)
{
	PASS_ON_IF_DUE(io_uring_queue_init_mem, entries, ring, p, buf, buf_size);
	if (!params_are_writable(p))
		return next_for(__builtin_return_address(0))->io_uring_queue_init_mem(entries,
				ring, p, buf, buf_size);
	config_greet();
	return ring_create(&(struct creation) {
		.make = make_mem, .next = next_for(__builtin_return_address(0)),
		.entries = entries, .ring = ring, .p = p, .buf = buf, .buf_size = buf_size,
	});
}

EXPORT int io_uring_queue_mmap(int fd, struct io_uring_params *p, struct io_uring *ring)
{
	const struct next *next;
	int ret;

	/* Most releases map a ring of their own making through their PLT. */
	PASS_ON_IF_DUE(io_uring_queue_mmap, fd, p, ring);
	config_greet();
	next = next_for(__builtin_return_address(0));
	ret = next->io_uring_queue_mmap(fd, p, ring);
	if (ret >= 0)
		ring_mapped(fd, ring, next);
	return ret;
}

/* Whose functions this caller uses on this ring; *info says what we know of it. */
static const struct next *next_of(const struct io_uring *ring, struct ring_info *info,
				  const void *caller)
{
	if (ring_find(ring, info))
		return info->next;
	info->why = REASON_UNSEEN;
	return next_for(caller);
}

EXPORT void io_uring_queue_exit(struct io_uring *ring)
{
	const struct next *next;
	struct ring_info info;

	next = passes_to(__builtin_return_address(0));
	if (next) {
		next->io_uring_queue_exit(ring);
		return;
	}
	next = next_of(ring, &info, __builtin_return_address(0));
	/* A ring with an index gives it back, this thread's, whoever's it was. */
	if (ring->int_flags & INT_FLAGS_REG_RING)
		index_unregistered(ring->enter_ring_fd);
	ring_ended(ring);
	next->io_uring_queue_exit(ring);
}

EXPORT int io_uring_enable_rings(struct io_uring *ring)
{
	bool has_fd = ring->ring_fd >= 0;
	int fd = has_fd ? ring->ring_fd : ring->enter_ring_fd, ret;
	const struct next *next;
	enum regwait_reason why;
	struct ring_info info;

	PASS_ON_IF_DUE(io_uring_enable_rings, ring);
	next = next_of(ring, &info, __builtin_return_address(0));
	if (info.why != REASON_DISABLED)
		return next->io_uring_enable_rings(ring);
	why = ring_enabling(ring, fd, !has_fd);
	ret = next->io_uring_enable_rings(ring);
	if (ret >= 0)
		ring_enabled(ring, fd, !has_fd, why);
	return ret;
}

EXPORT int io_uring_register_ring_fd(struct io_uring *ring)
{
	struct ring_info info;
	int ret;

	PASS_ON_IF_DUE(io_uring_register_ring_fd, ring);
	ringfd_hands_off();
	ret = next_of(ring, &info, __builtin_return_address(0))->io_uring_register_ring_fd(ring);
	if (ret == 1)
		ring_indexed(ring->enter_ring_fd, ring->ring_fd);
	return ret;
}

EXPORT int io_uring_unregister_ring_fd(struct io_uring *ring)
{
	int index = ring->enter_ring_fd, ret;
	struct ring_info info;

	PASS_ON_IF_DUE(io_uring_unregister_ring_fd, ring);
	ringfd_hands_off();
	ret = next_of(ring, &info, __builtin_return_address(0))->io_uring_unregister_ring_fd(ring);
	if (ret == 1)
		index_unregistered(index);
	return ret;
}

EXPORT int io_uring_close_ring_fd(struct io_uring *ring)
{
	const struct next *next;
	struct ring_info info;
	int fd = ring->ring_fd, ret;

	PASS_ON_IF_DUE(io_uring_close_ring_fd, ring);
	next = next_of(ring, &info, __builtin_return_address(0));
	ringfd_closing(fd, fd);
	ret = next->io_uring_close_ring_fd(ring);
	if (ret >= 0)
		ring_fd_closed(fd);
	return ret;
}

EXPORT int io_uring_resize_rings(struct io_uring *ring, struct io_uring_params *p)
{
	const struct io_uring old = *ring;
	const struct next *next;
	struct ring_info info;
	int ret;

	PASS_ON_IF_DUE(io_uring_resize_rings, ring, p);
	next = next_of(ring, &info, __builtin_return_address(0));
	ret = next->io_uring_resize_rings(ring, p);
	if (ret >= 0)
		ring_moved(ring, &old);
	return ret;
}

static int napi(struct io_uring *ring, int ret, bool on)
{
	if (ret >= 0)
		ring_napi(ring, -1, false, on);
	return ret;
}

EXPORT int io_uring_register_napi(struct io_uring *ring, struct io_uring_napi *argument)
{
	const struct next *next;
	struct ring_info info;

	PASS_ON_IF_DUE(io_uring_register_napi, ring, argument);
	next = next_of(ring, &info, __builtin_return_address(0));
	return napi(ring, next->io_uring_register_napi(ring, argument), true);
}

EXPORT int io_uring_unregister_napi(struct io_uring *ring, struct io_uring_napi *argument)
{
	const struct next *next;
	struct ring_info info;

	PASS_ON_IF_DUE(io_uring_unregister_napi, ring, argument);
	next = next_of(ring, &info, __builtin_return_address(0));
	return napi(ring, next->io_uring_unregister_napi(ring, argument), false);
}

EXPORT int io_uring_register_region(struct io_uring *ring, struct mem_region_reg *reg)
{
	const struct next *next;
	struct ring_info info;
	int ret;

	PASS_ON_IF_DUE(io_uring_register_region, ring, reg);
	next = next_of(ring, &info, __builtin_return_address(0));
	ret = next->io_uring_register_region(ring, reg);
	if (ret == -EBUSY && (!info.why || (info.why == REASON_UNSEEN && ring_says_armed(ring))))
		ret = region_pretend(ring, -1, false, &info, reg, 1);
	return ret;
}
