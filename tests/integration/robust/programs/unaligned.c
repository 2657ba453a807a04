/* SPDX-License-Identifier: MIT */
/*
 * Calls functions with a stack that is off by eight bytes, as code does that was made by hand, or by
 * a compiler of its own. Neither libc's bare system calls nor liburing's need an aligned one.
 */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

#include "program.h"

#if defined(__x86_64__) && defined(__LP64__)

#define TIMED (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

long call_unaligned(void *function, const long args[7]);

__asm__(".text\n"
	"call_unaligned:\n\t"
	"push %rbp\n\t"
	"mov %rsp, %rbp\n\t"
	"mov %rdi, %r11\n\t"
	"mov %rsi, %r10\n\t"
	"push 48(%r10)\n\t"
	"mov (%r10), %rdi\n\t"
	"mov 8(%r10), %rsi\n\t"
	"mov 16(%r10), %rdx\n\t"
	"mov 24(%r10), %rcx\n\t"
	"mov 32(%r10), %r8\n\t"
	"mov 40(%r10), %r9\n\t"
	"xor %eax, %eax\n\t"
	"call *%r11\n\t"
	"leave\n\t"
	"ret\n");

#define CALL(function, ...) \
	({ \
		int ret_; \
		errno = ERRNO_UNTOUCHED; \
		ret_ = call_unaligned((void *)(function), (const long[7]){ __VA_ARGS__ }); \
		show_ret(#function, ret_); \
		ret_; \
	})

/* By liburing's function and by libc's: that waits, that finds nothing, that submits nothing. */
static void enter_all(int fd)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_getevents_arg arg = { .ts = (uintptr_t)&ts };
	const long a = (long)&arg, nr = SYS_io_uring_enter;
	int i;

	for (i = 0; i < 2; i++) {
		CALL(io_uring_enter2, fd, 0, 1, TIMED, a, sizeof(arg));
		CALL(syscall, nr, fd, 0, 1, TIMED, a, sizeof(arg));
	}
	ts.tv_nsec = 0;
	for (i = 0; i < 3; i++) {
		CALL(io_uring_enter2, fd, 0, 1, TIMED, a, sizeof(arg));
		CALL(syscall, nr, fd, 0, 1, TIMED, a, sizeof(arg));
	}
	CALL(io_uring_enter2, fd, 0, 1, TIMED, 8, sizeof(arg));
	CALL(syscall, nr, fd, 0, 1, TIMED, 8, sizeof(arg));
	CALL(io_uring_enter, fd, 0, 0, IORING_ENTER_GETEVENTS, 0);
	CALL(io_uring_enter2, -1, 0, 1, TIMED, a, sizeof(arg));
}

static int make_ring(unsigned flags)
{
	struct io_uring_params p = { .flags = flags };

	return CALL(syscall, SYS_io_uring_setup, 8, (long)&p);
}

static void change_descriptors(void)
{
	struct io_uring_params p = { 0 };
	int fd = CALL(io_uring_setup, 8, (long)&p);

	enter_all(fd);
	CALL(dup3, fd, 50, O_CLOEXEC);
	CALL(dup2, STDOUT_FILENO, fd);
	CALL(close, fd);
	CALL(closefrom, 50);
	CALL(close_range, 50, 60, 0);
	CALL(syscall, SYS_close, make_ring(0));
	CALL(syscall, SYS_dup2, STDOUT_FILENO, make_ring(0));
}

int main(void)
{
	stack_t stack;
	int fd = make_ring(IORING_SETUP_R_DISABLED);

	CALL(io_uring_register, fd, OP_ENABLE_RINGS, 0, 0);
	enter_all(fd);
	enter_all(make_ring(IORING_SETUP_SINGLE_ISSUER));
	change_descriptors();
	CALL(sigaltstack, 0, (long)&stack);
	CALL(unshare, 0);
	enter_all(fd);
	/* From here on in a sandbox, as far as that can be known before the kernel refuses. */
	CALL(prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 1);
	enter_all(fd);
	return 0;
}

#else

int main(void)
{
	fprintf(stderr, "this processor wants an aligned stack itself\n");
	return 77;
}

#endif
