/* SPDX-License-Identifier: MIT */
/*
 * How many bytes of stack a function takes at most, its first call: stack_depth FUNCTION
 * To be run with LD_BIND_NOW=1: the dynamic linker's own frames are none of the function's.
 */
#include <liburing.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define SIZE  65536
#define PAINT 0xa5

static unsigned char stack[SIZE] __attribute__((aligned(64)));
static struct io_uring ring, other;
static const char *what;
static ucontext_t here, there;

static void timed_enter(bool libc)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&ts };
	unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;

	if (libc)
		syscall(__NR_io_uring_enter, ring.ring_fd, 0, 1, flags, &arg, sizeof(arg));
	else
		io_uring_enter2(ring.ring_fd, 0, 1, flags, (void *)&arg, sizeof(arg));
}

static void act(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_params p = { 0 };
	struct io_uring_cqe *cqe;

	if (!strcmp(what, "init"))
		io_uring_queue_init(4, &other, 0);
	else if (!strcmp(what, "setup"))
		io_uring_setup(4, &p);
	else if (!strcmp(what, "setup-libc"))
		syscall(__NR_io_uring_setup, 4, &p);
	else if (!strcmp(what, "wait"))
		io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	else if (!strcmp(what, "submit"))
		io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &ts, NULL);
	else if (!strcmp(what, "untimed"))
		io_uring_wait_cqes(&ring, &cqe, 0, NULL, NULL);
	else if (!strcmp(what, "enter2"))
		timed_enter(false);
	else if (!strcmp(what, "enter-libc"))
		timed_enter(true);
	else if (!strcmp(what, "exit"))
		io_uring_queue_exit(&ring);
	else if (!strcmp(what, "close"))
		close(ring.ring_fd);
	else if (!strcmp(what, "index"))
		io_uring_register_ring_fd(&ring);
}

int main(int argc, char **argv)
{
	static unsigned i;

	if (argc != 2)
		return 2;
	what = argv[1];
	/* init alone may be the first of the program. */
	if (strcmp(what, "init") && io_uring_queue_init(4, &ring, 0))
		return 77;
	memset(stack, PAINT, sizeof(stack));
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, act, 0);
	swapcontext(&here, &there);
	while (i < SIZE && stack[i] == PAINT)
		i++;
	printf("%u\n", SIZE - i);
	return 0;
}
