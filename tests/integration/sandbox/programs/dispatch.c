/* SPDX-License-Identifier: MIT */
/*
 * Turns on Syscall User Dispatch, so that a system call of any code but that of one library is a
 * signal, and goes on with its rings: dispatch liburing|libc
 */
#include <link.h>
#include <signal.h>
#include <sys/prctl.h>

#include "program.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif
#define TIMED (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)
#define MANY  8

static volatile char dispatched;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	dispatched = 0;
	say("system call %d is not of that library", info->si_syscall);
	_exit(1);
}

static struct {
	const char *name;
	uintptr_t start, size;
} code;

static int see(struct dl_phdr_info *info, size_t size, void *unused)
{
	const ElfW(Phdr) *p;

	(void)size, (void)unused;
	if (!strstr(info->dlpi_name, code.name))
		return 0;
	for (p = info->dlpi_phdr; p < info->dlpi_phdr + info->dlpi_phnum; p++)
		if (p->p_type == PT_LOAD && p->p_flags & PF_X) {
			code.start = info->dlpi_addr + p->p_vaddr;
			code.size = p->p_memsz;
		}
	return 1;
}

static void by_liburing(struct io_uring *ring, int *results)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 }, zero = { 0 };
	struct io_uring_cqe *cqe;
	struct io_uring second;

	*results++ = io_uring_wait_cqe_timeout(ring, &cqe, &ts);
	*results++ = io_uring_wait_cqe_timeout(ring, &cqe, &zero);
	io_uring_prep_nop(io_uring_get_sqe(ring));
	*results++ = io_uring_submit_and_wait_timeout(ring, &cqe, 1, &ts, NULL);
	io_uring_cqe_seen(ring, cqe);
	*results++ = io_uring_queue_init(4, &second, 0);
	*results++ = io_uring_wait_cqe_timeout(&second, &cqe, &ts);
	io_uring_queue_exit(&second);
	io_uring_queue_exit(ring);
}

static void by_libc(struct io_uring *ring, int *results)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_getevents_arg arg = { .ts = (uintptr_t)&ts };
	struct io_uring_params p = { 0 };
	int fd = ring->ring_fd;

	*results++ = syscall(SYS_io_uring_enter, fd, 0, 1, TIMED, &arg, sizeof(arg));
	ts.tv_nsec = 0;
	*results++ = syscall(SYS_io_uring_enter, fd, 0, 1, TIMED, &arg, sizeof(arg));
	*results++ = dup2(STDOUT_FILENO, fd);
	*results++ = close(fd);
	fd = syscall(SYS_io_uring_setup, 4, &p);
	*results++ = syscall(SYS_io_uring_enter, fd, 0, 1, TIMED, &arg, sizeof(arg));
	*results++ = syscall(SYS_close, fd);
}

int main(int argc, char **argv)
{
	struct sigaction on = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	bool liburing = argc > 1 && !strcmp(argv[1], "liburing");
	int results[MANY] = { 0 }, i;
	struct io_uring ring;

	code.name = liburing ? "liburing" : "libc.so";
	must_init(&ring, 8, IORING_SETUP_SINGLE_ISSUER);
	wait_round(&ring);
	sigaction(SIGSYS, &on, NULL);
	if (!dl_iterate_phdr(see, NULL) ||
	    prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, code.start, code.size, &dispatched)) {
		fprintf(stderr, "no Syscall User Dispatch here\n");
		return 77;
	}
	/* By its own instructions the program makes no call until that is over. */
	dispatched = 1;
	(liburing ? by_liburing : by_libc)(&ring, results);
	dispatched = 0;
	for (i = 0; i < MANY; i++)
		say("%d", results[i]);
	return 0;
}
