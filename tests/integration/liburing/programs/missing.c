/* SPDX-License-Identifier: MIT */
/*
 * Looks for functions that its liburing may lack, as programs do that run with
 * several releases, and calls what it finds.
 */
#include <dlfcn.h>

#include "program.h"

typedef int min_wait(struct io_uring *, struct io_uring_cqe **, unsigned,
		     struct __kernel_timespec *, unsigned, sigset_t *);
typedef int reg_wait(struct io_uring *, struct io_uring_cqe **, unsigned, int);
typedef int one_ring(struct io_uring *);
typedef int with_params(struct io_uring *, void *);
typedef int init_mem(unsigned, struct io_uring *, struct io_uring_params *, void *, size_t);

static void *find(const char *name)
{
	void *function = dlsym(RTLD_DEFAULT, name);

	say("%s is %s", name, function ? "there" : "not there");
	return function;
}

static void call_all(struct io_uring *ring)
{
	void *f;

	f = find("io_uring_submit_and_wait_min_timeout");
	if (f) {
		put_nop(ring, 1);
		WAIT_CALL(ring, "call", ((min_wait *)f)(ring, &cqe, 1, AFTER_MS(1000), 1000, NULL));
		WAIT_CALL(ring, "call", ((min_wait *)f)(ring, &cqe, 1, AFTER_MS(5), 1000, NULL));
	}
	f = find("io_uring_wait_cqes_min_timeout");
	if (f)
		WAIT_CALL(ring, "call", ((min_wait *)f)(ring, &cqe, 1, AFTER_MS(5), 1000, NULL));
	f = find("io_uring_submit_and_wait_reg");
	if (f)
		WAIT_CALL(ring, "call", ((reg_wait *)f)(ring, &cqe, 1, 0));
	f = find("io_uring_enable_rings");
	if (f)
		RING_CALL("call", ((one_ring *)f)(ring));
	f = find("io_uring_close_ring_fd");
	if (f)
		RING_CALL("call", ((one_ring *)f)(ring));
	f = find("io_uring_resize_rings");
	if (f) {
		struct io_uring_params p = { .cq_entries = 64, .flags = IORING_SETUP_CQSIZE };

		RING_CALL("call", ((with_params *)f)(ring, &p));
	}
	f = find("io_uring_queue_init_mem");
	if (f) {
		static char memory[1 << 16] __attribute__((aligned(1 << 16)));
		struct io_uring_params p = { 0 };
		struct io_uring other;
		int ret = RING_CALL("call",
				    ((init_mem *)f)(4, &other, &p, memory, sizeof(memory)) < 0);

		if (!ret)
			io_uring_queue_exit(&other);
	}
	f = find("io_uring_register_region");
	if (f)
		RING_CALL("call", ((with_params *)f)(ring, NULL) < 0);
}

int main(void)
{
	struct io_uring ring;

	must_init(&ring, 8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
	call_all(&ring);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	return 0;
}
