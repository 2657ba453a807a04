/* SPDX-License-Identifier: MIT */
/*
 * A forked child registers a region of its own on a ring that it inherited, whatever lies on its
 * stack: own_region KIND, of which the ring is: plain, disabled, wait (the region holds wait
 * arguments).
 */
#include <errno.h>
#include <liburing.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEM_REGION 34

struct region_desc {
	uint64_t user_addr, size;
	uint32_t flags, id;
	uint64_t mmap_offset, reserved[4];
};

struct region {
	uint64_t desc, flags, reserved[2];
};

static struct io_uring ring;

/* What comes next finds this on the stack. */
static __attribute__((noinline)) void leave_behind(int byte)
{
	volatile unsigned char garbage[16384];
	unsigned i;

	for (i = 0; i < sizeof(garbage); i++)
		garbage[i] = byte;
}

static int ask(int by_libc, uint64_t flags)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct region_desc desc = { .user_addr = (uintptr_t)memory, .size = 4096, .flags = 1 };
	struct region region = { .desc = (uintptr_t)&desc, .flags = flags };
	long ret;

	if (!by_libc)
		return io_uring_register(ring.ring_fd, MEM_REGION, &region, 1);
	ret = syscall(__NR_io_uring_register, ring.ring_fd, MEM_REGION, &region, 1);
	return ret < 0 ? -errno : 0;
}

static int one(const char *kind, int by_libc, int byte)
{
	unsigned flags = *kind == 'p' ? 0 : IORING_SETUP_R_DISABLED;
	int status, ret, answer[2];
	pid_t child;

	if (io_uring_queue_init(4, &ring, flags) || pipe(answer))
		return 77;
	child = fork();
	if (!child) {
		leave_behind(byte);
		ret = ask(by_libc, *kind == 'w');
		_exit(write(answer[1], &ret, sizeof(ret)) != sizeof(ret));
	}
	if (waitpid(child, &status, 0) < 0 || read(answer[0], &ret, sizeof(ret)) != sizeof(ret))
		return 1;
	close(answer[0]);
	close(answer[1]);
	printf("%s, %s, %02x on the stack: %d\n", kind, by_libc ? "libc" : "liburing", byte, ret);
	io_uring_queue_exit(&ring);
	return 0;
}

int main(int argc, char **argv)
{
	static const int bytes[] = { 0, 1, 0x7f, 0x80, 0xff };
	unsigned i;
	int ret = argc == 2 ? 0 : 2;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; !ret && i < 2 * sizeof(bytes) / sizeof(*bytes); i++)
		ret = one(argv[1], i % 2, bytes[i / 2]);
	return ret;
}
