/* SPDX-License-Identifier: MIT */
/*
 * Fifty system call instructions of io_uring, as far apart as liburing's are: half a kilobyte. Nobody
 * executes them; a plan has them patched when the program starts.
 */
#ifdef __aarch64__
#define CALL "mov w8, #426\n\tsvc #0"
#define KIND "%function"
#else
#define CALL "mov $426, %eax\n\tsyscall"
#define KIND "@function"
#endif

__asm__(".text\n"
	".globl fifty\n"
	".type fifty, " KIND "\n"
	".balign 512\n"
	"fifty:\n"
	".cfi_startproc\n"
	".rept 50\n" CALL "\n"
	".balign 512\n"
	".endr\n"
	"ret\n"
	".cfi_endproc\n"
	".size fifty, . - fifty\n");
