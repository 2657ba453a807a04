/* SPDX-License-Identifier: MIT */
/*
 * x86-64: system calls in line, an entry for syscall(), a refill of the return predictor.
 */
#ifndef REGWAIT_ARCH_X86_64_H
#define REGWAIT_ARCH_X86_64_H

#include <stdbool.h>
#include <stdint.h>

#define ARCH_HAS_SYSCALL_ENTRY 1
#define ARCH_HAS_RETURN_REFILL 1
#define ARCH_PAGE_MAX	       4096
#define ARCH_CALLER_IN_FRAME   1

static inline long kernel_call(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

/* A few calls that leave the return predictor something harmless (process/return.h). */
void return_refill(void) __attribute__((visibility("hidden")));

/* A second stack of return addresses, from which none may be dropped. */
static inline bool arch_has_shadow_stack(void)
{
	uint64_t shadow = 0;

	__asm__ volatile("rdsspq %0" : "+r"(shadow));
	return shadow;
}

#endif
