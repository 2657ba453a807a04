/* SPDX-License-Identifier: MIT */
/*
 * Tries registered waits by system calls of this command, and times them against plain waits.
 */
#include <errno.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "contract/region.h"
#include "common/statistics.h"
#include "probe.h"

#ifndef IORING_FEAT_NO_IOWAIT /* 6.15 */
#define IORING_FEAT_NO_IOWAIT (1U << 17)
#endif

#define BLOCK_WAITS 1000
#define BLOCK_POLLS 50

static int result(long ret)
{
	return ret < 0 ? -errno : ret;
}

static int enter(int fd, unsigned min_complete, unsigned flags, const void *arg, size_t size)
{
	return result(syscall(__NR_io_uring_enter, fd, 0, min_complete,
			      flags | IORING_ENTER_GETEVENTS, arg, size));
}

static int enter_registered(int fd, unsigned min_complete)
{
	/* The argument is an offset into the area: the first slot. */
	return enter(fd, min_complete, IORING_ENTER_EXT_ARG | IORING_ENTER_EXT_ARG_REG, NULL,
		     sizeof(struct reg_wait));
}

static int register_area(int fd, void *area, size_t size)
{
	struct region_desc desc = { .user_addr = (uintptr_t)area,
				    .size = size,
				    .flags = MEM_REGION_TYPE_USER };
	struct mem_region_reg reg = { .region_uptr = (uintptr_t)&desc,
				      .flags = MEM_REGION_REG_WAIT_ARG };

	return result(syscall(__NR_io_uring_register, fd, REGISTER_MEM_REGION, &reg, 1));
}

void probe_open(struct probe *p)
{
	struct io_uring_params params = { .flags = IORING_SETUP_R_DISABLED };
	size_t page = sysconf(_SC_PAGESIZE);
	struct reg_wait *slot;

	memset(p, 0, sizeof(*p));
	p->region = p->enable = p->wait = -ENOSYS;
	p->area = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	p->fd = result(syscall(__NR_io_uring_setup, 4, &params));
	p->ring = p->fd < 0 ? p->fd : 0;
	p->features = params.features;
	if (p->fd < 0 || p->area == MAP_FAILED)
		return;
	p->region = register_area(p->fd, p->area, page);
	if (!p->region)
		p->enable = result(syscall(__NR_io_uring_register, p->fd,
					   IORING_REGISTER_ENABLE_RINGS, NULL, 0));
	if (p->enable)
		return;
	slot = p->area;
	slot->ts.tv_nsec = 1000000;
	slot->flags = REG_WAIT_TS;
	/* Stopped and continued, it would seem to be refused. */
	do
		p->wait = enter_registered(p->fd, 1);
	while (p->wait == -EINTR);
}

void probe_close(struct probe *p)
{
	if (p->fd >= 0)
		close(p->fd);
	if (p->area != MAP_FAILED)
		munmap(p->area, sysconf(_SC_PAGESIZE));
}

int probe_works(const struct probe *p)
{
	return !p->ring && !p->region && !p->enable && p->wait == -ETIME;
}

int probe_no_iowait(const struct probe *p)
{
	return !p->ring && p->features & IORING_FEAT_NO_IOWAIT;
}

/* A wait for no completion still reads its argument, and that is what is measured. */
static void wait_plain(int fd, unsigned min_complete, long ns)
{
	struct __kernel_timespec ts = { .tv_nsec = ns };
	struct io_uring_getevents_arg arg = { .sigmask_sz = 8, .ts = (uintptr_t)&ts };

	enter(fd, min_complete, IORING_ENTER_EXT_ARG, &arg, sizeof(arg));
}

static double block_plain(void *arg)
{
	const int fd = *(const int *)arg;
	double start = cpu_seconds_now();
	int i;

	for (i = 0; i < BLOCK_WAITS; i++)
		wait_plain(fd, 0, 1000000);
	return 1e9 * (cpu_seconds_now() - start) / BLOCK_WAITS;
}

static double block_registered(void *arg)
{
	const int fd = *(const int *)arg;
	double start = cpu_seconds_now();
	int i;

	for (i = 0; i < BLOCK_WAITS; i++)
		enter_registered(fd, 0);
	return 1e9 * (cpu_seconds_now() - start) / BLOCK_WAITS;
}

static double block_timer(void *arg)
{
	const int fd = *(const int *)arg;
	double start = seconds_now();
	int i;

	for (i = 0; i < BLOCK_POLLS; i++)
		wait_plain(fd, 1, 0);
	return 1e9 * (seconds_now() - start) / BLOCK_POLLS;
}

static double block_poll(void *arg)
{
	const int fd = *(const int *)arg;
	double start = seconds_now();
	int i;

	for (i = 0; i < BLOCK_POLLS; i++)
		enter(fd, 0, 0, NULL, 0);
	return 1e9 * (seconds_now() - start) / BLOCK_POLLS;
}

static struct saving measure(int fd, saving_block *expensive, saving_block *cheap)
{
	struct saving s = { 0 };

	saving_measure(expensive, cheap, &fd, &s);
	return s;
}

struct saving probe_saving(const struct probe *p)
{
	return measure(p->fd, block_plain, block_registered);
}

struct saving probe_poll_saving(const struct probe *p)
{
	return measure(p->fd, block_timer, block_poll);
}
