/* SPDX-License-Identifier: MIT */
/*
 * An entry is copied when its wait begins: into the thread's slot where the ring is
 * armed, else into an ordinary argument. So the last entry of a page works too, which
 * the kernel's own lookup gets wrong since 6.13.2.
 */
#include <sys/mman.h>

#include "wait/by_index.h"
#include "wait/reg_wait.h"
#include "wait/engine.h"

/* One page, as the manual says. */
static unsigned entries_max(void)
{
	return sysconf(_SC_PAGESIZE) / sizeof(struct reg_wait);
}

int entries_register(struct io_uring *ring, const struct next *next,
		     const struct reg_wait *entries, int nr)
{
	if (nr <= 0 || (unsigned)nr > entries_max() ||
	    (uintptr_t)entries % sysconf(_SC_PAGESIZE))
		return -EINVAL;
	if (!is_readable(entries))
		return -EFAULT;
	return ring_set_entries(ring, next, entries, nr);
}

struct reg_wait *entries_setup(struct io_uring *ring, const struct next *next, unsigned nr,
			       int *err)
{
	int saved = errno;
	struct reg_wait *entries;

	*err = -EINVAL;
	if (!nr || nr > entries_max())
		return NULL;
	entries = mmap(NULL, nr * sizeof(*entries), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*err = entries == MAP_FAILED ? -errno : entries_register(ring, next, entries, nr);
	if (*err && entries != MAP_FAILED)
		entries_free(entries, nr);
	errno = saved;
	return *err ? NULL : entries;
}

void entries_free(struct reg_wait *entries, unsigned nr)
{
	int saved = errno;

	if (entries)
		munmap(entries, nr * sizeof(*entries));
	errno = saved;
}

/* By an argument of ours, or by the offset into a region of the program's own. */
static int wait_by(const struct wait *w, uint64_t quirks, unsigned flags, uintptr_t arg,
		   size_t size)
{
	const struct plain_argument plain = { IORING_ENTER_EXT_ARG | flags, arg, size };
	struct regwait_wait_counts unused = { 0 };

	return wait_once(w, quirks, &plain, NULL, &unused, NULL);
}

static int wait_by_argument(const struct wait *w, uint64_t quirks, const struct reg_wait *entry)
{
	struct getevents_arg arg = {
		.sigmask = entry->sigmask,
		.sigmask_sz = entry->sigmask_sz,
		.ts = entry->flags & REG_WAIT_TS ? (uintptr_t)&entry->ts : 0,
	};

	/* Where the feature is missing the kernel wants a zero there. */
	if (w->ring->features & IORING_FEAT_MIN_TIMEOUT)
		arg.min_wait_usec = entry->min_wait_usec;
	return wait_by(w, quirks, 0, (uintptr_t)&arg, sizeof(arg));
}

/* The entry's wait, registered with the kernel where that can be. */
static int wait_by_entry(struct wait *w, const struct ring_info *info, struct reg_wait entry)
{
	struct process *p = process_peek();
	uint64_t tag;

	if (entry.flags & ~REG_WAIT_TS)
		return -EINVAL;
	if (!info->why && tag_reason(tag_read(w->ring)) == REASON_DISABLED)
		ring_now_enabled(w->ring);
	w->ts = &entry.ts;
	me.ts_page = (uintptr_t)w->ts >> TS_PAGE_SHIFT;
	w->min_wait = entry.min_wait_usec;
	w->sigmask = (sigset_t *)(uintptr_t)entry.sigmask;
	if (!info->why && entry.flags & REG_WAIT_TS &&
	    (!entry.sigmask || entry.sigmask_sz == KERNEL_SIGSET_SIZE) &&
	    (!entry.min_wait_usec || w->ring->features & IORING_FEAT_MIN_TIMEOUT) &&
	    p && mode_is_on() && slot_take(p)) {
		tag = tag_read(w->ring);
		if (tag_state(w->ring) == TAG_ARMED && can_register(w))
			return wait_registered(w, tag, wait_frame());
		if (tag_state(w->ring) == TAG_ASIDE && can_register(w))
			return wait_aside(w, tag, wait_frame());
	}
	return wait_by_argument(w, TAG_QUIRK(info->next->quirks), &entry);
}

int entries_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
		 int index, const void *caller)
{
	struct wait w = {
		.kind = SUBMIT_AND_WAIT_TIMEOUT,
		.ring = ring, .cqe_ptr = cqe_ptr, .wait_nr = wait_nr,
	};
	struct ring_info info = { .why = REASON_UNSEEN };

	if (!(ring->features & IORING_FEAT_EXT_ARG))
		return -EINVAL;
	if (!ring_find(ring, &info))
		info.next = next_for(caller);
	if (info.entries && index >= 0 && (unsigned)index < info.nr_entries)
		return wait_by_entry(&w, &info, info.entries[index]);
	/* A parent's wait area must not be taken for a region of the program's own. */
	if (info.why == REASON_UNSEEN && tag_fits(ring) && tag_read(ring) &&
	    !tag_reason(tag_read(ring)))
		info.why = REASON_NONE;
	/* No such entry; the kernel says so, by its rules of what wins over what. */
	if (info.entries || !info.why)
		return wait_by(&w, TAG_QUIRK(info.next->quirks), 0, 1,
			       sizeof(struct io_uring_getevents_arg));
	return wait_by(&w, TAG_QUIRK(info.next->quirks), IORING_ENTER_EXT_ARG_REG,
		       (uintptr_t)((long)index * (long)sizeof(struct reg_wait)),
		       sizeof(struct reg_wait));
}
