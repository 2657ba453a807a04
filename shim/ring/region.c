/* SPDX-License-Identifier: MIT */
/*
 * Answers registrations that the kernel would refuse only because of our wait area.
 *
 * The kernel checks the descriptor and the caller before it looks for a region, so it reports
 * errors in these itself. For the rest the kernel is asked again, with a scratch ring in place of
 * the program's. On an enabled ring it refuses a region for wait arguments (-EINVAL), and accepts
 * one without a purpose (flags 0), which only locks the memory; that can be imitated. A region that
 * the kernel is to allocate, and that the program maps through the ring's descriptor, cannot be
 * imitated: it fails with -EBUSY.
 */
#include "base/log.h"
#include "ring/region.h"

/*
 * After a registration succeeded: did the kernel allocate the region? (The structures can be read,
 * or it would have failed.)
 */
static bool allocated_by_kernel(const struct mem_region_reg *reg)
{
	const struct region_desc *desc = (const struct region_desc *)(uintptr_t)reg->region_uptr;

	return !(desc->flags & MEM_REGION_TYPE_USER);
}

/*
 * What the kernel returns for this registration on an enabled ring without a region. *taken: it
 * accepts the region, even if we then have to refuse it.
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
