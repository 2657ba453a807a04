/* SPDX-License-Identifier: MIT */
/*
 * Waits by a system call instruction of its own that a signal handler leaves by siglongjmp(). Each is
 * followed by a wait from the same place that goes another way: with a mask, for no time, or the same.
 */
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "inline_call.h"
#include "program.h"

#define WAYS 3

static struct io_uring ring;
static sigjmp_buf place;

static void leave(int sig)
{
	siglongjmp(place, sig);
}

static __attribute__((noinline)) long wait_for(long nsec, const uint64_t *mask)
{
	static struct __kernel_timespec ts;
	static struct {
		uint64_t mask;
		uint32_t mask_size, min_wait;
		uint64_t ts;
	} argument = { .mask_size = 8 };

	ts.tv_sec = nsec / 1000000000;
	ts.tv_nsec = nsec % 1000000000;
	argument.ts = (uintptr_t)&ts;
	argument.mask = (uintptr_t)mask;
	return inline_call(SYS_io_uring_enter, ring.ring_fd, 0, 1,
			   IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, (long)&argument,
			   sizeof(argument));
}

int main(void)
{
	struct itimerval soon = { { 0, 20000 }, { 0, 20000 } }, never = { { 0, 0 }, { 0, 0 } };
	const uint64_t no_signals = 0;
	volatile int i;

	must_init(&ring, 8, 0);
	signal(SIGALRM, leave);
	printf("wait: %ld\n", wait_for(1000, NULL));
	for (i = 0; i < 4 * WAYS; i++) {
		if (!sigsetjmp(place, 1)) {
			setitimer(ITIMER_REAL, &soon, NULL);
			printf("not left: %ld\n", wait_for(60000000000, NULL));
		}
		setitimer(ITIMER_REAL, &never, NULL);
		printf("wait: %ld\n",
		       wait_for(i % WAYS == 1 ? 0 : 1000, i % WAYS ? NULL : &no_signals));
	}
	return 0;
}
