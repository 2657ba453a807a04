/* SPDX-License-Identifier: MIT */
/*
 * Two descriptor tables, one number: the main thread's ring has a region of its own, so that its
 * waits are plain; a thread with a table of its own (unshare(CLONE_FILES)) makes an ordinary
 * ring, which gets the same number. Then the main thread submits a read that does not end and
 * waits: same_number enter2|syscall
 */
#include <errno.h>
#include <liburing.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ENABLE_RINGS 12
#define MEM_REGION   34

struct region_desc {
	uint64_t user_addr, size;
	uint32_t flags, id;
	uint64_t mmap_offset, reserved[4];
};

struct region {
	uint64_t desc, flags, reserved[2];
};

static struct io_uring first, second;
static pthread_barrier_t turn;
static bool by_libc;

static int timed_enter(struct io_uring *r, unsigned submit)
{
	struct __kernel_timespec ts = { .tv_nsec = 30000000 };
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&ts };
	unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
	long ret;

	if (!by_libc)
		return io_uring_enter2(r->ring_fd, submit, 1, flags, (void *)&arg, sizeof(arg));
	ret = syscall(__NR_io_uring_enter, r->ring_fd, submit, 1, flags, &arg, sizeof(arg));
	return ret < 0 ? -errno : (int)submit;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

/* Submits a read of an empty pipe, and waits 30 ms for it. */
static void wait_in_vain(const char *whose, struct io_uring *r)
{
	static char buffer[8];
	unsigned tail = *r->sq.ktail & *r->sq.kring_mask;
	double start;
	int fds[2], ret;

	if (pipe(fds))
		exit(77);
	io_uring_prep_read(io_uring_get_sqe(r), fds[0], buffer, sizeof(buffer), 0);
	r->sq.sqe_head = r->sq.sqe_tail;
	if (r->sq.array)
		r->sq.array[tail] = tail;
	io_uring_smp_store_release(r->sq.ktail, r->sq.sqe_tail);
	start = now_ms();
	ret = timed_enter(r, 1);
	printf("%s: %d, %s\n", whose, ret, now_ms() - start < 29 ? "at once" : "in time");
	ret = timed_enter(r, 0);
	printf("%s: %d\n", whose, ret);
}

static void *thread(void *unused)
{
	if (unshare(CLONE_FILES))
		exit(77);
	close(first.ring_fd);
	if (io_uring_queue_init(8, &second, 0))
		exit(77);
	printf("the same number: %d\n", first.ring_fd == second.ring_fd);
	wait_in_vain("second", &second);
	pthread_barrier_wait(&turn);
	pthread_barrier_wait(&turn);
	wait_in_vain("second", &second);
	io_uring_queue_exit(&second);
	pthread_barrier_wait(&turn);
	return unused;
}

int main(int argc, char **argv)
{
	struct region_desc desc = { .size = 4096, .flags = 1 };
	struct region region = { .desc = (uintptr_t)&desc, .flags = 1 };
	pthread_t t;

	by_libc = argc > 1 && *argv[1] == 's';
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(100);
	desc.user_addr = (uintptr_t)mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (io_uring_queue_init(8, &first, IORING_SETUP_R_DISABLED))
		return 77;
	if (io_uring_register(first.ring_fd, MEM_REGION, &region, 1)) {
		fprintf(stderr, "no regions here\n");
		return 77;
	}
	if (io_uring_register(first.ring_fd, ENABLE_RINGS, NULL, 0))
		return 1;
	wait_in_vain("first", &first);
	pthread_barrier_init(&turn, NULL, 2);
	if (pthread_create(&t, NULL, thread, NULL))
		return 1;
	pthread_barrier_wait(&turn);
	wait_in_vain("first", &first);
	pthread_barrier_wait(&turn);
	pthread_barrier_wait(&turn);
	wait_in_vain("first", &first);
	return 0;
}
