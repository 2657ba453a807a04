/* SPDX-License-Identifier: MIT */
/* A program whose library uses io_uring before it does. */
#include "program.h"

void early_call(void);

int main(void)
{
	struct io_uring ring;

	early_call();
	must_init(&ring, 8, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	return 0;
}
