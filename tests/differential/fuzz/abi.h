/* SPDX-License-Identifier: MIT */
/*
 * Kernel constants that the oldest liburing headers we build against lack, and the
 * release of liburing that the program is built with, as 203, 209 or 215.
 */
#ifndef FUZZ_ABI_H
#define FUZZ_ABI_H

#include <liburing.h>

#ifndef FUZZ_LU
#define FUZZ_LU 203
#endif

/* clang-format off */
enum {
	SETUP_IOPOLL		= 1 << 0,
	SETUP_SQPOLL		= 1 << 1,
	SETUP_CQSIZE		= 1 << 3,
	SETUP_CLAMP		= 1 << 4,
	SETUP_ATTACH_WQ		= 1 << 5,
	SETUP_R_DISABLED	= 1 << 6,
	SETUP_SUBMIT_ALL	= 1 << 7,
	SETUP_COOP_TASKRUN	= 1 << 8,
	SETUP_TASKRUN_FLAG	= 1 << 9,
	SETUP_SQE128		= 1 << 10,
	SETUP_CQE32		= 1 << 11,
	SETUP_SINGLE_ISSUER	= 1 << 12,
	SETUP_DEFER_TASKRUN	= 1 << 13,
	SETUP_NO_MMAP		= 1 << 14,
	SETUP_REGFD_ONLY	= 1 << 15,
	SETUP_NO_SQARRAY	= 1 << 16,
	SETUP_HYBRID_IOPOLL	= 1 << 17,
	SETUP_CQE_MIXED		= 1 << 18,
	SETUP_SQE_MIXED		= 1 << 19,
	SETUP_SQ_REWIND		= 1 << 20,

	ENTER_GETEVENTS		= 1 << 0,
	ENTER_SQ_WAKEUP		= 1 << 1,
	ENTER_EXT_ARG		= 1 << 3,
	ENTER_REGISTERED_RING	= 1 << 4,
	ENTER_ABS_TIMER		= 1 << 5,
	ENTER_EXT_ARG_REG	= 1 << 6,

	OP_MSG_RING		= 40,
	OP_BAD			= 250,
	MSG_FLAGS_PASS		= 1 << 1,
	NOP_INJECT_RESULT	= 1 << 0,

	REGISTER_MEM_REGION	= 34,
	REGION_TYPE_USER	= 1,
	REGION_WAIT_ARG		= 1,
	REG_WAIT_TS		= 1,
};
/* clang-format on */

/* Kernel layouts: the region call and a registered wait (6.13). */
struct abi_region_desc {
	__u64 user_addr, size;
	__u32 flags, id;
	__u64 mmap_offset, resv[4];
};

struct abi_region_reg {
	__u64 region_uptr, flags, resv[2];
};

struct abi_reg_wait {
	struct __kernel_timespec ts;
	__u32 min_wait_usec, flags;
	__u64 sigmask;
	__u32 sigmask_sz, pad[3];
	__u64 pad2[2];
};

/* The 24 bytes of IORING_ENTER_EXT_ARG, with the minimum wait of 6.12. */
struct abi_getevents_arg {
	__u64 sigmask;
	__u32 sigmask_sz, min_wait_usec;
	__u64 ts;
};

/* struct io_uring from 2.2 on: older headers know no names for these two bytes ranges. */
static inline int abi_enter_fd(const struct io_uring *u)
{
	return *(const int *)((const char *)u + 204);
}

static inline unsigned abi_int_flags(const struct io_uring *u)
{
	return *((const unsigned char *)u + 208);
}

/* REG_RING moved from bit 0 to bit 4 in 2.8. */
static inline bool abi_registered(const struct io_uring *u)
{
	return abi_int_flags(u) & 0x11;
}

#endif
