/* SPDX-License-Identifier: MIT */
#include "index.h"
#include "region.h"
#include "register.h"
#include "ring.h"

/* Ring descriptors that the program registers or gives back by itself. */
static void follow_indices(unsigned opcode, const struct io_uring_rsrc_update *updates, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (opcode == REGISTER_RING_FDS)
			index_registered(updates[i].offset, updates[i].data);
		else
			index_unregistered(updates[i].offset);
}

int register_call(const struct next *next, unsigned fd, unsigned opcode, const void *arg,
		  unsigned nr_args)
{
	bool is_index = opcode & REGISTER_USE_REGISTERED_RING;
	unsigned op = opcode & ~REGISTER_USE_REGISTERED_RING;
	struct ring_info info = { .why = REASON_UNSEEN };
	int ring_fd = is_index ? index_fd(fd) : (int)fd, ret;
	enum regwait_reason why;

	if (op == REGISTER_MEM_REGION || op == REGISTER_ENABLE_RINGS)
		ring_find_fd(ring_fd, &info);
	if (op == REGISTER_MEM_REGION && !info.why)
		return region_pretend(NULL, ring_fd, &info, arg, nr_args);
	if (op == REGISTER_ENABLE_RINGS && info.why == REASON_DISABLED) {
		why = ring_enabling(NULL, ring_fd, 0);
		ret = next->io_uring_register(fd, opcode, arg, nr_args);
		if (ret >= 0)
			ring_enabled(NULL, ring_fd, why);
		return ret;
	}
	ret = next->io_uring_register(fd, opcode, arg, nr_args);
	if (op == REGISTER_RING_FDS || op == UNREGISTER_RING_FDS)
		follow_indices(op, arg, ret);
	return ret;
}
