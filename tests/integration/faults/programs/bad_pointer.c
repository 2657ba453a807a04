/* SPDX-License-Identifier: MIT */
/*
 * Addresses that only the kernel reads without a shim, so that a bad one is an error and does not
 * end the program: bad_pointer CASE.
 */
#include <sys/mman.h>

#include "program.h"

/* Memory that was unmapped, that may not be read, and that may not be written. */
static void *gone, *closed, *read_only;

static void *page(int prot)
{
	return mmap(NULL, 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void make(int (*init)(unsigned, void *))
{
	RING_CALL("NULL", init(8, NULL));
	RING_CALL("in the first page", init(8, (void *)64));
	RING_CALL("unmapped", init(8, gone));
	RING_CALL("not readable", init(8, closed));
	RING_CALL("not writable", init(8, read_only));
	RING_CALL("of the kernel", init(8, (void *)0xffff800000000000));
}

static int by_setup(unsigned entries, void *p)
{
	return io_uring_setup(entries, p);
}

static int by_params(unsigned entries, void *p)
{
	struct io_uring ring;

	return io_uring_queue_init_params(entries, &ring, p);
}

static void timeouts(void)
{
	void *const bad[] = { (void *)64, gone, closed, (void *)0xffff800000000000 };
	static const char *const names[] = {
		"in the first page",
		"unmapped",
		"not readable",
		"of the kernel",
	};
	struct io_uring ring;
	unsigned i;

	must_init(&ring, 8, 0);
	wait_round(&ring);
	for (i = 0; i < 4; i++) {
		WAIT_CALL(&ring, names[i], io_uring_wait_cqe_timeout(&ring, &cqe, bad[i]));
		put_nop(&ring, i);
		WAIT_CALL(&ring, "with an SQE",
			  io_uring_submit_and_wait_timeout(&ring, &cqe, 1, bad[i], NULL));
		put_nop(&ring, i);
		RING_CALL("submit", io_uring_submit(&ring));
		WAIT_CALL(&ring, "not needed", io_uring_wait_cqe_timeout(&ring, &cqe, bad[i]));
	}
	io_uring_queue_exit(&ring);
}

static void masks(void)
{
	void *const bad[] = { (void *)64, gone, closed };
	struct io_uring ring;
	unsigned i;

	must_init(&ring, 8, 0);
	wait_round(&ring);
	for (i = 0; i < 3; i++)
		WAIT_CALL(&ring, "a mask at a bad address",
			  io_uring_wait_cqes(&ring, &cqe, 1, AFTER_MS(3), bad[i]));
	io_uring_queue_exit(&ring);
}

int main(int argc, char **argv)
{
	const char *which = argc > 1 ? argv[1] : "";

	gone = page(PROT_READ | PROT_WRITE);
	munmap(gone, 4096);
	closed = page(PROT_NONE);
	read_only = page(PROT_READ);
	if (!strcmp(which, "setup"))
		make(by_setup);
	else if (!strcmp(which, "params"))
		make(by_params);
	else if (!strcmp(which, "timeouts"))
		timeouts();
	else if (!strcmp(which, "masks"))
		masks();
	else
		die("usage: bad_pointer setup|params|timeouts|masks", 0);
	return 0;
}
