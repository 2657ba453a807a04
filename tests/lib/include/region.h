/* SPDX-License-Identifier: MIT */
/*
 * Memory regions and registered waits as the kernel defines them, for programs
 * that use them on their own account; the system's headers do not know them.
 */
#ifndef REGION_H
#define REGION_H

#include <stdint.h>
#include <sys/mman.h>

struct desc {
	uint64_t addr, size;
	uint32_t flags, id;
	uint64_t mmap_offset, resv[4];
};

struct region {
	uint64_t desc, flags, resv[2];
};

struct slot {
	struct __kernel_timespec ts;
	uint32_t min_wait_usec, flags;
	uint64_t sigmask;
	uint32_t sigmask_sz, pad[3];
	uint64_t pad2[2];
};

#define USER_MEMORY 1 /* in desc.flags */
#define WAIT_ARG    1 /* in region.flags */
#define SLOT_TS	    1 /* in slot.flags */

static inline void *page(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

#endif
