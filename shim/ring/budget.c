/* SPDX-License-Identifier: MIT */
/*
 * Counts the locked memory of armed rings, for all processes of a user together.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <time.h>

#include "base/config.h"
#include "base/log.h"
#include "ring/budget.h"

#define PART 64 /* of RLIMIT_MEMLOCK */

/* What this process has taken. A forked child starts with nothing. */
#define taken (this_process.budget)

static void begin(void)
{
	if (taken.begun)
		return;
	taken.begun = true;
	taken.set = -1;
}

/*
 * Are we in the first user namespace? A container's root has all capabilities, but only in its own.
 * The answer is kept: in a forked child, asking costs more than making the ring, and a process
 * changes its namespace only by calls that we see.
 */
static bool in_first_namespace(void)
{
	static const char first[] = "user:[4026531837]"; /* PROC_USER_INIT_INO */
	unsigned known = __atomic_load_n(&area.kept.user_namespace, __ATOMIC_RELAXED);
	char ns[64] = { 0 };

	/* Threads that make their first rings at the same time all ask, and get the same answer. */
	if (known == NAMESPACE_UNKNOWN) {
		kernel_call(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/ns/user", (long)ns,
			    sizeof(ns) - 1, 0, 0);
		known = strncmp(ns, first, sizeof(first)) ? NAMESPACE_OTHER : NAMESPACE_FIRST;
		__atomic_store_n(&area.kept.user_namespace, known, __ATOMIC_RELAXED);
	}
	return known == NAMESPACE_FIRST;
}

/*
 * The kernel charges a process that lacks CAP_IPC_LOCK in the first user namespace. Asked for each
 * ring: a daemon may give up the capability between two rings and keep its user id.
 */
static bool is_charged(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	return kernel_call(SYS_capget, (long)&header, (long)data, 0, 0, 0, 0) ||
	       !(data[CAP_TO_INDEX(CAP_IPC_LOCK)].effective & CAP_TO_MASK(CAP_IPC_LOCK)) ||
	       !in_first_namespace();
}

static unsigned pages_of_ring(const struct process *p)
{
	return p->slots_size / memory_page();
}

/*
 * The limit in memory pages. A process whose limit is infinite is charged as well, and so must
 * count.
 */
static unsigned limit_in_pages(void)
{
	struct rlimit memlock;
	rlim_t pages;

	if (getrlimit(RLIMIT_MEMLOCK, &memlock))
		return 0;
	pages = memlock.rlim_cur / PART / memory_page();
	return memlock.rlim_cur == RLIM_INFINITY || pages > UINT32_MAX ? UINT32_MAX : pages;
}

/* Does the set look as we would have made it? Another program may use the same key. */
static bool is_ours(int set)
{
	struct semid_ds about;
	uid_t user = geteuid();

	if (kernel_call(SYS_semctl, set, 0, IPC_STAT, (long)&about, 0, 0))
		return false;
	return about.sem_nsems == BUDGET_SEMAPHORES && about.sem_perm.uid == user &&
	       about.sem_perm.cuid == user && (about.sem_perm.mode & 0777) == 0600;
}

/* Looked up each time: the set may have been removed, or the IPC namespace may have changed. */
static bool find_set(void)
{
	uid_t user = getuid();
	int set = kernel_call(SYS_semget, BUDGET_KEY(user), BUDGET_SEMAPHORES, IPC_CREAT | 0600, 0,
			      0, 0);

	if (set < 0 || (set != taken.set && !is_ours(set)))
		return false;
	if (set != taken.set || user != taken.user)
		taken.counted = 0; /* what we counted in another set stays there until we exit */
	taken.set = set;
	taken.user = user;
	return true;
}

static bool add(int pages)
{
	struct sembuf op = { .sem_op = pages, .sem_flg = SEM_UNDO | IPC_NOWAIT };

	return op.sem_op == pages && !kernel_call(SYS_semop, taken.set, (long)&op, 1, 0, 0, 0);
}

static bool take_counted(const struct process *p, unsigned limit)
{
	int pages = pages_of_ring(p), all;

	if (!find_set() || !add(pages))
		return false;
	all = kernel_call(SYS_semctl, taken.set, 0, GETVAL, 0, 0, 0);
	if (all >= 0 && (unsigned)all <= limit) {
		taken.counted++;
		return true;
	}
	add(-pages);
	return false;
}

static void count_uncounted(int change)
{
	__atomic_fetch_add(&taken.uncounted, change, __ATOMIC_RELAXED);
}

bool budget_take_uncharged(void)
{
	if (config.max_rings >= 0 || process_sandboxed || is_charged())
		return false;
	count_uncounted(1);
	return true;
}

enum regwait_reason budget_take(const struct process *p, unsigned in_use)
{
	unsigned limit;
	bool granted;
	int saved;

	begin();
	if (config.max_rings >= 0 && in_use >= (unsigned)config.max_rings)
		return REASON_TOO_MANY_RINGS;
	/* In a sandbox, the system calls below may kill the process. */
	if (config.max_rings < 0 && process_sandboxed)
		return REASON_LOCKED_MEMORY;
	if (config.max_rings >= 0) {
		count_uncounted(1);
		return REASON_NONE;
	}
	saved = errno;
	limit = limit_in_pages();
	/*
	 * This process's own rings are compared first: if they exceed the limit, no semaphore need
	 * be asked.
	 */
	granted = ((uint64_t)in_use + 1) * pages_of_ring(p) <= limit && take_counted(p, limit);
	errno = saved;
	return granted ? REASON_NONE : REASON_LOCKED_MEMORY;
}

/*
 * If some rings were not counted by the semaphore, it is not known whether this is one of them. It
 * is taken for one, so that the semaphore never counts less than is locked.
 */
void budget_give_back(const struct process *p)
{
	int saved = errno;

	begin();
	if (__atomic_load_n(&taken.uncounted, __ATOMIC_RELAXED))
		count_uncounted(-1);
	else if (taken.counted && !process_sandboxed && add(-(int)pages_of_ring(p)))
		taken.counted--;
	errno = saved;
}
