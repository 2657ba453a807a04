/* SPDX-License-Identifier: MIT */
/*
 * How long after a wait began what it waits for comes, and the time.
 */
#ifndef SPIN_SOON_H
#define SPIN_SOON_H

#include <stdint.h>
#include <time.h>

#define SOON_US 100

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

#endif
