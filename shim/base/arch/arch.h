/* SPDX-License-Identifier: MIT */
/*
 * Where processors differ. This is the one place that asks which one it is; everybody else asks
 * for what it has:
 *
 * kernel_call()		a system call that leaves errno alone
 * ARCH_HAS_SYSCALL_ENTRY	syscall() is interposed (base/arch/syscall_entry.h)
 * ARCH_PAGE_MAX		the largest page of memory that a kernel for it may have
 * ARCH_CALLER_IN_FRAME	the return address lies right below the frame of the caller
 *
 * An architecture is a folder beside this file, with an arch.h, and its assembly in files of
 * their own: in C files, the compiler does not see what assembly refers to, and with -flto it
 * takes it away. Each assembly file is empty on all other processors.
 */
#ifndef REGWAIT_ARCH_H
#define REGWAIT_ARCH_H

#if defined(__x86_64__) && defined(__LP64__)
#include "base/arch/x86_64/arch.h"
#else
#include "base/arch/generic/arch.h"
#endif

#endif
