/* SPDX-License-Identifier: MIT */
/* A plugin that is linked with a liburing, or, where NONE is defined, with none. */
#ifndef NONE
int io_uring_queue_init(unsigned entries, void *ring, unsigned flags);

int caller_calls(void)
{
	static char ring[1024];
	int ret = io_uring_queue_init(8, ring, 0);

	/* No jump: the return address must be ours. */
	__asm__ volatile("" : "+r"(ret));
	return ret;
}
#endif

void caller_is_here(void)
{
}
