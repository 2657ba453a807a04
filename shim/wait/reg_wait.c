/* SPDX-License-Identifier: MIT */
/*
 * Waits by a struct reg_wait of the program's. It is copied when the wait begins: into the thread's
 * slot if the ring is armed, else into an ordinary argument. So the last one of a page works too,
 * which the kernel's own look-up gets wrong since 6.13.2.
 */
#include <sys/mman.h>

#include "wait/by_index.h"
#include "wait/engine.h"
#include "wait/reg_wait.h"

/* As many as fit into one page, as the manual page says. */
static unsigned reg_waits_max(void)
{
	return memory_page() / sizeof(struct reg_wait);
}

int reg_waits_register(struct io_uring *ring, const struct next *next,
		       const struct reg_wait *reg_waits, int nr)
{
	if (nr <= 0 || (unsigned)nr > reg_waits_max() || (uintptr_t)reg_waits % memory_page())
		return -EINVAL;
	if (!is_readable(reg_waits))
		return -EFAULT;
	return ring_set_reg_waits(ring, next->quirks, reg_waits, nr);
}

struct reg_wait *reg_waits_setup(struct io_uring *ring, const struct next *next, unsigned nr,
				 int *err)
{
	int saved = errno;
	struct reg_wait *reg_waits;

	*err = -EINVAL;
	if (!nr || nr > reg_waits_max())
		return NULL;
	reg_waits = mmap(NULL, nr * sizeof(*reg_waits), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*err = reg_waits == MAP_FAILED ? -errno : reg_waits_register(ring, next, reg_waits, nr);
	if (*err && reg_waits != MAP_FAILED)
		reg_waits_free(reg_waits, nr);
	errno = saved;
	return *err ? NULL : reg_waits;
}

void reg_waits_free(struct reg_wait *reg_waits, unsigned nr)
{
	int saved = errno;

	if (reg_waits)
		munmap(reg_waits, nr * sizeof(*reg_waits));
	errno = saved;
}

/* Waits by an argument of ours, or by an offset into a region of the program's own. */
static int wait_by(const struct wait *w, uint64_t quirks, unsigned flags, uintptr_t arg,
		   size_t size)
{
	const struct argument argument = {
		.flags = IORING_ENTER_EXT_ARG | flags,
		.arg = arg,
		.size = size,
	};
	const struct origin nowhere = { NULL, NULL };

	return wait_once(w, quirks, ordinary_way(w->ring), argument, nowhere);
}

static int wait_by_argument(const struct wait *w, uint64_t quirks, const struct reg_wait *reg)
{
	struct getevents_arg arg = {
		.sigmask = reg->sigmask,
		.sigmask_sz = reg->sigmask_sz,
		.ts = reg->flags & REG_WAIT_TS ? (uintptr_t)&reg->ts : 0,
	};

	/* Without the feature, the kernel requires a zero in this field. */
	if (w->ring->features & IORING_FEAT_MIN_TIMEOUT)
		arg.min_wait_usec = reg->min_wait_usec;
	return wait_by(w, quirks, 0, (uintptr_t)&arg, sizeof(arg));
}

/* Can this wait go by a slot of ours? */
static bool fits_slot(const struct wait *w, const struct ring_info *info,
		      const struct reg_wait *reg)
{
	struct process *p = process_peek();

	return !info->why && reg->flags & REG_WAIT_TS &&
	       (!reg->sigmask || reg->sigmask_sz == KERNEL_SIGSET_SIZE) &&
	       (!reg->min_wait_usec || w->ring->features & IORING_FEAT_MIN_TIMEOUT) && p &&
	       thread_take_slot(p) && can_register(w);
}

/* A wait by the program's reg_wait: registered if possible, else with an ordinary argument. */
static int wait_by_reg_wait(const struct wait *untimed, const struct ring_info *info,
			    struct reg_wait reg, struct origin origin)
{
	struct wait w = *untimed;

	if (reg.flags & ~REG_WAIT_TS)
		return -EINVAL;
	if (!info->why && tag_reason(tag_read(w.ring)) == REASON_DISABLED)
		ring_now_enabled(w.ring);
	w.ts = &reg.ts;
	me.ts_page = (uintptr_t)w.ts >> TS_PAGE_SHIFT;
	w.min_wait = reg.min_wait_usec;
	w.sigmask = (sigset_t *)(uintptr_t)reg.sigmask;
	if (fits_slot(&w, info, &reg)) {
		if (tag_state(w.ring) == TAG_ARMED)
			return wait_registered(&w, tag_read(w.ring), origin);
		if (tag_state(w.ring) == TAG_BY_INDEX)
			return wait_by_index_slowly(&w, tag_read(w.ring), origin);
	}
	return wait_by_argument(&w, TAG_QUIRK(info->quirks), &reg);
}

int reg_waits_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
		   int index, struct origin origin)
{
	struct wait w = {
		.kind = SUBMIT_AND_WAIT_TIMEOUT,
		.ring = ring,
		.cqe_ptr = cqe_ptr,
		.wait_nr = wait_nr,
	};
	struct ring_info info = { .why = REASON_UNSEEN };

	if (!(ring->features & IORING_FEAT_EXT_ARG))
		return -EINVAL;
	if (!ring_find(ring_by_struct(ring), &info))
		info.quirks = next_for(origin_caller(origin))->quirks;
	if (info.reg_waits && index >= 0 && (unsigned)index < info.nr_reg_waits)
		return wait_by_reg_wait(&w, &info, info.reg_waits[index], origin);
	/* A parent's wait area must not be taken for a region of the program's own. */
	if (info.why == REASON_UNSEEN && tag_fits(ring) && tag_read(ring) &&
	    !tag_reason(tag_read(ring)))
		info.why = REASON_NONE;
	/*
	 * There is no such reg_wait. An offset that is invalid lets the kernel say so, in its order
	 * of checks.
	 */
	if (info.reg_waits || !info.why)
		return wait_by(&w, TAG_QUIRK(info.quirks), 0, 1,
			       sizeof(struct io_uring_getevents_arg));
	return wait_by(&w, TAG_QUIRK(info.quirks), IORING_ENTER_EXT_ARG_REG,
		       (uintptr_t)((long)index * (long)sizeof(struct reg_wait)),
		       sizeof(struct reg_wait));
}
