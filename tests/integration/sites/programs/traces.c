/* SPDX-License-Identifier: MIT */
/*
 * Waits by an instruction of its own, and looks from a signal handler whose functions are waiting:
 * those that are found by unwinding are the same, whoever makes the call.
 */
#include <execinfo.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "inline_call.h"

#define IN_SECTION(name) __attribute__((noinline, section(#name)))

extern const char __start_waits_code[], __stop_waits_code[];
extern const char __start_calls_code[], __stop_calls_code[];

static int in_waits, in_calls;
static int ring;

static int is_within(const void *address, const char *start, const char *stop)
{
	return (const char *)address >= start && (const char *)address < stop;
}

static void handler(int sig)
{
	void *found[64];
	int nr = backtrace(found, 64), i;

	(void)sig;
	for (i = 0; i < nr; i++) {
		in_waits += is_within(found[i], __start_waits_code, __stop_waits_code);
		in_calls += is_within(found[i], __start_calls_code, __stop_calls_code);
	}
}

struct argument {
	uint64_t mask;
	uint32_t mask_size, min_wait;
	uint64_t ts;
};

/* It calls nothing, so its return address may be in a register only. */
IN_SECTION(waits_code) static long waits(int fd, unsigned flags, const struct argument *arg)
{
	return inline_call(SYS_io_uring_enter, fd, 0, 1, flags, (long)arg, sizeof(*arg));
}

IN_SECTION(calls_code) static long calls(long seconds)
{
	struct __kernel_timespec ts = { .tv_sec = seconds, .tv_nsec = 1000000 };
	struct argument arg = { .mask_size = 8, .ts = (uintptr_t)&ts };
	long ret = waits(ring, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg);

	return ret + (ts.tv_sec != seconds);
}

int main(void)
{
	const struct itimerval soon = { .it_value.tv_usec = 50000 };
	struct io_uring_params p = { 0 };
	void *one[1];

	ring = syscall(SYS_io_uring_setup, 4, &p);
	if (ring < 0) {
		fprintf(stderr, "no ring\n");
		return 77;
	}
	backtrace(one, 1); /* it loads a library */
	printf("not interrupted: %ld\n", calls(0));
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &soon, NULL);
	printf("interrupted: %ld\n", calls(300));
	printf("found: %d, and who calls it: %d\n", in_waits, in_calls);
	return in_waits != 1 || in_calls != 1;
}
