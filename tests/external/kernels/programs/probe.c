/* SPDX-License-Identifier: MIT */
/*
 * Asks the running kernel what registered waits rest on, by raw system calls: the oracle beside
 * which the shim's own finding is laid. That is why it takes neither a liburing nor the shim's
 * headers; a number that is wrong there must not confirm itself here. Linked statically, it is the
 * one test program that an initramfs without a C library can run.
 *
 * Prints "key value" lines; an answer is 0 or the name of the error. Exits 0 whatever the answers.
 */
#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* Linux 6.13's, which Debian 12's headers do not have. */
#define OP_MEM_REGION	      34
#define REGION_OF_USER_MEMORY 1
#define REGION_FOR_WAITS      1
#define ENTER_REGISTERED_WAIT (1U << 6)
#define SLOT_HAS_TIMEOUT      1

struct slot {
	int64_t sec, nsec;
	uint32_t min_wait_usec, flags;
	uint64_t sigmask;
	uint32_t sigmask_size, pad[3];
	uint64_t pad2[2];
};

struct region {
	uint64_t address, size;
	uint32_t flags, id;
	uint64_t mmap_offset, reserved[4];
};

struct region_request {
	uint64_t region, flags, reserved[2];
};

static void answer(const char *key, long ret)
{
	const char *name = ret < 0 ? strerrorname_np(errno) : NULL;

	if (ret >= 0)
		printf("%s %ld\n", key, ret);
	else if (name)
		printf("%s -%s\n", key, name);
	else
		printf("%s -%d\n", key, errno);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void registered_wait(int ring)
{
	size_t page = sysconf(_SC_PAGESIZE);
	struct slot *slots =
		mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct region region = {
		.address = (uintptr_t)slots,
		.size = page,
		.flags = REGION_OF_USER_MEMORY,
	};
	struct region_request request = { .region = (uintptr_t)&region, .flags = REGION_FOR_WAITS };
	unsigned int flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | ENTER_REGISTERED_WAIT;
	long begin;

	if (slots == MAP_FAILED) {
		answer("mmap", -1);
		return;
	}
	slots[0] = (struct slot){ .nsec = 10 * 1000 * 1000, .flags = SLOT_HAS_TIMEOUT };
	answer("region", syscall(__NR_io_uring_register, ring, OP_MEM_REGION, &request, 1));
	answer("enable",
	       syscall(__NR_io_uring_register, ring, IORING_REGISTER_ENABLE_RINGS, NULL, 0));
	begin = now_ms();
	answer("wait", syscall(__NR_io_uring_enter, ring, 0, 1, flags, 0, sizeof(struct slot)));
	printf("wait-ms %ld\n", now_ms() - begin);
}

int main(void)
{
	/* The kernel takes a region for waits only while the ring is disabled. */
	struct io_uring_params params = { .flags = IORING_SETUP_R_DISABLED };
	struct utsname system;
	int ring;

	uname(&system);
	printf("release %s\n", system.release);
	printf("page %ld\n", sysconf(_SC_PAGESIZE));
	ring = syscall(__NR_io_uring_setup, 8, &params);
	answer("setup", ring < 0 ? -1 : 0);
	if (ring < 0)
		return 0;
	printf("ext-arg %s\n", params.features & IORING_FEAT_EXT_ARG ? "yes" : "no");
	registered_wait(ring);
	close(ring);
	return 0;
}
