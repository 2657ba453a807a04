/* SPDX-License-Identifier: MIT */
/*
 * x86-64: see site.h.
 */
#ifndef SITES_SITE_X86_64_H
#define SITES_SITE_X86_64_H

#include <cpuid.h>
#include <stdbool.h>
#include <stdint.h>

#define STATE_SIZE 4096
#define RED_ZONE   128

/* The registers but the vector registers, in the order of their numbers; then the flags. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15, FLAGS, REGS };

extern uint64_t site_in[REGS], site_out[REGS];
extern uint8_t site_vectors_in[STATE_SIZE], site_vectors_out[STATE_SIZE];
extern const char site_run[], site_behind[]; /* the last load with the call, and what follows */
extern uint64_t site_parts;		     /* of the vector state that are loaded and stored */

/* Loads all of that, makes the call, and stores all. */
void site_call(void);

/* clang-format off */
__asm__(
	"	.local	site_stack\n"
	"	.comm	site_stack, 8, 8\n"
	"	.text\n"
	"	.globl	site_call\n"
	"	.type	site_call, @function\n"
	"site_call:\n"
	"	.cfi_startproc\n"
	"	push	%rbx\n	push	%rbp\n	push	%r12\n"
	"	push	%r13\n	push	%r14\n	push	%r15\n"
	"	mov	%rsp, site_stack(%rip)\n"
	"	mov	site_parts(%rip), %eax\n"
	"	xor	%edx, %edx\n"
	"	xrstor64 site_vectors_in(%rip)\n"
	/* Not by popfq, which would take the trap flag from who traces us. */
	"	mov	site_in+8*16(%rip), %ecx\n"
	"	bt	$10, %ecx\n"
	"	jnc	1f\n"
	"	std\n"
	"1:	mov	%ecx, %eax\n"
	"	shr	$11, %eax\n"
	"	and	$1, %eax\n"
	"	mov	%cl, %ah\n"
	"	add	$0x7f, %al\n"
	"	sahf\n"
	"	mov	site_in+8*4(%rip), %rsp\n"
	"	mov	site_in+8*1(%rip), %rcx\n	mov	site_in+8*2(%rip), %rdx\n"
	"	mov	site_in+8*3(%rip), %rbx\n	mov	site_in+8*5(%rip), %rbp\n"
	"	mov	site_in+8*6(%rip), %rsi\n	mov	site_in+8*7(%rip), %rdi\n"
	"	mov	site_in+8*8(%rip), %r8\n	mov	site_in+8*9(%rip), %r9\n"
	"	mov	site_in+8*10(%rip), %r10\n	mov	site_in+8*11(%rip), %r11\n"
	"	mov	site_in+8*12(%rip), %r12\n	mov	site_in+8*13(%rip), %r13\n"
	"	mov	site_in+8*14(%rip), %r14\n	mov	site_in+8*15(%rip), %r15\n"
	"site_run:\n"
	"	mov	site_in(%rip), %rax\n"
	"	syscall\n"
	"site_behind:\n"
	"	mov	%rax, site_out(%rip)\n	mov	%rcx, site_out+8*1(%rip)\n"
	"	mov	%rdx, site_out+8*2(%rip)\n	mov	%rbx, site_out+8*3(%rip)\n"
	"	mov	%rsp, site_out+8*4(%rip)\n	mov	%rbp, site_out+8*5(%rip)\n"
	"	mov	%rsi, site_out+8*6(%rip)\n	mov	%rdi, site_out+8*7(%rip)\n"
	"	mov	%r8, site_out+8*8(%rip)\n	mov	%r9, site_out+8*9(%rip)\n"
	"	mov	%r10, site_out+8*10(%rip)\n	mov	%r11, site_out+8*11(%rip)\n"
	"	mov	%r12, site_out+8*12(%rip)\n	mov	%r13, site_out+8*13(%rip)\n"
	"	mov	%r14, site_out+8*14(%rip)\n	mov	%r15, site_out+8*15(%rip)\n"
	"	mov	site_stack(%rip), %rsp\n"
	"	pushfq\n"
	"	popq	site_out+8*16(%rip)\n"
	"	cld\n"
	"	mov	site_parts(%rip), %eax\n"
	"	xor	%edx, %edx\n"
	"	xsave64	site_vectors_out(%rip)\n"
	"	pop	%r15\n	pop	%r14\n	pop	%r13\n"
	"	pop	%r12\n	pop	%rbp\n	pop	%rbx\n"
	"	ret\n"
	"	.cfi_endproc\n"
	"	.size	site_call, . - site_call\n"
);
/* clang-format on */

uint64_t site_in[REGS], site_out[REGS], site_parts;
uint8_t site_vectors_in[STATE_SIZE] __attribute__((aligned(64)));
uint8_t site_vectors_out[STATE_SIZE] __attribute__((aligned(64)));

#endif
