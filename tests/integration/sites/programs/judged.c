/* SPDX-License-Identifier: MIT */
/*
 * Makes calls by an instruction of its own, which are judged by where it is: judged filter|dispatch
 *
 * filter: a seccomp filter lets SIGSYS come for them. dispatch: the kernel does, by
 * PR_SET_SYSCALL_USER_DISPATCH. The handler says where the call was made, and answers it. On other
 * processors than x86-64 the site's own instruction is replaced, so there is nothing to see.
 */
#ifdef __x86_64__

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "inline_call.h"
#include "program.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH /* 5.11 */
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON	     1
#endif

#define ANSWER 4711
#define TIMED  (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

static struct io_uring ring;
static volatile char blocked; /* read by the kernel: 1 blocks */
static struct __kernel_timespec ts = { .tv_nsec = 1000 };
static struct io_uring_getevents_arg argument = { .sigmask_sz = 8 };

static __attribute__((noinline)) long site(long nr, long a, long b, long c, long d, long e, long f)
{
	return inline_call(nr, a, b, c, d, e, f);
}

static volatile struct {
	long nr, where, argument;
} seen;

static void judge(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	(void)sig;
	blocked = 0;
	seen.nr = info->si_syscall;
	seen.where = (char *)info->si_call_addr - (char *)site;
	seen.argument = regs[REG_R8];
	regs[REG_RAX] = ANSWER;
}

static void filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_enter, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sched_yield, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &program))
		exit(77);
}

static void dispatch(void)
{
	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &blocked))
		exit(77);
}

static void judged(const char *what, bool blocks, long nr, long a, long c, long d, long e, long f)
{
	long ret;

	seen.nr = -1;
	blocked = blocks;
	ret = site(nr, a, 0, c, d, e, f);
	blocked = 0;
	printf("%s: %ld, call %ld, %ld bytes behind, %s\n", what, ret, seen.nr, seen.where,
	       seen.argument == e ? "as made" : "changed");
	if (ret != ANSWER)
		exit(1);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = judge, .sa_flags = SA_SIGINFO };
	bool blocks = argc > 1 && *argv[1] == 'd';

	argument.ts = (uintptr_t)&ts;
	must_init(&ring, 8, 0);
	sigaction(SIGSYS, &action, NULL);
	printf("wait: %ld\n", site(SYS_io_uring_enter, ring.ring_fd, 0, 1, TIMED, (long)&argument,
				   sizeof(argument)));
	blocks ? dispatch() : filter();
	judged("another call", blocks, SYS_sched_yield, 0, 0, 0, 0, 0);
	judged("close", blocks, SYS_close, -1, 0, 0, 0, 0);
	judged("untimed enter", blocks, SYS_io_uring_enter, ring.ring_fd, 0, 0, 0, 0);
	judged("timed enter", blocks, SYS_io_uring_enter, ring.ring_fd, 1, TIMED, (long)&argument,
	       sizeof(argument));
	return 0;
}

#else

int main(void)
{
	return 77;
}

#endif
