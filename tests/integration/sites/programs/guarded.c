/* SPDX-License-Identifier: MIT */
/*
 * aarch64: a program whose code is checked for landing pads. After its calls were patched it is
 * checked as before.
 *
 * The startup files of some systems have no landing pads, so it does without them.
 */
#include <stdio.h>

#if defined(__aarch64__)

#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

__asm__("	.text\n"
	"	.globl	_start\n"
	"	.type	_start, %function\n"
	"_start:\n"
	"	hint	#38\n" /* bti jc */
	"	mov	x29, #0\n"
	"	mov	x30, #0\n"
	"	mov	x5, x0\n"
	"	ldr	x1, [sp]\n"
	"	add	x2, sp, #8\n"
	"	mov	x6, sp\n"
	"	mov	x3, #0\n"
	"	mov	x4, #0\n"
	"	adrp	x0, main\n"
	"	add	x0, x0, :lo12:main\n"
	"	bl	__libc_start_main\n"
	"	brk	#1\n");

static long call(long nr, long a)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = 0;

	__asm__ volatile("svc	#0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
	return x0;
}

/* Of this program's mappings that are executed: how many, and how many of these are guarded. */
static void look(const char *name, int *nr, int *guarded)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	int inside = 0;
	char line[512];

	*nr = *guarded = 0;
	while (maps && fgets(line, sizeof(line), maps)) {
		if (strstr(line, " r-xp "))
			inside = !!strstr(line, name);
		else if (strchr(line, '-') && strstr(line, "p "))
			inside = 0;
		if (inside && !strncmp(line, "VmFlags:", 8)) {
			(*nr)++;
			*guarded += !!strstr(line, " bt");
		}
	}
	if (maps)
		fclose(maps);
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int nr, guarded;

	(void)argc;
	if (!(getauxval(AT_HWCAP2) & 1 << 17)) {
		fprintf(stderr, "this processor checks no landing pads\n");
		return 77;
	}
	look(name ? name : argv[0], &nr, &guarded);
	printf("setup: %ld, close: %ld\n", call(SYS_io_uring_setup, 0), call(SYS_close, -1));
	printf("%s\n", nr && guarded == nr ? "all guarded" : "not guarded");
	return !nr || guarded != nr;
}

#else

int main(void)
{
	fprintf(stderr, "this processor checks no landing pads\n");
	return 77;
}

#endif
