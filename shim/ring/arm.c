/* SPDX-License-Identifier: MIT */
/*
 * Registers the wait area with rings, and knows when not to.
 *
 * Without CAP_IPC_LOCK every armed ring is charged one more locked page for each page of the area,
 * and the kernel takes the charge back only some time after the ring has ended (up to 125 ms was
 * seen). Too many armed rings would make later rings of the program fail, so rings that ended in
 * this second or in the one before are counted as if they had not ended.
 */
#include <string.h>
#include <time.h>

#include "base/debug.h"
#include "base/libc.h"
#include "base/log.h"
#include "ring/arm.h"
#include "ring/budget.h"

/* What the kernel's answers have shown. Forked children keep it. */
static enum { UNKNOWN, SUPPORTED, TOO_OLD } kernel_support;
static bool enable_refused;
static bool region_forbidden;

/* In a sandbox no system call is made; nothing is armed there either, so 0 will do. */
static int64_t this_second(void)
{
	return process_sandboxed ? 0 : kernel_time(CLOCK_MONOTONIC_COARSE) / 1000000000;
}

/* Updates the counts of rings that ended. If both are zero, the clock is not read. */
static void let_seconds_pass(struct process *p)
{
	int64_t now, passed;

	if (!p->ended[0] && !p->ended[1])
		return;
	now = this_second();
	passed = now - p->ended_second;
	if (!passed)
		return;
	p->ended[1] = passed == 1 ? p->ended[0] : 0;
	p->ended[0] = 0;
	p->ended_second = now;
}

static void count_armed(struct process *p, int change)
{
	__atomic_fetch_add(&p->nr_armed, change, __ATOMIC_RELAXED);
}

enum regwait_reason arm_reserve(struct process *p)
{
	enum regwait_reason why;

	if (budget_take_uncharged()) {
		count_armed(p, 1);
		return REASON_NONE;
	}
	if (!process_lock(p))
		return REASON_TOO_MANY_RINGS;
	debug_assert(process_lock_is_held(p));
	let_seconds_pass(p);
	why = budget_take(p, __atomic_load_n(&p->nr_armed, __ATOMIC_RELAXED) + p->ended[0] +
				     p->ended[1]);
	count_armed(p, !why);
	process_unlock(p);
	return why;
}

void arm_unreserve(struct process *p)
{
	if (!process_lock(p))
		return;
	count_armed(p, -1);
	budget_give_back(p);
	process_unlock(p);
}

void arm_ended(struct process *p)
{
	debug_assert(process_lock_is_held(p));
	debug_assert(p->nr_armed);
	let_seconds_pass(p);
	count_armed(p, -1);
	if (!p->ended[0] && !p->ended[1])
		p->ended_second = this_second();
	p->ended[0]++;
	budget_give_back(p);
}

enum regwait_reason arm_reason(void)
{
	if (__atomic_load_n(&kernel_support, __ATOMIC_RELAXED) == TOO_OLD)
		return REASON_KERNEL;
	if (__atomic_load_n(&region_forbidden, __ATOMIC_RELAXED))
		return REASON_REGION_REFUSED;
	if (__atomic_load_n(&enable_refused, __ATOMIC_RELAXED))
		return REASON_ENABLE_REFUSED;
	return REASON_NONE;
}

void arm_kernel_too_old(void)
{
	__atomic_store_n(&kernel_support, TOO_OLD, __ATOMIC_RELAXED);
	log_info("this kernel has no registered waits: everything stays plain");
}

void arm_enable_refused(void)
{
	__atomic_store_n(&enable_refused, true, __ATOMIC_RELAXED);
	log_error("the kernel refused to enable a ring that was created disabled; "
		  "a seccomp filter? Rings are made plain from now on");
}

static enum regwait_reason refused(int err)
{
	bool supported = __atomic_load_n(&kernel_support, __ATOMIC_RELAXED) == SUPPORTED;

	if (err == -EBUSY)
		return REASON_OWN_REGION;
	/* Another thread may have had this answer first. */
	if (err == -EINVAL && !supported)
		return REASON_KERNEL;
	/* Memory may be available again later. What is forbidden stays forbidden. */
	if (err == -EPERM || err == -EACCES || err == -ENOSYS)
		__atomic_store_n(&region_forbidden, true, __ATOMIC_RELAXED);
	log_error("the kernel refused the wait area: %s", strerrordesc_np(-err));
	return REASON_REGION_REFUSED;
}

enum regwait_reason arm_register(struct process *p, int fd, unsigned op_flags)
{
	struct region_desc desc = {
		.user_addr = (uintptr_t)p->slots,
		.size = p->slots_size,
		.flags = MEM_REGION_TYPE_USER,
	};
	struct mem_region_reg reg = {
		.region_uptr = (uintptr_t)&desc,
		.flags = MEM_REGION_REG_WAIT_ARG,
	};
	int err = kernel_register(fd, REGISTER_MEM_REGION | op_flags, &reg, 1);

	if (err < 0)
		return refused(err);
	if (__atomic_load_n(&kernel_support, __ATOMIC_RELAXED) != SUPPORTED)
		__atomic_store_n(&kernel_support, SUPPORTED, __ATOMIC_RELAXED);
	return REASON_NONE;
}
