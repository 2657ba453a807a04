/* SPDX-License-Identifier: MIT */
/*
 * aarch64: see site.h.
 */
#ifndef SITES_SITE_AARCH64_H
#define SITES_SITE_AARCH64_H

#include <stdint.h>

/* The registers x0 to x30, then: */
enum { X0, X8 = 8, SP = 31, NZCV, FPSR, FPCR, REGS };

#define STATE_SIZE 512 /* q0 to q31 */

extern uint64_t site_in[REGS], site_out[REGS];
extern uint8_t site_vectors_in[STATE_SIZE], site_vectors_out[STATE_SIZE];
extern const char site_run[], site_behind[]; /* the call, and what follows */

/* Loads all of that, makes the call, and stores all. */
void site_call(void);

/* clang-format off */
#define SITE_QS(what) \
	"	" what "	q0, q1, [x0]\n	" what "	q2, q3, [x0, #32]\n" \
	"	" what "	q4, q5, [x0, #64]\n	" what "	q6, q7, [x0, #96]\n" \
	"	" what "	q8, q9, [x0, #128]\n	" what "	q10, q11, [x0, #160]\n" \
	"	" what "	q12, q13, [x0, #192]\n	" what "	q14, q15, [x0, #224]\n" \
	"	" what "	q16, q17, [x0, #256]\n	" what "	q18, q19, [x0, #288]\n" \
	"	" what "	q20, q21, [x0, #320]\n	" what "	q22, q23, [x0, #352]\n" \
	"	" what "	q24, q25, [x0, #384]\n	" what "	q26, q27, [x0, #416]\n" \
	"	" what "	q28, q29, [x0, #448]\n	" what "	q30, q31, [x0, #480]\n"
#define SITE_XS(what) \
	"	" what "	x2, x3, [x30, #16]\n	" what "	x4, x5, [x30, #32]\n" \
	"	" what "	x6, x7, [x30, #48]\n	" what "	x8, x9, [x30, #64]\n" \
	"	" what "	x10, x11, [x30, #80]\n	" what "	x12, x13, [x30, #96]\n" \
	"	" what "	x14, x15, [x30, #112]\n	" what "	x16, x17, [x30, #128]\n" \
	"	" what "	x18, x19, [x30, #144]\n	" what "	x20, x21, [x30, #160]\n" \
	"	" what "	x22, x23, [x30, #176]\n	" what "	x24, x25, [x30, #192]\n" \
	"	" what "	x26, x27, [x30, #208]\n	" what "	x28, x29, [x30, #224]\n"
#define SITE_AT(x, symbol) \
	"	adrp	" x ", " symbol "\n	add	" x ", " x ", :lo12:" symbol "\n"

__asm__(
	"	.local	site_stack\n"
	"	.comm	site_stack, 8, 8\n"
	"	.text\n"
	"	.globl	site_call\n"
	"	.type	site_call, %function\n"
	"	.p2align 2\n"
	"site_call:\n"
	"	.cfi_startproc\n"
	"	hint	#34\n"
	"	sub	sp, sp, #160\n"
	"	.cfi_def_cfa_offset 160\n"
	"	stp	x29, x30, [sp]\n"
	"	.cfi_rel_offset 29, 0\n"
	"	.cfi_rel_offset 30, 8\n"
	"	stp	x19, x20, [sp, #16]\n	stp	x21, x22, [sp, #32]\n"
	"	stp	x23, x24, [sp, #48]\n	stp	x25, x26, [sp, #64]\n"
	"	stp	x27, x28, [sp, #80]\n	stp	d8, d9, [sp, #96]\n"
	"	stp	d10, d11, [sp, #112]\n	stp	d12, d13, [sp, #128]\n"
	"	stp	d14, d15, [sp, #144]\n"
	SITE_AT("x0", "site_stack")
	"	mov	x1, sp\n"
	"	str	x1, [x0]\n"
	SITE_AT("x0", "site_vectors_in")
	SITE_QS("ldp")
	SITE_AT("x30", "site_in")
	"	ldr	x0, [x30, #248]\n	mov	sp, x0\n"
	"	ldr	x0, [x30, #256]\n	msr	nzcv, x0\n"
	"	ldr	x0, [x30, #264]\n	msr	fpsr, x0\n"
	"	ldr	x0, [x30, #272]\n	msr	fpcr, x0\n"
	"	ldp	x0, x1, [x30]\n"
	SITE_XS("ldp")
	"	ldr	x30, [x30, #240]\n"
	"	.globl	site_run\n"
	"site_run:\n"
	"	svc	#0\n"
	"	.globl	site_behind\n"
	"site_behind:\n"
	"	str	x30, [sp, #-16]!\n"
	SITE_AT("x30", "site_out")
	"	stp	x0, x1, [x30]\n"
	SITE_XS("stp")
	"	ldr	x0, [sp], #16\n	str	x0, [x30, #240]\n"
	"	mov	x0, sp\n	str	x0, [x30, #248]\n"
	"	mrs	x0, nzcv\n	str	x0, [x30, #256]\n"
	"	mrs	x0, fpsr\n	str	x0, [x30, #264]\n"
	"	mrs	x0, fpcr\n	str	x0, [x30, #272]\n"
	"	msr	fpcr, xzr\n"
	SITE_AT("x0", "site_vectors_out")
	SITE_QS("stp")
	SITE_AT("x0", "site_stack")
	"	ldr	x1, [x0]\n"
	"	mov	sp, x1\n"
	"	ldp	x19, x20, [sp, #16]\n	ldp	x21, x22, [sp, #32]\n"
	"	ldp	x23, x24, [sp, #48]\n	ldp	x25, x26, [sp, #64]\n"
	"	ldp	x27, x28, [sp, #80]\n	ldp	d8, d9, [sp, #96]\n"
	"	ldp	d10, d11, [sp, #112]\n	ldp	d12, d13, [sp, #128]\n"
	"	ldp	d14, d15, [sp, #144]\n"
	"	ldp	x29, x30, [sp]\n"
	"	add	sp, sp, #160\n"
	"	.cfi_def_cfa_offset 0\n"
	"	ret\n"
	"	.cfi_endproc\n"
	"	.size	site_call, . - site_call\n"
);
/* clang-format on */

uint64_t site_in[REGS], site_out[REGS];
uint8_t site_vectors_in[STATE_SIZE] __attribute__((aligned(16)));
uint8_t site_vectors_out[STATE_SIZE] __attribute__((aligned(16)));

#endif
