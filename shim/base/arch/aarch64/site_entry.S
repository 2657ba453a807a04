/* SPDX-License-Identifier: MIT */
/*
 * Where the trampolines of the sites jump to: see base/arch/site_entry.h.
 *
 * When it has returned to the trampoline, all is as after the system call: x0 holds the result, and
 * every other register and the flags have the values from before. A system call preserves of the
 * vector registers what every processor has, 128 bits each; so do we.
 *
 * The trampoline keeps x16 and x30 on the stack, and x30 leads back to it. Behind its two last
 * instructions lies the address behind the site. With that, our frame is linked as if the program's
 * function had called us, for debuggers and profilers. It is not what we return to; so for who
 * unwinds, it has a column of its own, as in the frames of signals, for x30 is the program's there.
 */
#if defined(__aarch64__) && defined(__LP64__)
#include <asm/unistd.h>
#include "base/arch/site_entry.h"

#define RETURN_COLUMN 96
#define BEHIND	      8		/* from where x30 leads */

/* From the stack pointer on: struct site_call, our frame's link, and what else is kept. */
#define LINK	SITE_SIZE
#define KEPT	(LINK + 16)
#define FRAME	(KEPT + 112)
#define PUSHED	16		/* by the trampoline */
#define VECTORS (32 * 16 + 16)

	.hidden	site_enter
	.hidden	site_rest

	.text
	.globl	site_entry
	.hidden	site_entry
	.type	site_entry, %function
	.p2align 4
site_entry:
	.cfi_startproc
	.cfi_return_column RETURN_COLUMN
	.cfi_def_cfa_offset PUSHED
	.cfi_offset 16, -16
	.cfi_offset 30, -8
	/* The return address lies at x30 + BEHIND. */
	.cfi_escape 0x10, RETURN_COLUMN, 2, 0x70 + 30, BEHIND
	hint	#34			/* bti c, for assemblers that do not know it */
	sub	sp, sp, #FRAME
	.cfi_adjust_cfa_offset FRAME
	ldr	x16, [x30, #BEHIND]
	stp	x29, x16, [sp, #LINK]
	.cfi_rel_offset 29, LINK
	.cfi_rel_offset RETURN_COLUMN, LINK + 8
	add	x29, sp, #LINK
	str	x8, [sp, #SITE_NR]
	stp	x0, x1, [sp, #SITE_A]
	stp	x2, x3, [sp, #SITE_C]
	stp	x4, x5, [sp, #SITE_E]
	mrs	x16, nzcv
	stp	x6, x7, [sp, #KEPT]
	stp	x9, x10, [sp, #KEPT + 16]
	stp	x11, x12, [sp, #KEPT + 32]
	stp	x13, x14, [sp, #KEPT + 48]
	stp	x15, x17, [sp, #KEPT + 64]
	stp	x18, x16, [sp, #KEPT + 80]
	str	x30, [sp, #KEPT + 96]
	cmp	w8, #__NR_io_uring_enter
	b.ne	2f
	bl	site_enter
	cmn	x0, #-SITE_NO_ANSWER
	b.le	2f

1:	/* What was kept, but the result in place of the first argument. */
	ldp	x18, x16, [sp, #KEPT + 80]
	ldp	x15, x17, [sp, #KEPT + 64]
	ldp	x13, x14, [sp, #KEPT + 48]
	ldp	x11, x12, [sp, #KEPT + 32]
	ldp	x9, x10, [sp, #KEPT + 16]
	ldp	x6, x7, [sp, #KEPT]
	msr	nzcv, x16
	ldr	x30, [sp, #KEPT + 96]
	ldp	x4, x5, [sp, #SITE_E]
	ldp	x2, x3, [sp, #SITE_C]
	ldr	x1, [sp, #SITE_B]
	ldr	x8, [sp, #SITE_NR]
	ldr	x29, [sp, #LINK]
	.cfi_remember_state
	.cfi_restore 29
	.cfi_escape 0x10, RETURN_COLUMN, 2, 0x70 + 30, BEHIND
	add	sp, sp, #FRAME
	.cfi_adjust_cfa_offset -FRAME
	ret
	.cfi_restore_state

2:	/* What uses the vector registers, or may: they are saved below our call. */
	str	x0, [sp, #SITE_ANSWER]
	mov	x0, sp
	sub	sp, sp, #VECTORS
	.cfi_adjust_cfa_offset VECTORS
	mrs	x16, fpsr
	stp	q0, q1, [sp]
	stp	q2, q3, [sp, #32]
	stp	q4, q5, [sp, #64]
	stp	q6, q7, [sp, #96]
	stp	q8, q9, [sp, #128]
	stp	q10, q11, [sp, #160]
	stp	q12, q13, [sp, #192]
	stp	q14, q15, [sp, #224]
	stp	q16, q17, [sp, #256]
	stp	q18, q19, [sp, #288]
	stp	q20, q21, [sp, #320]
	stp	q22, q23, [sp, #352]
	stp	q24, q25, [sp, #384]
	stp	q26, q27, [sp, #416]
	stp	q28, q29, [sp, #448]
	stp	q30, q31, [sp, #480]
	str	x16, [sp, #512]
	bl	site_rest
	ldr	x16, [sp, #512]
	ldp	q0, q1, [sp]
	ldp	q2, q3, [sp, #32]
	ldp	q4, q5, [sp, #64]
	ldp	q6, q7, [sp, #96]
	ldp	q8, q9, [sp, #128]
	ldp	q10, q11, [sp, #160]
	ldp	q12, q13, [sp, #192]
	ldp	q14, q15, [sp, #224]
	ldp	q16, q17, [sp, #256]
	ldp	q18, q19, [sp, #288]
	ldp	q20, q21, [sp, #320]
	ldp	q22, q23, [sp, #352]
	ldp	q24, q25, [sp, #384]
	ldp	q26, q27, [sp, #416]
	ldp	q28, q29, [sp, #448]
	ldp	q30, q31, [sp, #480]
	msr	fpsr, x16
	add	sp, sp, #VECTORS
	.cfi_adjust_cfa_offset -VECTORS
	b	1b
	.cfi_endproc
	.size	site_entry, . - site_entry
#endif

#include "base/arch/notes.S"
