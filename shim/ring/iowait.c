/* SPDX-License-Identifier: MIT */
/*
 * Marks rings whose waits do not count as iowait, and knows whether bare enters get the flag.
 */
#include "process/process.h"
#include "ring/iowait.h"

/* Forked children keep all of this. used: by assembly (base/arch/), which the compiler cannot see. */
__attribute__((used)) struct iowait_bare iowait_bare = { ENTER_LOOKS, IORING_ENTER_EXT_ARG_REG };
static enum { UNKNOWN, THERE, LACKING } in_kernel;
static bool program_decides;

static void give_to_bare(bool on)
{
	const unsigned flag = on ? IORING_ENTER_NO_IOWAIT : 0;
	const unsigned looks = config.spin ? 0 : ENTER_LOOKS | flag;

	__atomic_store_n(&iowait_bare.looks, looks, __ATOMIC_RELAXED);
	__atomic_store_n(&iowait_bare.by_slot, IORING_ENTER_EXT_ARG_REG | flag, __ATOMIC_RELAXED);
}

static void learn(bool there)
{
	if (__atomic_load_n(&in_kernel, __ATOMIC_RELAXED) != UNKNOWN)
		return;
	__atomic_store_n(&in_kernel, there ? THERE : LACKING, __ATOMIC_RELAXED);
	if (there && !__atomic_load_n(&program_decides, __ATOMIC_RELAXED))
		give_to_bare(true);
}

bool iowait_mark(struct io_uring *ring, unsigned features, const struct next *next)
{
	learn(features & IORING_FEAT_NO_IOWAIT);
	if (!(features & IORING_FEAT_NO_IOWAIT))
		return false;
	if (!ring)
		return !__atomic_load_n(&program_decides, __ATOMIC_RELAXED);
	/* Of older ones the waits would have to be made by us, under a name that another wraps. */
	if (!next->known || (next->interposed && next->version < LIBURING_NO_IOWAIT))
		return false;
	ring->int_flags |= next->version < LIBURING_INT_FLAGS ? INT_FLAG_NO_IOWAIT_OLD :
								IORING_ENTER_NO_IOWAIT;
	return true;
}

/* On a ring that we did not see made, the kernel says of what it knows before it looks for it. */
static bool kernel_knows(void)
{
	if (__atomic_load_n(&in_kernel, __ATOMIC_RELAXED) == UNKNOWN)
		learn(kernel_enter(-1, 0, 0, IORING_ENTER_NO_IOWAIT, 0, 0) == -EBADF);
	return __atomic_load_n(&in_kernel, __ATOMIC_RELAXED) == THERE;
}

void iowait_program_decides(void)
{
	__atomic_store_n(&program_decides, true, __ATOMIC_RELAXED);
	give_to_bare(false);
}

unsigned iowait_flags(unsigned flags)
{
	if (flags & IORING_ENTER_NO_IOWAIT)
		iowait_program_decides();
	/* A filter may have been told of the program's own flags only. */
	if (!(flags & IORING_ENTER_GETEVENTS) || process_sandboxed ||
	    __atomic_load_n(&program_decides, __ATOMIC_RELAXED) || !kernel_knows())
		return flags;
	return flags | IORING_ENTER_NO_IOWAIT;
}
