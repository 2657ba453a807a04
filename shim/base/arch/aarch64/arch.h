/* SPDX-License-Identifier: MIT */
/*
 * aarch64: inline system calls, and an entry point for syscall().
 */
#ifndef REGWAIT_ARCH_AARCH64_H
#define REGWAIT_ARCH_AARCH64_H

#define ARCH_HAS_SYSCALL_ENTRY 1
#define ARCH_HAS_SITES	       1
#define ARCH_SITE_MACHINE      EM_AARCH64
#define ARCH_SITE_REACH	       (120UL << 20) /* of 128 MiB */
#define ARCH_PAGE_MAX	       65536
#define ARCH_READS_IN_ORDER    0
#define ARCH_CALLER_IN_FRAME   0 /* it is in x30, perhaps signed */

/*
 * The compiler's own question for it costs a frame, since the address may be signed. Here that does no
 * harm: if a frame was made after all, x30 holds the signed address or one of ours, which is none of
 * those that are known, and what compares them goes on to functions that ask the compiler.
 */
static inline __attribute__((always_inline)) const void *arch_caller(void)
{
	const void *caller;

	__asm__("mov	%0, x30" : "=r"(caller));
	return caller;
}

/* The kernel changes x0, and no other register or flag. */
static inline long kernel_call(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc	#0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

#endif
