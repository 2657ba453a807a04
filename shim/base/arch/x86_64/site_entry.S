/* SPDX-License-Identifier: MIT */
/*
 * Where the trampolines of the sites jump to: see base/arch/site_entry.h.
 *
 * When it returns, all is as after the system call: rax holds the result, rcx the address behind
 * the site, r11 the flags; every other register and the flags have the values from before, and
 * nothing has been written to the 128 bytes below the stack pointer (the red zone), where
 * functions that call nothing keep variables. Only a system call instruction lets us do so little:
 * it overwrites rcx and r11 itself.
 *
 * rcx is the address behind the site. It lies on the stack in the place of a return address, so a
 * debugger and a profiler see the program's function as our caller. We do not return to it but
 * jump: the shadow stack has no such entry, and with notrack there need be no endbr64.
 */
#if defined(__x86_64__) && defined(__LP64__)
#include <asm/unistd.h>
#include "base/arch/site_entry.h"

#define RED_ZONE 128
#define FLAG_DF	 0x400

	.hidden	site_enter
	.hidden	site_rest
	.hidden	site_vectors_by
	.hidden	site_vectors_mask
	.hidden	site_vectors_size

	.text
	.globl	site_entry
	.hidden	site_entry
	.type	site_entry, @function
	.p2align 4
site_entry:
	.cfi_startproc
	/* Nothing was pushed; what would be the return address (16) is in rcx (2). */
	.cfi_def_cfa_offset 0
	.cfi_register 16, 2
	endbr64
	leaq	-RED_ZONE(%rsp), %rsp
	.cfi_adjust_cfa_offset RED_ZONE
	pushfq
	.cfi_adjust_cfa_offset 8
	pushq	%rcx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset 16, 0
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	subq	$SITE_SIZE, %rsp
	andq	$-16, %rsp
	movq	%rdi, SITE_A(%rsp)
	movq	%rsi, SITE_B(%rsp)
	movq	%rdx, SITE_C(%rsp)
	movq	%r10, SITE_D(%rsp)
	movq	%r8, SITE_E(%rsp)
	movq	%r9, SITE_F(%rsp)
	movq	%rax, SITE_NR(%rsp)
	testb	$FLAG_DF >> 8, 17(%rbp)
	jnz	1f
2:	cmpl	$__NR_io_uring_enter, %eax
	jne	3f
	movq	%r10, %rcx
	call	site_enter
	cmpq	$SITE_NO_ANSWER, %rax
	jle	3f

4:	/* What was saved, but the result in place of the number. */
	movq	%rax, SITE_NR(%rsp)
	movq	16(%rbp), %r11
	testl	$FLAG_DF, %r11d
	jnz	5f
6:	movl	%r11d, %ecx
	movl	%r11d, %eax
	shrl	$11, %eax
	andl	$1, %eax
	movb	%cl, %ah
	addb	$0x7f, %al	/* overflows if OF was 1 */
	sahf			/* all other flags that instructions set */
	movq	SITE_A(%rsp), %rdi
	movq	SITE_B(%rsp), %rsi
	movq	SITE_C(%rsp), %rdx
	movq	SITE_D(%rsp), %r10
	movq	SITE_E(%rsp), %r8
	movq	SITE_F(%rsp), %r9
	movq	SITE_NR(%rsp), %rax
	movq	%rbp, %rsp
	.cfi_remember_state
	.cfi_def_cfa_register %rsp
	popq	%rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbp
	popq	%rcx
	.cfi_adjust_cfa_offset -8
	.cfi_register 16, 2
	leaq	RED_ZONE + 8(%rsp), %rsp
	.cfi_adjust_cfa_offset -(RED_ZONE + 8)
	notrack jmp *%rcx
	.cfi_restore_state

	/* A direction flag that is set: C code wants it clear. */
1:	cld
	jmp	2b
5:	std
	jmp	6b

	/* What uses the vector registers, or may: they are saved below our call. */
3:	movq	%rax, SITE_ANSWER(%rsp)
	movq	%rsp, %rdi
	subq	site_vectors_size(%rip), %rsp
	andq	$-64, %rsp
	movl	site_vectors_mask(%rip), %eax
	xorl	%edx, %edx
	cmpb	$SITE_BY_XSAVE, site_vectors_by(%rip)
	jb	7f
	/* The header of the saved state must not hold what was on the stack. */
	movq	%rdx, 512(%rsp)
	movq	%rdx, 520(%rsp)
	movq	%rdx, 528(%rsp)
	movq	%rdx, 536(%rsp)
	movq	%rdx, 544(%rsp)
	movq	%rdx, 552(%rsp)
	movq	%rdx, 560(%rsp)
	movq	%rdx, 568(%rsp)
	je	8f
	xsavec64 (%rsp)
	jmp	9f
8:	xsave64	(%rsp)
	jmp	9f
7:	fxsave64 (%rsp)
9:	call	site_rest
	movq	%rax, %r8
	movl	site_vectors_mask(%rip), %eax
	xorl	%edx, %edx
	cmpb	$SITE_BY_XSAVE, site_vectors_by(%rip)
	jb	10f
	xrstor64 (%rsp)
	jmp	11f
10:	fxrstor64 (%rsp)
11:	movq	%r8, %rax
	leaq	-SITE_SIZE(%rbp), %rsp
	andq	$-16, %rsp
	jmp	4b
	.cfi_endproc
	.size	site_entry, . - site_entry
#endif

#include "base/arch/notes.S"
