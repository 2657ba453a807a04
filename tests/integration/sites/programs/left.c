/* SPDX-License-Identifier: MIT */
/*
 * Waits by a system call instruction of its own: left [within|masked|sandbox]
 *
 * A signal handler leaves them by siglongjmp(). Each is followed by a wait from the same place that goes
 * another way: with a mask, for no time, or the same.
 * within: the handler waits instead, by the same instruction and with the same argument.
 * masked: the signal comes while the wait's mask keeps it off.
 * sandbox: waits, sets a seccomp filter, and waits again.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/prctl.h>
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

static const struct itimerval soon = { { 0, 20000 }, { 0, 20000 } }, never;

static void wait_too(int sig)
{
	(void)sig;
	if (wait_for(1000, NULL) != -ETIME)
		_exit(3);
}

static void within(void)
{
	signal(SIGALRM, wait_too);
	setitimer(ITIMER_REAL, &soon, NULL);
	printf("interrupted: %ld\n", wait_for(60000000000, NULL));
}

static void masked(void)
{
	const uint64_t alarms = 1ULL << (SIGALRM - 1);

	signal(SIGALRM, wait_too);
	setitimer(ITIMER_REAL, &soon, NULL);
	printf("not interrupted: %ld\n", wait_for(100000000, &alarms));
}

static void in_sandbox(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog filter = { 1, &allow };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &filter))
		exit(77);
	printf("wait: %ld\n", wait_for(1000, NULL));
}

int main(int argc, char **argv)
{
	const uint64_t no_signals = 0;
	volatile int i;

	must_init(&ring, 8, 0);
	signal(SIGALRM, leave);
	printf("wait: %ld\n", wait_for(1000, NULL));
	if (argc > 1) {
		*argv[1] == 'w' ? within() : *argv[1] == 'm' ? masked() : in_sandbox();
		return 0;
	}
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
