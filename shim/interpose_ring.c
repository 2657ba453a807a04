/* SPDX-License-Identifier: MIT */
/*
 * liburing's functions that make, change and end rings, as programs call them.
 * io_uring_register_ring_fd() and its like need no hook: a wait reads the ring
 * structure's descriptor and flags each time, as liburing itself does.
 */
#include "interpose.h"
#include "region.h"
#include "ring.h"
#include "wait.h"

const struct next *off_next;

/*
 * With two liburings about, the answer depends on the caller and cannot be
 * kept; a program without one of its own gets it from a plugin, later.
 */
const struct next *off_find(const void *caller)
{
	const struct next *next = next_for(caller);

	if (next->version && !next_by_index(1))
		off_next = next;
	return next;
}

static int make_params(const struct creation *c)
{
	return c->next->io_uring_queue_init_params(c->entries, c->ring, c->p);
}

static int make_mem(const struct creation *c)
{
	return c->next->io_uring_queue_init_mem(c->entries, c->ring, c->p, c->buf, c->buf_size);
}

static int queue_init_params(unsigned entries, struct io_uring *ring, struct io_uring_params *p,
			     const void *caller)
{
	config_greet();
	return ring_create(&(struct creation) {
		.make = make_params, .next = next_for(caller),
		.entries = entries, .ring = ring, .p = p,
	});
}

EXPORT int io_uring_queue_init_params(unsigned entries, struct io_uring *ring,
				      struct io_uring_params *p)
{
	if (switched_off() || ring_in_creation() || !pointer_is_plausible(p))
		return OFF_NEXT()->io_uring_queue_init_params(entries, ring, p);
	return queue_init_params(entries, ring, p, __builtin_return_address(0));
}

/* In every release this is io_uring_queue_init_params() with nothing but flags. */
EXPORT int io_uring_queue_init(unsigned entries, struct io_uring *ring, unsigned flags)
{
	struct io_uring_params p = { .flags = flags };

	if (switched_off() || ring_in_creation())
		return OFF_NEXT()->io_uring_queue_init(entries, ring, flags);
	return queue_init_params(entries, ring, &p, __builtin_return_address(0));
}

EXPORT int io_uring_queue_init_mem(unsigned entries, struct io_uring *ring,
				   struct io_uring_params *p, void *buf, size_t buf_size)
{
	if (switched_off() || ring_in_creation() || !pointer_is_plausible(p))
		return OFF_NEXT()->io_uring_queue_init_mem(entries, ring, p, buf, buf_size);
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
	if (switched_off() || ring_in_creation())
		return OFF_NEXT()->io_uring_queue_mmap(fd, p, ring);
	config_greet();
	next = next_for(__builtin_return_address(0));
	ret = next->io_uring_queue_mmap(fd, p, ring);
	if (ret >= 0)
		ring_mapped(fd, ring, next);
	return ret;
}

EXPORT void io_uring_queue_exit(struct io_uring *ring)
{
	const struct next *next;

	if (switched_off() || ring_in_creation()) {
		OFF_NEXT()->io_uring_queue_exit(ring);
		return;
	}
	next = ring_next(ring, __builtin_return_address(0));
	ring_ended(ring);
	next->io_uring_queue_exit(ring);
}

EXPORT int io_uring_enable_rings(struct io_uring *ring)
{
	const struct next *next;
	enum regwait_reason why;
	unsigned op_flags;
	int fd, ret;

	if (switched_off())
		return OFF_NEXT()->io_uring_enable_rings(ring);
	next = ring_next(ring, __builtin_return_address(0));
	fd = ring->ring_fd >= 0 ? ring->ring_fd : ring->enter_ring_fd;
	op_flags = ring->ring_fd >= 0 ? 0 : REGISTER_USE_REGISTERED_RING;
	why = ring_enabling(ring_own_tag(ring), fd, op_flags);
	ret = next->io_uring_enable_rings(ring);
	if (ret >= 0)
		ring_enabled(ring, why);
	return ret;
}

EXPORT int io_uring_close_ring_fd(struct io_uring *ring)
{
	const struct next *next;
	int fd = ring->ring_fd, ret;

	if (switched_off())
		return OFF_NEXT()->io_uring_close_ring_fd(ring);
	next = ring_next(ring, __builtin_return_address(0));
	ret = next->io_uring_close_ring_fd(ring);
	if (ret >= 0)
		ring_fd_closed(fd);
	return ret;
}

EXPORT int io_uring_resize_rings(struct io_uring *ring, struct io_uring_params *p)
{
	const struct next *next;
	uint64_t tag;
	int ret;

	if (switched_off())
		return OFF_NEXT()->io_uring_resize_rings(ring, p);
	next = ring_next(ring, __builtin_return_address(0));
	tag = ring_own_tag(ring);
	ret = next->io_uring_resize_rings(ring, p);
	/* The ring has new memory, but is the same ring, and its area stays registered. */
	if (ret >= 0 && tag && tag_fits(ring))
		tag_write(ring, tag);
	return ret;
}

EXPORT int io_uring_register_region(struct io_uring *ring, struct mem_region_reg *reg)
{
	const struct next *next;

	if (switched_off())
		return OFF_NEXT()->io_uring_register_region(ring, reg);
	next = ring_next(ring, __builtin_return_address(0));
	if (region_is_taken(ring))
		return region_pretend(ring, reg);
	return next->io_uring_register_region(ring, reg);
}

EXPORT int io_uring_submit_and_wait_reg(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					unsigned wait_nr, int reg_index)
{
	const struct next *next;

	if (switched_off())
		return OFF_NEXT()->io_uring_submit_and_wait_reg(ring, cqe_ptr, wait_nr, reg_index);
	next = ring_next(ring, __builtin_return_address(0));
	/* On a ring without an area of the program's own no entry exists: -EFAULT. */
	if (region_is_taken(ring))
		reg_index = -1;
	return next->io_uring_submit_and_wait_reg(ring, cqe_ptr, wait_nr, reg_index);
}
