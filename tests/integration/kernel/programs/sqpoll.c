/* SPDX-License-Identifier: MIT */
/*
 * Waits on a ring with SQPOLL: sqpoll init|params FLAGS. Its thread submits at any time, so each
 * step is one whose result does not depend on that.
 */
#include "program.h"

int main(int argc, char **argv)
{
	struct io_uring_params p = { 0 };
	struct io_uring ring;
	int ret;

	if (argc < 3)
		die("usage: sqpoll init|params FLAGS", 0);
	p.flags = strtoul(argv[2], NULL, 0);
	p.sq_thread_idle = 50;
	if (!strcmp(argv[1], "params"))
		ret = io_uring_queue_init_params(8, &ring, &p);
	else
		ret = io_uring_queue_init(8, &ring, p.flags);
	show_ret("make", ret);
	if (ret < 0)
		return 1;
	say("flags %#x", ring.flags);
	WAIT_CALL(&ring, "wait for nothing", io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(5)));
	put_nop(&ring, 1);
	RING_CALL("submit", io_uring_submit(&ring) != 1);
	WAIT_CALL(&ring, "wait", io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(60000)));
	put_nop(&ring, 2);
	WAIT_CALL(&ring, "submit and wait",
		  io_uring_submit_and_wait_timeout(&ring, &cqe, 1, AFTER_MS(60000), NULL) < 0);
	usleep(120000); /* the thread sleeps by now */
	put_nop(&ring, 3);
	WAIT_CALL(&ring, "submit and wake",
		  io_uring_submit_and_wait_timeout(&ring, &cqe, 1, AFTER_MS(60000), NULL) < 0);
	WAIT_CALL(&ring, "wait for nothing", io_uring_wait_cqes(&ring, &cqe, 2, AFTER_MS(5), NULL));
	io_uring_queue_exit(&ring);
	return 0;
}
