/* SPDX-License-Identifier: MIT */
/*
 * Included at the end of every .S file, also of one that is empty for this processor: notes for the
 * linker, which are what the compiler puts into the objects that it makes. The linker marks the
 * library as one that can be checked where jumps lead (and, on arm64, that signs its return
 * addresses) only if every single object says so of itself.
 */
#ifdef __CET__
#include <cet.h>
#endif

#if defined(__ARM_FEATURE_BTI_DEFAULT) || defined(__ARM_FEATURE_PAC_DEFAULT)
	.section .note.gnu.property, "a", %note
	.p2align 3
	.word	4, 16, 5		/* bytes of the name and of what follows; the kind of note */
	.asciz	"GNU"
	.word	0xc0000000, 4		/* what can be done with all of this code; bytes of that */
	.word	3, 0			/* landing pads, signed return addresses; to 8 bytes */
#endif

	.section .note.GNU-stack, "", %progbits
