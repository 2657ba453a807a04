/* SPDX-License-Identifier: MIT */
/*
 * A library that uses io_uring before main(), and before any preload's own
 * constructor.
 */
#include "program.h"

void early_call(void);

static __attribute__((constructor)) void early(void)
{
	struct io_uring ring;

	must_init(&ring, 8, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
}

void early_call(void)
{
	say("main");
}
