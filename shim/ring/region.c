/* SPDX-License-Identifier: MIT */
/*
 * Answers for registrations that the kernel would refuse only because of us.
 *
 * The kernel checks the descriptor and the caller before it looks for a region, so what is wrong
 * with these it says itself. Otherwise it is asked again, with a scratch ring in place of the
 * program's. On an enabled ring it refuses a region for wait arguments (-EINVAL) and accepts one
 * without a purpose (flags 0), which only locks the memory: that can be imitated. A region that the
 * kernel is to allocate, and that the program maps through the ring's descriptor, cannot: it fails
 * with -EBUSY.
 */
#include "base/log.h"
#include "ring/region.h"

/* After success: did the kernel allocate it? (The structures were readable, or it had failed.) */
static bool allocated_by_kernel(const struct mem_region_reg *reg)
{
	const struct region_desc *desc = (const struct region_desc *)(uintptr_t)reg->region_uptr;

	return !(desc->flags & MEM_REGION_TYPE_USER);
}

/*
 * What the kernel says to this registration on an enabled ring without a region; *taken if
 * it takes it, even where we then have to refuse.
 */
static int region_try(const void *reg, unsigned nr_args, bool *taken)
{
	struct io_uring_params p = { 0 };
	int fd = kernel_setup(1, &p), ret;

	if (fd < 0)
		return -EBUSY;
	ret = kernel_register(fd, REGISTER_MEM_REGION, reg, nr_args);
	kernel_close(fd);
	*taken = !ret;
	if (!ret && allocated_by_kernel(reg)) {
		log_error("a region allocated by the kernel is not possible on a ring that has the "
			  "wait area; start the program with REGWAIT=off or REGWAIT_SKIP");
		return -EBUSY;
	}
	return ret;
}

int region_pretend(struct ring_ref ref, const struct ring_info *info, const void *reg,
		   unsigned nr_args)
{
	bool taken = false;
	int ret;

	if (info->region_faked || process_sandboxed)
		return -EBUSY;
	ret = region_try(reg, nr_args, &taken);
	if (taken)
		ring_region_faked(ref);
	return ret;
}
