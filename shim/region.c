/* SPDX-License-Identifier: MIT */
/*
 * Answers for registrations that the kernel would refuse only because of us.
 *
 * The kernel itself is asked, with a scratch ring in place of the program's. On
 * an enabled ring it refuses a region for wait arguments (-EINVAL) and accepts
 * one without a purpose (flags 0), which has no effect but to lock the memory.
 * That much can be pretended. One case cannot: a region that the kernel shall
 * allocate, to be mapped through the ring's descriptor. It fails with -EBUSY.
 */
#include "log.h"
#include "region.h"

bool region_is_taken(const struct io_uring *ring)
{
	uint64_t tag = ring_own_tag(ring);

	return tag && !tag_reason(tag);
}

/* After success: did the kernel allocate it? (The structures were readable, or it had failed.) */
static bool allocated_by_kernel(const struct mem_region_reg *reg)
{
	const struct region_desc *desc = (const struct region_desc *)(uintptr_t)reg->region_uptr;

	return !(desc->flags & MEM_REGION_TYPE_USER);
}

int region_try(const void *reg, unsigned nr_args)
{
	struct io_uring_params p = { 0 };
	int fd = kernel_setup(1, &p), ret;

	if (fd < 0)
		return -EBUSY;
	ret = kernel_register(fd, REGISTER_MEM_REGION, reg, nr_args);
	kernel_close(fd);
	if (!ret && allocated_by_kernel(reg)) {
		log_error("a region allocated by the kernel cannot be had on a ring that has the "
			  "wait area; start the program with REGWAIT=off or REGWAIT_SKIP");
		return -EBUSY;
	}
	return ret;
}

int region_pretend(struct io_uring *ring, const void *reg)
{
	uint64_t tag = ring_own_tag(ring);
	int ret;

	if (tag & TAG_QUIRK(QUIRK_REGION_FAKED))
		return -EBUSY;
	ret = region_try(reg, 1);
	if (!ret)
		tag_write(ring, tag | TAG_QUIRK(QUIRK_REGION_FAKED));
	return ret;
}
