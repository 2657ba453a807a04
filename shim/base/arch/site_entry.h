/* SPDX-License-Identifier: MIT */
/*
 * How a site's call reaches us: the code that replaces it, and what sites/ gives to that code.
 *
 * A trampoline is made for each site: it executes the run of instructions that the plan names (see
 * contract/plan.h) and looks at the number of the call. Calls that do not concern us are made there,
 * with everything as the program left it. For all others it jumps to site_entry(), which saves what
 * a system call would preserve, calls the functions of sites/, and jumps to the instruction behind the
 * site, on aarch64 by way of the trampoline.
 */
#ifndef REGWAIT_SITE_ENTRY_H
#define REGWAIT_SITE_ENTRY_H

/* struct site_call, for the assembly. */
#define SITE_NR	    0
#define SITE_A	    8
#define SITE_B	    16
#define SITE_C	    24
#define SITE_D	    32
#define SITE_E	    40
#define SITE_F	    48
#define SITE_ANSWER 56
#define SITE_SIZE   64

/* The largest answer that is none: no system call returns this, or less. */
#define SITE_NO_ANSWER -4096
/* Plus a negative errno: the kernel refused the registered wait, and did nothing else. */
#define SITE_REFUSED (4 * SITE_NO_ANSWER)

/* Answers that are none, either: the call is to be made, */
#define SITE_BY_SLOT \
	(SITE_NO_ANSWER - 1) /* by the slot, which has been written: of site_decide() only */
#define SITE_AS_MADE   (SITE_NO_ANSWER - 2) /* as the program made it */

#define SITE_CALL_SIZE 2 /* of x86-64's instruction */

/* How the vector registers are saved on x86-64. */
#define SITE_BY_FXSAVE 0
#define SITE_BY_XSAVE  1
#define SITE_BY_XSAVEC 2

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/plan.h"

/* A call as the site made it. It lies on the program's stack. */
struct site_call {
	long nr, a, b, c, d, e, f;
	long answer; /* of site_decide() or site_enter() */
};
_Static_assert(sizeof(struct site_call) == SITE_SIZE, "as the entry knows it");

/* Where the trampolines jump to. */
extern const char site_entry[] __attribute__((visibility("hidden")));

/*
 * An io_uring_enter(2). It is called without saving the vector registers, so it uses none, and calls
 * nothing that may. Returns SITE_NO_ANSWER, or less, if site_rest() shall do it.
 */
long site_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, const void *arg,
		size_t size) __attribute__((visibility("hidden")));

/*
 * The same, but where ARCH_SITE_ENTRY_CALLS is set, site_entry() makes the calls itself: behind a system
 * call the processor predicts no return, so the fewer there are, the better.
 */
long site_decide(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, const void *arg,
		 size_t size) __attribute__((visibility("hidden")));

/* All else. Returns what the kernel would, or SITE_AS_MADE, if ARCH_SITE_ENTRY_CALLS is set. */
long site_rest(const struct site_call *call) __attribute__((visibility("hidden")));

/* Finds out how to save registers. False: this processor is too old. */
bool site_start(void);

/* Bytes that a trampoline takes at most. */
size_t site_trampoline_size(void);

/*
 * Writes the trampoline of a site to *at, and moves that behind it. run is where the site's run lies
 * in memory, and entry where the address of site_entry is kept. False: something is too far away.
 */
bool site_trampoline(unsigned char **at, const struct plan_site *s, uintptr_t run, uintptr_t entry);

/* The bytes that replace the first instruction of the run by a jump to its trampoline. */
bool site_jump(unsigned char *bytes, const struct plan_site *s, uintptr_t run,
	       uintptr_t trampoline);

/* Code was written here: a processor may hold what was there before in a cache of its own. */
void site_written(const void *at, size_t size);

/*
 * The rights that code has beside those to read and execute it, by these notes of its file
 * (PT_GNU_PROPERTY): to be checked where jumps lead.
 */
int site_rights(const void *notes, size_t size);

#endif
#endif
