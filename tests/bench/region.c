/* SPDX-License-Identifier: MIT */
/* See region.h. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "region.h"

#define REGION_SIZE	      4096UL
#define REGISTER_ENABLE_RINGS 12
#define REGISTER_MEM_REGION   34
#define REGION_TYPE_USER      1U
#define REGION_WAIT_ARG	      1U

struct region_desc {
	uint64_t user_addr;
	uint64_t size;
	uint32_t flags;
	uint32_t id;
	uint64_t mmap_offset;
	uint64_t resv[4];
};

struct region_reg {
	uint64_t region;
	uint64_t flags;
	uint64_t resv[2];
};

static struct wait_slot *area;

static int make_area(void)
{
	void *mem;

	if (area)
		return 0;
	mem = mmap(NULL, REGION_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		return -errno;
	area = mem;
	return 0;
}

struct wait_slot *region_prepare(unsigned int nr, const struct __kernel_timespec *ts)
{
	struct wait_slot *slot;

	if (make_area())
		return NULL;
	slot = &area[nr];
	slot->tv_sec = ts->tv_sec;
	slot->tv_nsec = ts->tv_nsec;
	slot->flags = SLOT_HAS_TIMEOUT;
	return slot;
}

int region_register(int ring_fd)
{
	struct region_desc desc = {
		.size = REGION_SIZE,
		.flags = REGION_TYPE_USER,
	};
	struct region_reg reg = {
		.region = (uintptr_t)&desc,
		.flags = REGION_WAIT_ARG,
	};
	int ret = make_area();

	if (ret)
		return ret;
	desc.user_addr = (uintptr_t)area;
	if (syscall(__NR_io_uring_register, ring_fd, REGISTER_MEM_REGION, &reg, 1))
		return -errno;
	return 0;
}

int region_enable(int ring_fd)
{
	if (syscall(__NR_io_uring_register, ring_fd, REGISTER_ENABLE_RINGS, NULL, 0))
		return -errno;
	return 0;
}
