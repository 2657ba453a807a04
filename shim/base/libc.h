/* SPDX-License-Identifier: MIT */
/*
 * Which C library is this? A preload is inherited by all that a program starts, and musl's loader gives
 * us musl's functions by glibc's names; if one is missing, it ends the program. So the names that
 * only glibc has are weak references. Where they lead nowhere, nothing of ours is done (init.c).
 */
#ifndef REGWAIT_LIBC_H
#define REGWAIT_LIBC_H

#include <stdbool.h>
#include <string.h>
#include <sys/single_threaded.h>

#pragma weak __libc_single_threaded
#pragma weak strerrordesc_np

static inline bool libc_is_glibc(void)
{
	return &__libc_single_threaded;
}

#endif
