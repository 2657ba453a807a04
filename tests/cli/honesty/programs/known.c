/* SPDX-License-Identifier: MIT */
/*
 * A program whose two variants differ by what is known: known WAITS WORK EXTRA VARIANT
 *
 * Submits a NOP, waits for it and works for so many steps, WAITS times; where the
 * environment says REGWAIT=VARIANT (on or off), for EXTRA steps more. A step is always the same
 * work, so the machine's moods are in its time as they are in any program's.
 *
 * known --speed prints how many steps a millisecond has.
 */
#include <liburing.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void work(unsigned long steps)
{
	uint64_t x = 3;

	while (steps--) {
		x *= x;
		__asm__ volatile("" : "+r"(x));
	}
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* The fastest of many: how fast this machine is when it is left alone. */
static int tell_speed(void)
{
	double best = 1e9;
	int i;

	for (i = 0; i < 50; i++) {
		double start = cpu_ms(), took;

		work(1000000);
		took = cpu_ms() - start;
		best = took < best ? took : best;
	}
	printf("%.0f\n", 1000000 / best);
	return 0;
}

static int wait_once(struct io_uring *ring)
{
	struct __kernel_timespec second = { .tv_sec = 1 };
	struct io_uring_cqe *cqe;
	int ret;

	io_uring_prep_nop(io_uring_get_sqe(ring));
	ret = io_uring_submit_and_wait_timeout(ring, &cqe, 1, &second, NULL);
	if (ret >= 0)
		io_uring_cqe_seen(ring, cqe);
	return ret;
}

int main(int argc, char **argv)
{
	const char *mode = getenv("REGWAIT");
	unsigned long waits, steps, i;
	struct io_uring ring;

	if (argc == 2 && !strcmp(argv[1], "--speed"))
		return tell_speed();
	if (argc != 5) {
		fprintf(stderr, "usage: known WAITS WORK EXTRA VARIANT, or known --speed\n");
		return 2;
	}
	waits = strtoul(argv[1], NULL, 10);
	steps = strtoul(argv[2], NULL, 10);
	if (mode && !strcmp(mode, argv[4]))
		steps += strtoul(argv[3], NULL, 10);
	if (io_uring_queue_init(8, &ring, 0)) {
		fprintf(stderr, "known: no ring\n");
		return 77;
	}
	for (i = 0; i < waits; i++) {
		if (wait_once(&ring) < 0) {
			fprintf(stderr, "known: a wait failed\n");
			return 1;
		}
		work(steps);
	}
	io_uring_queue_exit(&ring);
	return 0;
}
