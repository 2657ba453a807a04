/* SPDX-License-Identifier: MIT */
/*
 * Registers the wait area with rings, and knows when not to.
 *
 * Without CAP_IPC_LOCK every armed ring is charged one locked page more (for
 * each page of the area), in a count that all processes of a user share, and the
 * kernel takes the charge back only some time after the ring has ended (up to
 * 125 ms seen). Too many would make later rings of the program fail, so rings
 * that ended in this second or the one before count as if they lived.
 */
#include <linux/capability.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "ring/arm.h"
#include "base/config.h"
#include "base/log.h"

/* What the kernel has taught us; it holds for forked children as well. */
static enum { UNKNOWN, SUPPORTED, TOO_OLD } kernel_support;
static bool enable_refused;
static bool region_forbidden;

/*
 * The kernel charges whoever lacks CAP_IPC_LOCK in the first user namespace;
 * a container's root has it in its own only.
 */
static bool exempt_from_memlock(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	char ns[64];
	ssize_t n;

	if (kernel_call(SYS_capget, (long)&header, (long)data, 0, 0, 0, 0) ||
	    !(data[CAP_TO_INDEX(CAP_IPC_LOCK)].effective & CAP_TO_MASK(CAP_IPC_LOCK)))
		return false;
	n = readlink("/proc/self/ns/user", ns, sizeof(ns) - 1);
	if (n <= 0)
		return false;
	ns[n] = '\0';
	return !strcmp(ns, "user:[4026531837]");	/* PROC_USER_INIT_INO */
}

/*
 * How many rings may be armed at a time. All processes of a user share the limit, and some
 * make four times as many rings as one would think: a thirty-second of it for each, where
 * there is one. With the usual 8 MiB that is 64 rings.
 */
static unsigned armed_limit(struct process *p)
{
	struct rlimit memlock;
	struct timespec now;
	int saved = errno;
	uid_t user;

	if (config.max_rings >= 0)
		return config.max_rings;
	/* A daemon that gives up root loses its exemption; not within a tick of the clock. */
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (p->limit_known && now.tv_sec == p->limit_asked.tv_sec &&
	    now.tv_nsec == p->limit_asked.tv_nsec)
		return p->limit;
	p->limit_asked = now;
	user = geteuid();
	if (!p->limit_known || p->limit_user != user) {
		if (getrlimit(RLIMIT_MEMLOCK, &memlock) || memlock.rlim_cur == RLIM_INFINITY ||
		    exempt_from_memlock())
			p->limit = UINT32_MAX;
		else
			p->limit = memlock.rlim_cur / 32 / p->slots_size;
		p->limit_user = user;
		p->limit_known = true;
		log_debug("at most %u rings will be armed", p->limit);
	}
	errno = saved;
	return p->limit;
}

static void let_seconds_pass(struct process *p)
{
	struct timespec now;
	int64_t passed;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	passed = now.tv_sec - p->departed_second;
	if (!passed)
		return;
	p->departed[1] = passed == 1 ? p->departed[0] : 0;
	p->departed[0] = 0;
	p->departed_second = now.tv_sec;
}

bool arm_reserve(struct process *p)
{
	unsigned limit;
	bool granted;

	if (pthread_mutex_lock(&p->lock))
		return false;
	limit = armed_limit(p);
	let_seconds_pass(p);
	granted = (uint64_t)p->nr_armed + p->departed[0] + p->departed[1] < limit;
	p->nr_armed += granted;
	pthread_mutex_unlock(&p->lock);
	return granted;
}

void arm_unreserve(struct process *p)
{
	if (pthread_mutex_lock(&p->lock))
		return;
	p->nr_armed--;
	pthread_mutex_unlock(&p->lock);
}

void arm_ended(struct process *p)
{
	let_seconds_pass(p);
	p->nr_armed--;
	p->departed[0]++;
}

enum regwait_reason arm_obstacle(void)
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
	bool unknown = __atomic_load_n(&kernel_support, __ATOMIC_RELAXED) == UNKNOWN;

	if (err == -EBUSY)
		return REASON_OWN_REGION;
	if (err == -EINVAL && unknown)
		return REASON_KERNEL;
	/* Memory may be had again later; a ban stays. */
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
	__atomic_store_n(&kernel_support, SUPPORTED, __ATOMIC_RELAXED);
	return REASON_NONE;
}
