/* SPDX-License-Identifier: MIT */
/* Changes and empties its environment before and after it uses io_uring. */
#include "program.h"

int main(void)
{
	struct io_uring ring;

	setenv("REGWAIT", "off", 1);
	setenv("REGWAIT_STATS", "/nowhere/at/all", 1);
	setenv("REGWAIT_NONSENSE", "1", 1);
	must_init(&ring, 8, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	clearenv();
	must_init(&ring, 8, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	return 0;
}
