/* SPDX-License-Identifier: MIT */
/*
 * liburing's functions that make, change and end rings, as programs call them.
 * io_uring_set_iowait() and similar functions need not be interposed: a wait reads descriptor and
 * flags from the ring's structure each time, as liburing's does. Our mark (ring/iowait.h) is its bit.
 */
#include "base/greet.h"
#include "process/readable.h"
#include "ring/index.h"
#include "ring/napi.h"
#include "ring/region.h"
#include "ring/ring.h"
#include "ring/ring_fd.h"
#include "symbols/symbols.h"

static int make_params(const struct creation *c)
{
	return c->next->io_uring_queue_init_params(c->sq_entries, c->ring, c->p);
}

static int make_mem(const struct creation *c)
{
	return c->next->io_uring_queue_init_mem(c->sq_entries, c->ring, c->p, c->buf, c->buf_size);
}

/* By this name and no other, since an interposer behind us may wrap it. */
static int make_init(const struct creation *c)
{
	int ret = c->next->io_uring_queue_init(c->sq_entries, c->ring, c->p->flags);

	if (ret >= 0)
		c->p->features = c->ring->features;
	return ret;
}

/* Makes the ring: exactly as asked where we have nothing to do with it, else by ring_create(). */
static int create(struct creation *c, const void *caller)
{
	const struct next *passes = passes_to(caller);

	c->next = passes ? passes : next_for(caller);
	if (passes || process_sandboxed || !params_are_writable(c->p))
		return ring_make(c);
	config_greet();
	return ring_create(c);
}

VERSIONED(on_queue_init_params, io_uring_queue_init_params, "2.0", "2.4");
int on_queue_init_params(unsigned entries, struct io_uring *ring, struct io_uring_params *p)
{
	struct creation c = { .make = make_params, .sq_entries = entries, .ring = ring, .p = p };

	return create(&c, __builtin_return_address(0));
}

VERSIONED(on_queue_init, io_uring_queue_init, "2.0", "2.4");
int on_queue_init(unsigned entries, struct io_uring *ring, unsigned flags)
{
	struct io_uring_params p = { .flags = flags }; /* the real one makes its own */
	struct creation c = { .make = make_init, .sq_entries = entries, .ring = ring, .p = &p };

	return create(&c, __builtin_return_address(0));
}

VERSIONED_ONCE(on_queue_init_mem, io_uring_queue_init_mem, "2.5");
int on_queue_init_mem(unsigned entries, struct io_uring *ring, struct io_uring_params *p, void *buf,
		      size_t buf_size)
{
	struct creation c = { .make = make_mem,
			      .sq_entries = entries,
			      .ring = ring,
			      .p = p,
			      .buf = buf,
			      .buf_size = buf_size };

	return create(&c, __builtin_return_address(0));
}

/* By itself, so that what is passed on pays for none of it. */
static __attribute__((noinline)) int map_ring(int fd, struct io_uring_params *p,
					      struct io_uring *ring, const struct next *next)
{
	int ret = next->io_uring_queue_mmap(fd, p, ring);

	if (ret >= 0)
		ring_mapped(fd, ring, p->features, next);
	return ret;
}

VERSIONED(on_queue_mmap, io_uring_queue_mmap, "2.0", "2.4");
int on_queue_mmap(int fd, struct io_uring_params *p, struct io_uring *ring)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);

	/* Most releases, when they make a ring, call this function through their PLT. */
	if (next)
		return next->io_uring_queue_mmap(fd, p, ring);
	config_greet();
	return map_ring(fd, p, ring, next_for(caller));
}

VERSIONED(on_queue_exit, io_uring_queue_exit, "2.0", "2.4");
void on_queue_exit(struct io_uring *ring)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);

	if (next) {
		next->io_uring_queue_exit(ring);
		return;
	}
	/*
	 * The real function unregisters this index of the calling thread, even if another thread
	 * registered it.
	 */
	if (ring->int_flags & INT_FLAGS_REG_RING)
		index_unregistered(ring->enter_ring_fd);
	ring_ended(ring);
	next_for(caller)->io_uring_queue_exit(ring);
}

VERSIONED_ONCE(on_enable_rings, io_uring_enable_rings, "2.4");
int on_enable_rings(struct io_uring *ring)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);
	struct ring_info info = { .why = REASON_UNSEEN };
	struct ring_ref ref = ring_by_struct(ring);
	enum regwait_reason why;
	int ret;

	if (next)
		return next->io_uring_enable_rings(ring);
	next = next_for(caller);
	if (!ring_find(ref, &info) || info.why != REASON_DISABLED)
		return next->io_uring_enable_rings(ring);
	ref.is_index = ring->ring_fd < 0;
	ref.fd = ref.is_index ? ring->enter_ring_fd : ring->ring_fd;
	why = ring_enabling(ref);
	ret = next->io_uring_enable_rings(ring);
	if (ret >= 0)
		ring_enabled(ring, ref, why);
	return ret;
}

VERSIONED(on_register_ring_fd, io_uring_register_ring_fd, "2.2", "2.4");
int on_register_ring_fd(struct io_uring *ring)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);
	int ret;

	if (next)
		return next->io_uring_register_ring_fd(ring);
	ringfd_hands_off();
	ret = next_for(caller)->io_uring_register_ring_fd(ring);
	if (ret == 1)
		ring_indexed(ring->enter_ring_fd, ring->ring_fd);
	return ret;
}

VERSIONED(on_unregister_ring_fd, io_uring_unregister_ring_fd, "2.2", "2.4");
int on_unregister_ring_fd(struct io_uring *ring)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);
	int index = ring->enter_ring_fd, ret;

	if (next)
		return next->io_uring_unregister_ring_fd(ring);
	ringfd_hands_off();
	ret = next_for(caller)->io_uring_unregister_ring_fd(ring);
	if (ret == 1)
		index_unregistered(index);
	return ret;
}

VERSIONED_ONCE(on_close_ring_fd, io_uring_close_ring_fd, "2.4");
int on_close_ring_fd(struct io_uring *ring)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);
	int fd = ring->ring_fd, ret;

	if (next)
		return next->io_uring_close_ring_fd(ring);
	ringfd_closing(fd, fd);
	ret = next_for(caller)->io_uring_close_ring_fd(ring);
	if (ret >= 0)
		ring_fd_closed(fd);
	return ret;
}

VERSIONED_ONCE(on_resize_rings, io_uring_resize_rings, "2.9");
int on_resize_rings(struct io_uring *ring, struct io_uring_params *p)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller), *before;
	struct io_uring old;
	int ret;

	if (next)
		return next->io_uring_resize_rings(ring, p);
	old = *ring;
	next = next_for(caller);
	before = next_on_behalf(next);
	ret = next->io_uring_resize_rings(ring, p);
	next_on_behalf(before);
	if (ret >= 0)
		ring_moved(ring, &old);
	return ret;
}

static void note_napi(struct io_uring *ring, int ret, bool on)
{
	if (ret >= 0)
		ring_napi(ring_by_struct(ring), on);
}

VERSIONED(on_register_napi, io_uring_register_napi, "2.6", "2.4");
int on_register_napi(struct io_uring *ring, struct io_uring_napi *argument)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);
	int ret;

	if (next)
		return next->io_uring_register_napi(ring, argument);
	ret = next_for(caller)->io_uring_register_napi(ring, argument);
	note_napi(ring, ret, true);
	return ret;
}

VERSIONED(on_unregister_napi, io_uring_unregister_napi, "2.6", "2.4");
int on_unregister_napi(struct io_uring *ring, struct io_uring_napi *argument)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);
	int ret;

	if (next)
		return next->io_uring_unregister_napi(ring, argument);
	ret = next_for(caller)->io_uring_unregister_napi(ring, argument);
	note_napi(ring, ret, false);
	return ret;
}

VERSIONED_ONCE(on_register_region, io_uring_register_region, "2.9");
int on_register_region(struct io_uring *ring, struct mem_region_reg *reg)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);
	struct ring_info info = { .why = REASON_UNSEEN };
	struct ring_ref ref = ring_by_struct(ring);
	int ret;

	if (next)
		return next->io_uring_register_region(ring, reg);
	ring_find(ref, &info);
	ret = next_for(caller)->io_uring_register_region(ring, reg);
	if (ret == -EBUSY && (!info.why || (info.why == REASON_UNSEEN && ring_says_armed(ring))))
		ret = region_pretend(ref, &info, reg, 1);
	return ret;
}
