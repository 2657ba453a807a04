/* SPDX-License-Identifier: MIT */
/*
 * Every kind of ring and wait between two system calls that stand out in a
 * trace, for tests that compare traces.
 */
#include "program.h"

static void mark(void)
{
	syscall(SYS_getpgid, 424242);
}

int main(void)
{
	struct io_uring_params p = { 0 };
	struct io_uring ring;
	int fd;

	/* The heap and standard output are there already, whoever uses them first. */
	say("begin");
	free(malloc(1));
	mark();
	must_init(&ring, 8, 0);
	wait_round(&ring);
	RING_CALL("register the descriptor", io_uring_register_ring_fd(&ring));
	wait_round(&ring);
	io_uring_queue_exit(&ring);

	must_init(&ring, 8, IORING_SETUP_R_DISABLED);
	RING_CALL("enable", io_uring_register(ring.ring_fd, OP_ENABLE_RINGS, NULL, 0));
	wait_round(&ring);
	io_uring_queue_exit(&ring);

	fd = RING_CALL("setup", io_uring_setup(8, &p));
	RING_CALL("map", io_uring_queue_mmap(fd, &p, &ring));
	ring.features = p.features;
	ring.flags = p.flags;
	ring.ring_fd = ring.enter_ring_fd = fd;
	wait_round(&ring);
	RING_CALL("enter", io_uring_enter(fd, 0, 0, 0, NULL));
	io_uring_queue_exit(&ring);
	mark();
	return 0;
}
