/* SPDX-License-Identifier: MIT */
#include "ring/index.h"
#include "ring/napi.h"
#include "ring/region.h"
#include "ring/register.h"
#include "ring/ring.h"
#include "ring/ring_fd.h"

/* Ring descriptors that the program registers or gives back by itself. */
static void follow_indices(unsigned opcode, const struct io_uring_rsrc_update *updates, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (opcode == REGISTER_RING_FDS)
			ring_indexed(updates[i].offset, updates[i].data);
		else
			index_unregistered(updates[i].offset);
}

int register_call(const struct next *next, unsigned fd, unsigned opcode, const void *arg,
		  unsigned nr_args)
{
	bool is_index = opcode & REGISTER_USE_REGISTERED_RING;
	unsigned op = opcode & ~REGISTER_USE_REGISTERED_RING;
	struct ring_info info = { .why = REASON_UNSEEN };
	enum regwait_reason why;
	int ret;

	if (op == REGISTER_MEM_REGION || op == REGISTER_ENABLE_RINGS)
		ring_find_fd(fd, is_index, &info);
	if (op == REGISTER_ENABLE_RINGS && info.why == REASON_DISABLED) {
		why = ring_enabling(NULL, fd, is_index);
		ret = next->io_uring_register(fd, opcode, arg, nr_args);
		if (ret >= 0)
			ring_enabled(NULL, fd, is_index, why);
		return ret;
	}
	ringfd_registering(opcode);
	ret = next->io_uring_register(fd, opcode, arg, nr_args);
	if (op == REGISTER_RING_FDS || op == UNREGISTER_RING_FDS)
		follow_indices(op, arg, ret);
	napi_registered(fd, opcode, ret);
	if (op == REGISTER_MEM_REGION && ret == -EBUSY && !info.why)
		ret = region_pretend(NULL, fd, is_index, &info, arg, nr_args);
	return ret;
}
