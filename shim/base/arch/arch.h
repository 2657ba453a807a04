/* SPDX-License-Identifier: MIT */
/*
 * Where processors differ. Only this header asks which processor it is compiled for; all other
 * files use what it defines:
 *
 * kernel_call()		a system call that leaves errno alone
 * ARCH_HAS_SYSCALL_ENTRY	syscall() is interposed (base/arch/syscall_entry.h)
 * ARCH_HAS_SITES		system call instructions can be patched (base/arch/site_entry.h)
 * ARCH_SITE_MACHINE	only then: what ELF files call this processor,
 * ARCH_SITE_REACH		and how far away from code we look for memory that a jump reaches
 * ARCH_SITE_ENTRY_CALLS	only then: site_entry() makes the calls that site_decide() has prepared
 * ARCH_PAGE_MAX		the largest memory page that a kernel for this processor may use
 * ARCH_READS_IN_ORDER		two reads of memory are made in their order
 * ARCH_CALLER_IN_FRAME	the return address lies directly below the end of the caller's frame
 * arch_caller()		the return address in a function that calls nothing before it jumps on:
 *			to be compared with known addresses, and nothing else
 * ARCH_CAN_LOOK		waits can look before they sleep (wait/look.c); only then there are:
 * ARCH_RED_ZONE		bytes below the stack pointer that a signal handler leaves alone
 * arch_store_below(), arch_load_below()	a word so many bytes below the stack pointer
 * ARCH_PAUSE()			an instruction for a loop that waits for memory to change
 * arch_is_simulated()		valgrind runs the program
 * ARCH_ALIGNS_STACK		an attribute of functions that call what libc has in C: a program may
 *				call us with a stack that is not aligned as libc wants it
 *
 * An architecture is a folder beside this file with an arch.h. Its assembly is in .S files: the
 * compiler does not see what assembly in a C file refers to, and with -flto it removes those
 * symbols. Each .S file is empty for all other processors, but for what notes.S puts at its end.
 */
#ifndef REGWAIT_ARCH_H
#define REGWAIT_ARCH_H

#if defined(__x86_64__) && defined(__LP64__)
#include "base/arch/x86_64/arch.h"
#elif defined(__aarch64__) && defined(__LP64__)
#include "base/arch/aarch64/arch.h"
#else
#include "base/arch/generic/arch.h"
#endif

#ifndef ARCH_SITE_ENTRY_CALLS
#define ARCH_SITE_ENTRY_CALLS 0
#endif

#ifndef ARCH_CAN_LOOK
#define ARCH_CAN_LOOK 0
#endif

#ifndef ARCH_ALIGNS_STACK
#define ARCH_ALIGNS_STACK
#endif

#endif
