/* SPDX-License-Identifier: MIT */
/*
 * libc's syscall(), interposed by an entry in assembly, and what symbols/syscall.c tells it.
 *
 * The entry looks the number up in a table of bytes. It jumps to syscall_of_ours() for the calls
 * that the table names, and to syscall_next for all others, with the arguments and the stack as
 * they came. An io_uring_enter(2) without IORING_ENTER_EXT_ARG has no timeout, so it goes on to
 * syscall_next as well.
 */
#ifndef REGWAIT_SYSCALL_ENTRY_H
#define REGWAIT_SYSCALL_ENTRY_H

#define SYSCALL_ENTRY_CALLS   512
#define SYSCALL_ENTRY_EXT_ARG 8 /* IORING_ENTER_EXT_ARG, whose header is for C alone */

#ifndef __ASSEMBLER__

#include <stdint.h>

/* The table: which numbers are looked at. */
extern uint8_t syscall_is_ours[SYSCALL_ENTRY_CALLS] __attribute__((visibility("hidden")));

/* Where all others go. */
extern long (*syscall_next)(long nr, long a, long b, long c, long d, long e, long f)
	__attribute__((visibility("hidden")));

long syscall_of_ours(long nr, long a, long b, long c, long d, long e, long f)
	__attribute__((visibility("hidden")));

/* The same for io_uring_enter(2) with IORING_ENTER_EXT_ARG. */
long syscall_enter(long nr, long fd, long submit, long wait_nr, long flags, long arg, long size)
	__attribute__((visibility("hidden")));

#endif
#endif
