/* SPDX-License-Identifier: MIT */
/*
 * x86-64: inline system calls, and an entry point for syscall().
 */
#ifndef REGWAIT_ARCH_X86_64_H
#define REGWAIT_ARCH_X86_64_H

#include <stdbool.h>

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
#define ARCH_ALIGNS_STACK      __attribute__((noinline, force_align_arg_pointer))

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

/*
 * Asks valgrind whether it is there (RUNNING_ON_VALGRIND), as its manual says. For a processor it is to
 * rotate a register once around, twice, and to exchange one with itself.
 */
static inline bool arch_is_simulated(void)
{
	const unsigned long question[6] = { 0x1001 };
	unsigned long answer = 0;

	__asm__ volatile("rolq $3, %%rdi\n\t"
			 "rolq $13, %%rdi\n\t"
			 "rolq $61, %%rdi\n\t"
			 "rolq $51, %%rdi\n\t"
			 "xchgq %%rbx, %%rbx"
			 : "+d"(answer)
			 : "a"(question)
			 : "cc", "memory");
	return answer;
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
