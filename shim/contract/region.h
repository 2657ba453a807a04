/* SPDX-License-Identifier: MIT */
/*
 * Memory regions and registered waits, as the kernel has laid them out since 6.13. Debian 12's
 * headers (Linux 6.1) lack them.
 */
#ifndef REGWAIT_CONTRACT_REGION_H
#define REGWAIT_CONTRACT_REGION_H

#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <stdint.h>

#ifndef IORING_ENTER_EXT_ARG_REG /* 6.13 */
#define IORING_ENTER_EXT_ARG_REG (1U << 6)
#endif

#define REGISTER_MEM_REGION	34 /* io_uring_register(2), 6.13 */
#define MEM_REGION_TYPE_USER	1U
#define MEM_REGION_REG_WAIT_ARG 1U
#define REG_WAIT_TS		1U

/* One slot. With flags 0 the kernel finds no timeout in it, and the wait has no end. */
struct reg_wait {
	struct __kernel_timespec ts;
	uint32_t min_wait_usec;
	uint32_t flags;
	uint64_t sigmask; /* address of the mask; read when the wait begins */
	uint32_t sigmask_sz;
	uint32_t pad[3];
	uint64_t pad2[2];
};
_Static_assert(sizeof(struct reg_wait) == 64, "the kernel's slot is 64 bytes");

struct region_desc {
	uint64_t user_addr;
	uint64_t size;
	uint32_t flags;
	uint32_t id;
	uint64_t mmap_offset;
	uint64_t resv[4];
};
_Static_assert(sizeof(struct region_desc) == 64, "struct io_uring_region_desc");

struct mem_region_reg {
	uint64_t region_uptr;
	uint64_t flags;
	uint64_t resv[2];
};
_Static_assert(sizeof(struct mem_region_reg) == 32, "struct io_uring_mem_region_reg");

#endif
