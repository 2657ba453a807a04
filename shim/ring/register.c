/* SPDX-License-Identifier: MIT */
/*
 * Follows what io_uring_register(2) does to rings and indices.
 */
#include "ring/index.h"
#include "ring/napi.h"
#include "ring/region.h"
#include "ring/register.h"
#include "ring/ring.h"
#include "ring/ring_fd.h"

/* The program registered ring descriptors, or gave them back. */
static void follow_indices(unsigned opcode, const struct io_uring_rsrc_update *updates, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (opcode == REGISTER_RING_FDS)
			ring_indexed(updates[i].offset, updates[i].data);
		else
			index_unregistered(updates[i].offset);
}

/* Was the ring made by a parent, which most likely armed it? */
static bool is_inherited(struct ring_ref ref)
{
	return !ref.is_index && ring_reason(ref.fd, false) == REASON_INHERITED;
}

int register_call(const struct next *next, unsigned fd, unsigned opcode, const void *arg,
		  unsigned nr_args)
{
	struct ring_ref ref = ring_by_number(fd, opcode & REGISTER_USE_REGISTERED_RING);
	unsigned op = opcode & ~REGISTER_USE_REGISTERED_RING;
	struct ring_info info = { .why = REASON_UNSEEN };
	enum regwait_reason why;
	int ret;

	if (op == REGISTER_MEM_REGION || op == REGISTER_ENABLE_RINGS)
		ring_find(ref, &info);
	if (op == REGISTER_ENABLE_RINGS && info.why == REASON_DISABLED) {
		why = ring_enabling(ref);
		ret = next->io_uring_register(fd, opcode, arg, nr_args);
		if (ret >= 0)
			ring_enabled(NULL, ref, why);
		return ret;
	}
	ringfd_registering(opcode);
	ret = next->io_uring_register(fd, opcode, arg, nr_args);
	if (op == REGISTER_RING_FDS || op == UNREGISTER_RING_FDS)
		follow_indices(op, arg, ret);
	napi_registered(fd, opcode, ret);
	if (op == REGISTER_MEM_REGION && ret == -EBUSY && (!info.why || is_inherited(ref)))
		ret = region_pretend(ref, &info, arg, nr_args);
	return ret;
}
