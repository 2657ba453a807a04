/* SPDX-License-Identifier: MIT */
/*
 * The wait area of the kinds that register their own, with the kernel's structures spelled out:
 * the worker is also built against liburing releases and kernel headers that do not know them.
 */
#ifndef REGWAIT_BENCH_REGION_H
#define REGWAIT_BENCH_REGION_H

#include <stddef.h>
#include <stdint.h>

#include <liburing.h>

#define ENTER_EXT_ARG_REG (1U << 6)

struct wait_slot {
	int64_t tv_sec;
	int64_t tv_nsec;
	uint32_t min_wait_usec;
	uint32_t flags;
	uint64_t sigmask;
	uint32_t sigmask_sz;
	uint32_t pad[3];
	uint64_t pad2[2];
};
_Static_assert(sizeof(struct wait_slot) == 64, "the kernel's io_uring_reg_wait has 64 bytes");

#define SLOT_HAS_TIMEOUT 1U

/* Slot nr of this process's area, with its timeout; NULL without memory. */
struct wait_slot *region_prepare(unsigned int nr, const struct __kernel_timespec *ts);

/* Registers the area with a ring that is still disabled; 0 or -errno. */
int region_register(int ring_fd);
int region_enable(int ring_fd);

#endif
