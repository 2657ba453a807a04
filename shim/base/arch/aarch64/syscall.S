/* SPDX-License-Identifier: MIT */
/*
 * libc's syscall(): see base/arch/syscall_entry.h. Every register keeps its value, except x16 and
 * x17, which belong to whatever lies between a caller and a function. It jumps and does not call:
 * vfork() returns twice to the same return address. So there is nothing to sign either. By x16 and
 * x17 a jump may lead to a landing pad for calls ("bti c"); by another register it may not.
 *
 * x0 is the number; x1 to x5 are the first five arguments.
 */
#if defined(__aarch64__) && defined(__LP64__)
#include <asm/unistd.h>

#include "base/arch/syscall_entry.h"

	.hidden	syscall_is_ours
	.hidden	syscall_of_ours
	.hidden	syscall_enter
	.hidden	syscall_next
	.hidden	syscall_enter_next

	.text
	.globl	syscall
	.type	syscall, %function
	.p2align 4
syscall:
	.cfi_startproc
	hint	#34			/* bti c, for assemblers that do not know it */
	cmp	x0, #SYSCALL_ENTRY_CALLS
	b.hs	1f
	adrp	x16, syscall_is_ours
	add	x16, x16, :lo12:syscall_is_ours
	ldrb	w16, [x16, x0]
	cbnz	w16, 2f
1:	adrp	x16, syscall_next
	ldr	x16, [x16, :lo12:syscall_next]
	br	x16
2:	cmp	w0, #__NR_io_uring_enter
	b.ne	3f
	tst	w4, #SYSCALL_ENTRY_EXT_ARG
	b.ne	4f
	adrp	x16, syscall_enter_next
	ldr	x16, [x16, :lo12:syscall_enter_next]
	br	x16
3:	b	syscall_of_ours
4:	b	syscall_enter
	.cfi_endproc
	.size	syscall, . - syscall
#endif

#include "base/arch/notes.S"
