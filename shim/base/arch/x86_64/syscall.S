/* SPDX-License-Identifier: MIT */
/*
 * libc's syscall(): see base/arch/syscall_entry.h. Every register keeps its value, except r11,
 * which the system call overwrites anyway. It jumps and does not call: vfork() returns twice to the
 * same return address.
 *
 * rdi is the number; rsi, rdx, rcx, r8 and r9 are the first five arguments.
 */
#if defined(__x86_64__) && defined(__LP64__)
#include <asm/unistd.h>

#include "base/arch/syscall_entry.h"

	.hidden	syscall_is_ours
	.hidden	syscall_of_ours
	.hidden	syscall_enter
	.hidden	syscall_next
	.hidden	syscall_enter_next

	.text
	.globl	syscall
	.type	syscall, @function
	.p2align 4
syscall:
	.cfi_startproc
	endbr64
	cmpq	$SYSCALL_ENTRY_CALLS, %rdi
	jae	1f
	leaq	syscall_is_ours(%rip), %r11
	cmpb	$0, (%r11, %rdi)
	jne	2f
1:	jmp	*syscall_next(%rip)
2:	cmpl	$__NR_io_uring_enter, %edi
	jne	syscall_of_ours
	testb	$SYSCALL_ENTRY_EXT_ARG, %r8b
	jnz	syscall_enter
	jmp	*syscall_enter_next(%rip)
	.cfi_endproc
	.size	syscall, . - syscall
#endif

#include "base/arch/notes.S"
