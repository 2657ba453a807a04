/* SPDX-License-Identifier: MIT */
/*
 * A ring that polls the network device for 50 us before it sleeps (IORING_REGISTER_NAPI, 6.9+,
 * two ids tracked by hand, 6.13+): does a wait with a timeout of zero poll? napi HOW
 * REGISTERED-BY
 *
 * HOW: wait, submit, enter2, syscall. REGISTERED-BY: liburing, syscall, later (after a first wait)
 */
#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "wait_as.h"

#define REGISTER_NAPI 27
#define POLL_US	      50
#define WAITS	      100

struct napi {
	unsigned timeout;
	unsigned char prefer_busy_poll, opcode, pad[2];
	unsigned parameter, reserved;
};

static struct io_uring ring;
static const char *how, *by;

static int timed_wait(void)
{
	return wait_as(how, &ring, (struct __kernel_timespec){ 0 });
}

/* The kernel writes into the structure what held before. */
static int ask(struct napi n)
{
	if (*by == 's')
		return syscall(__NR_io_uring_register, ring.ring_fd, REGISTER_NAPI, &n, 1);
	return io_uring_register(ring.ring_fd, REGISTER_NAPI, &n, 1);
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec * 1e-3;
}

int main(int argc, char **argv)
{
	struct napi on = { .timeout = POLL_US, .parameter = 1 };
	struct napi add = { .opcode = 1 };
	int i, ret = 0, polled = 0;

	if (argc != 3 || io_uring_queue_init(8, &ring, 0))
		return 77;
	how = argv[1];
	by = argv[2];
	if (*by == 'l' && by[1] == 'a')
		ret = timed_wait();
	for (i = 0; i < 3; i++) {
		add.parameter = 8200 + i;
		if (ask(i ? add : on)) {
			fprintf(stderr, "this kernel does not poll devices so\n");
			return 77;
		}
	}
	/* Most of the waits decide: when the processor is taken away, some are long that only look. */
	for (i = 0; i < WAITS; i++) {
		double start = now_us();

		ret = timed_wait();
		polled += now_us() - start > POLL_US / 2;
	}
	printf("%d, %s\n", ret, polled > WAITS / 2 ? "polls" : "looks only");
	return 0;
}
