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
 * jump: the shadow stack has no such entry, and with notrack there need be no endbr64. Nor need there be
 * one here, since the trampolines jump so, too.
 *
 * An enter is made here, as site_decide() says, and not by a function: after a system call processors
 * predict no return, and the kernel gives back the flags that were put in order before.
 */
#if defined(__x86_64__) && defined(__LP64__)
#include <asm/errno.h>
#include <asm/unistd.h>

#include "base/arch/site_entry.h"

#define RED_ZONE 128
#define FLAG_DF	 0x400
#define FLAG_OF_BIT 11
#define FLAGS_AT 16 /* from rbp */

/* The flags as the site had them. Uses rax. */
.macro GIVE_BACK_FLAGS
	testb	$FLAG_DF >> 8, FLAGS_AT + 1(%rbp)
	jz	6f
	std
6:	movb	FLAGS_AT(%rbp), %ah
	btl	$FLAG_OF_BIT, FLAGS_AT(%rbp)
	setc	%al
	addb	$0x7f, %al	/* overflows if OF was 1 */
	sahf			/* all other flags that instructions set */
.endm

.macro GIVE_BACK_ARGUMENTS
	movq	SITE_A(%rsp), %rdi
	movq	SITE_B(%rsp), %rsi
	movq	SITE_C(%rsp), %rdx
	movq	SITE_D(%rsp), %r10
	movq	SITE_E(%rsp), %r8
	movq	SITE_F(%rsp), %r9
.endm

	.hidden	site_decide
	.hidden	me
	.hidden	iowait_bare
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
	testb	$FLAG_DF >> 8, FLAGS_AT + 1(%rbp)
	jnz	1f
2:	cmpl	$__NR_io_uring_enter, %eax
	jne	11f
	movq	%r10, %rcx
	call	site_decide
	cmpq	$SITE_BY_SLOT, %rax
	jne	12f
	movq	me@gottpoff(%rip), %rcx
	movl	SITE_D(%rsp), %r10d
	orl	iowait_bare + IOWAIT_BY_SLOT(%rip), %r10d
	movl	%fs:ME_OFFSET(%rcx), %r8d
	movl	$SITE_ARG_SIZE, %r9d
	GIVE_BACK_FLAGS
	movq	SITE_A(%rsp), %rdi
	movq	SITE_B(%rsp), %rsi
	movq	SITE_C(%rsp), %rdx
	movl	$__NR_io_uring_enter, %eax
	syscall
	/* From here on nothing changes the flags, and the kernel has put them into r11. */
	movq	me@gottpoff(%rip), %rcx
	movq	$0, %fs:ME_BUSY(%rcx)
	leal	EINVAL(%rax), %ecx
	jrcxz	14f
	leal	EFAULT(%rax), %ecx
	jrcxz	14f
	movq	SITE_D(%rsp), %r10
	movq	SITE_E(%rsp), %r8
	movq	SITE_F(%rsp), %r9

15:	movq	%rbp, %rsp
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

14:	cld
	movq	$__NR_io_uring_enter, SITE_NR(%rsp)
	leaq	SITE_REFUSED(%rax), %rax
	jmp	3f

12:	movq	$__NR_io_uring_enter, SITE_NR(%rsp)
	cmpq	$SITE_AS_MADE, %rax
	jne	13f
	GIVE_BACK_FLAGS
	GIVE_BACK_ARGUMENTS
	movl	$__NR_io_uring_enter, %eax
	syscall
	jmp	15b

13:	cmpq	$SITE_NO_ANSWER, %rax
	je	3f

4:	/* What was saved, but the result in place of the number. */
	movq	%rax, SITE_NR(%rsp)
	GIVE_BACK_FLAGS
	movq	FLAGS_AT(%rbp), %r11
	GIVE_BACK_ARGUMENTS
	movq	SITE_NR(%rsp), %rax
	jmp	15b

	/* A direction flag that is set: C code wants it clear. */
1:	cld
	jmp	2b

	/* What uses the vector registers, or may: they are saved below our call. */
11:	movq	%rax, SITE_NR(%rsp)
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
