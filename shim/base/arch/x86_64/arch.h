/* SPDX-License-Identifier: MIT */
/*
 * x86-64: inline system calls, and an entry point for syscall().
 */
#ifndef REGWAIT_ARCH_X86_64_H
#define REGWAIT_ARCH_X86_64_H

#define ARCH_HAS_SYSCALL_ENTRY 1
#define ARCH_HAS_SITES	       1
#define ARCH_SITE_MACHINE      EM_X86_64
#define ARCH_SITE_REACH	       (1UL << 30) /* of 2 GiB */
#define ARCH_SITE_ENTRY_CALLS  1
#define ARCH_PAGE_MAX	       4096
#define ARCH_READS_IN_ORDER    1
#define ARCH_CALLER_IN_FRAME   1
#define arch_caller()	       __builtin_return_address(0)
#define ARCH_CAN_LOOK	       1
#define ARCH_RED_ZONE	       128
#define ARCH_PAUSE()	       __builtin_ia32_pause()

static inline __attribute__((always_inline)) void arch_store_below(long by, unsigned long word)
{
	__asm__ volatile("movq %1, (%%rsp,%0)" : : "r"(-by), "r"(word) : "memory");
}

static inline __attribute__((always_inline)) unsigned long arch_load_below(long by)
{
	unsigned long word;

	__asm__ volatile("movq (%%rsp,%1), %0" : "=r"(word) : "r"(-by) : "memory");
	return word;
}

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

#endif
