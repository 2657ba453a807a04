/* SPDX-License-Identifier: MIT */
/*
 * Eight calls whose return addresses are dropped (process/return.h).
 *
 * With fewer than six calls the effect depends on where the code happens to lie. It goes back
 * by a jump, which leaves to the predictor what was put there. Each call has its unwind
 * information: a thread may be cancelled anywhere.
 */
#if defined(__x86_64__) && defined(__LP64__)
#ifdef __CET__
#include <cet.h>
#endif

	.text
	.globl	return_refill
	.hidden	return_refill
	.type	return_refill, @function
	.p2align 6
return_refill:
	.cfi_startproc
	.rept	8
	call	1f
	.cfi_adjust_cfa_offset 8
1:
	.endr
	lea	64(%rsp), %rsp
	.cfi_adjust_cfa_offset -64
	pop	%rcx
	.cfi_adjust_cfa_offset -8
	.cfi_register %rip, %rcx
	jmp	*%rcx
	.cfi_endproc
	.size	return_refill, . - return_refill
#endif

	.section .note.GNU-stack, "", %progbits
