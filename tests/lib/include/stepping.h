/* SPDX-License-Identifier: MIT */
/*
 * Can a program be executed instruction by instruction? Where an atomic addition is a loop that ends
 * only if nothing came between its two ends, every step comes between them.
 */
#ifndef STEPPING_H
#define STEPPING_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/auxv.h>

#if defined(__aarch64__)
#include <asm/hwcap.h>
#endif

static inline bool can_step(void)
{
#if defined(__aarch64__)
	if (!(getauxval(AT_HWCAP) & HWCAP_ATOMICS)) {
		fputs("this processor's atomic additions cannot be executed step by step\n",
		      stderr);
		return false;
	}
#endif
	return true;
}

#endif
