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
 *
 * The most frequent one is decided here as well: it needs rax, rcx and r11 for that, which are free,
 * and so nothing is saved but what the call itself changes. The tests are those of site_decide(),
 * which is asked when one of them fails. No other instruction here depends on the direction flag or
 * on how the stack is aligned.
 */
#if defined(__x86_64__) && defined(__LP64__)
#include <asm/errno.h>
#include <asm/unistd.h>

#include "base/arch/site_entry.h"
#include "base/arch/x86_64/site_facts.h"

#define RED_ZONE 128
#define FLAG_DF	 0x400
#define FLAG_OF_BIT 11
#define BEHIND_AT 8 /* from rbp */
#define FLAGS_AT 16

/* The flags as the site had them: that which C code wants clear, and all that instructions set. */
.macro GIVE_BACK_DIRECTION
	testb	$FLAG_DF >> 8, FLAGS_AT + 1(%rbp)
	jz	6f
	std
6:
.endm

/* Uses rax. */
.macro GIVE_BACK_ARITHMETIC
	movb	FLAGS_AT(%rbp), %ah
	btl	$FLAG_OF_BIT, FLAGS_AT(%rbp)
	setc	%al
	addb	$0x7f, %al	/* overflows if OF was 1 */
	sahf
.endm

/* struct site_call, but for the number. */
.macro KEEP_ARGUMENTS
	subq	$SITE_SIZE, %rsp
	andq	$-16, %rsp
	movq	%rdi, SITE_A(%rsp)
	movq	%rsi, SITE_B(%rsp)
	movq	%rdx, SITE_C(%rsp)
	movq	%r10, SITE_D(%rsp)
	movq	%r8, SITE_E(%rsp)
	movq	%r9, SITE_F(%rsp)
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
	.hidden	zone
	.hidden	live_mode
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
#ifdef REGWAIT_DEBUG
	jmp	17f /* to the assertions of site_decide() */
#endif
	cmpl	$__NR_io_uring_enter, %eax
	jne	17f

	/* enter_is_short() */
	movl	iowait_bare + IOWAIT_LOOKS(%rip), %ecx
	andl	%r10d, %ecx
	cmpl	$TIMED, %ecx
	jne	16f
	cmpq	$ARG_SIZE, %r9
	jne	16f
	/* enter_state() of a descriptor that is near, and fd_state_is_armed() */
	testl	$BY_INDEX, %r10d
	jnz	16f
	cmpl	$STATES_NEAR, %edi
	jae	16f
	movl	%edi, %eax
	leaq	zone + ZONE_FD_STATES(%rip), %rcx
	cmpb	$STATE_ARMED, (%rcx, %rax)
	jb	16f
	/* enter_is_hot() without a mask */
	movq	live_mode(%rip), %rcx
	cmpb	$MODE_IS_ON, (%rcx)
	jne	16f
	movq	me@gottpoff(%rip), %rcx
	movq	%fs:ME_NONCE(%rcx), %rax
	testq	%rax, %rax
	jz	16f
	cmpq	%rax, zone + ZONE_SERVING(%rip)
	jne	16f
	movq	%r8, %rax
	shrq	$PAGE_SHIFT, %rax
	cmpq	%rax, %fs:ME_ARG_PAGE(%rcx)
	jne	16f
	cmpq	$0, %fs:ME_BUSY(%rcx)
	jne	16f
	movq	ARG_TS(%r8), %r11
	movq	%r11, %rax
	shrq	$PAGE_SHIFT, %rax
	cmpq	%rax, %fs:ME_TS_PAGE(%rcx)
	jne	16f
	cmpq	$0, ARG_SIGMASK(%r8)
	jne	16f
	movq	(%r11), %rax
	orq	8(%r11), %rax
	jz	16f

	/* enter_write_slot(). The frame lies below that of site_decide(), as a handler's would. */
	pushq	%r10
	pushq	%r8
	pushq	%r9
	movq	%fs:ME_SLOT(%rcx), %r9
	movq	%rsp, %fs:ME_BUSY(%rcx)
	movq	(%r11), %rax
	movq	%rax, (%r9)
	movq	8(%r11), %rax
	movq	%rax, SLOT_NSEC(%r9)
	movl	ARG_MIN_WAIT(%r8), %eax
	movl	%eax, SLOT_MIN_WAIT(%r9)
	movq	$0, SLOT_SIGMASK(%r9)
	movq	%fs:ME_COUNTS(%rcx), %rax
	addq	$1, (%rax)

	/* By the slot, which has been written. rcx leads to me. */
5:	orl	iowait_bare + IOWAIT_BY_SLOT(%rip), %r10d
	movl	%fs:ME_OFFSET(%rcx), %r8d
	movl	$SLOT_SIZE, %r9d
	GIVE_BACK_ARITHMETIC
	movl	$__NR_io_uring_enter, %eax
	syscall
	/* From here on nothing changes the flags, and the kernel has put them into r11. */
	movq	me@gottpoff(%rip), %rcx
	movq	$0, %fs:ME_BUSY(%rcx)
	popq	%r9
	popq	%r8
	popq	%r10
	leal	EINVAL(%rax), %ecx
	jrcxz	18f
	leal	EFAULT(%rax), %ecx
	jrcxz	18f

15:	/* rsp is where rbp is. */
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

	/* The kernel refused it, and did nothing else. */
18:	KEEP_ARGUMENTS
	cld
	movq	$__NR_io_uring_enter, SITE_NR(%rsp)
	leaq	SITE_REFUSED(%rax), %rax
	jmp	3f

	/* All other calls. */
16:	movl	$__NR_io_uring_enter, %eax
17:	KEEP_ARGUMENTS
	testb	$FLAG_DF >> 8, FLAGS_AT + 1(%rbp)
	jnz	1f
2:	cmpl	$__NR_io_uring_enter, %eax
	jne	11f
	movq	%r10, %rcx
	call	site_decide
	cmpq	$SITE_BY_SLOT, %rax
	jne	12f
	GIVE_BACK_DIRECTION
	GIVE_BACK_ARGUMENTS
	movq	%rbp, %rsp
	pushq	%r10
	pushq	%r8
	pushq	%r9
	movq	me@gottpoff(%rip), %rcx
	jmp	5b

12:	movq	$__NR_io_uring_enter, SITE_NR(%rsp)
	cmpq	$SITE_AS_MADE, %rax
	je	13f
	cmpq	$SITE_NO_ANSWER, %rax
	je	3f

4:	/* What was saved, but the result in place of the number. */
	movq	%rax, SITE_NR(%rsp)
	GIVE_BACK_DIRECTION
	GIVE_BACK_ARITHMETIC
	movq	FLAGS_AT(%rbp), %r11
	GIVE_BACK_ARGUMENTS
	movq	SITE_NR(%rsp), %rax
	movq	%rbp, %rsp
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
	cmpq	$SITE_AS_MADE, %rax
	jne	4b

	/* As the program made it, and where: by the site's own instruction. */
13:	movq	SITE_NR(%rsp), %rax
	subq	$SITE_CALL_SIZE, BEHIND_AT(%rbp)
	jmp	4b
	.cfi_endproc
	.size	site_entry, . - site_entry
#endif

#include "base/arch/notes.S"
