/* SPDX-License-Identifier: MIT */
/*
 * libc's syscall(), interposed by an entry point in assembly, and what symbols/syscall.c gives it.
 *
 * The entry point looks the call's number up in a table of bytes. It jumps to syscall_of_ours() for
 * the calls that the table marks, and to syscall_next for all others; arguments and stack stay as
 * they came. An io_uring_enter(2) without IORING_ENTER_EXT_ARG has no timeout, so it goes to
 * syscall_enter_next, which is syscall_next unless REGWAIT_IOWAIT=off; one with it goes to
 * syscall_enter().
 */
#ifndef REGWAIT_SYSCALL_ENTRY_H
#define REGWAIT_SYSCALL_ENTRY_H

#define SYSCALL_ENTRY_CALLS   512
#define SYSCALL_ENTRY_EXT_ARG 8 /* IORING_ENTER_EXT_ARG; its header is for C only */

#ifndef __ASSEMBLER__

#include <stdint.h>

/* The table: 1 for the numbers that we handle. */
extern uint8_t syscall_is_ours[SYSCALL_ENTRY_CALLS] __attribute__((visibility("hidden")));

/* The real function, for all other calls. */
extern long (*syscall_next)(long nr, long a, long b, long c, long d, long e, long f)
	__attribute__((visibility("hidden")));

extern long (*syscall_enter_next)(long nr, long fd, long submit, long wait_nr, long flags, long arg,
				  long size) __attribute__((visibility("hidden")));

long syscall_of_ours(long nr, long a, long b, long c, long d, long e, long f)
	__attribute__((visibility("hidden")));

/* As syscall_of_ours(), for io_uring_enter(2) with IORING_ENTER_EXT_ARG. */
long syscall_enter(long nr, long fd, long submit, long wait_nr, long flags, long arg, long size)
	__attribute__((visibility("hidden")));

#endif
#endif
