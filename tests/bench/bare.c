/* SPDX-License-Identifier: MIT */
/* The bare system call in functions of their own, see bare.h. */
#include "bare.h"

__attribute__((noinline)) int bare_enter_called(int fd, unsigned int submit, unsigned int nr,
						unsigned int flags, unsigned long offset)
{
	return bare_enter(fd, submit, nr, flags, offset);
}

__attribute__((noinline)) int bare_enter_refilled(int fd, unsigned int submit, unsigned int nr,
						  unsigned int flags, unsigned long offset)
{
	int ret = bare_enter(fd, submit, nr, flags, offset);

	bare_refill();
	return ret;
}
