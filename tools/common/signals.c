/* SPDX-License-Identifier: MIT */
/*
 * The system calls for signals.
 */
#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "signals.h"

/* The layout of x86-64 and arm64. We never set a handler, so the restorer is not needed. */
struct kernel_sigaction {
	void (*handler)(int);
	unsigned long flags;
	void *restorer;
	signal_set mask;
};

signal_set signals_block_only(signal_set set)
{
	signal_set old = 0;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, &old, sizeof(set));
	return old;
}

int signals_take(signal_set set, siginfo_t *info, const struct timespec *timeout)
{
	long sig;

	do
		sig = syscall(SYS_rt_sigtimedwait, &set, info, timeout, sizeof(set));
	while (sig < 0 && errno == EINTR && !timeout);
	return sig < 0 ? 0 : sig;
}

bool signals_ignored(int sig)
{
	struct kernel_sigaction old = { 0 };

	syscall(SYS_rt_sigaction, sig, NULL, &old, sizeof(signal_set));
	return old.handler == SIG_IGN;
}

bool signals_ignore(int sig, bool ignore)
{
	struct kernel_sigaction new = { .handler = ignore ? SIG_IGN : SIG_DFL }, old = { 0 };

	syscall(SYS_rt_sigaction, sig, &new, &old, sizeof(signal_set));
	return old.handler == SIG_IGN;
}

void signals_die(int sig)
{
	struct rlimit no_core = { 0, 0 };

	/* The limit of 0 does not hold for cores that are piped to a program. */
	setrlimit(RLIMIT_CORE, &no_core);
	prctl(PR_SET_DUMPABLE, 0);
	signals_ignore(sig, false);
	kill(getpid(), sig);
	signals_block_only(~SIGNAL_BIT(sig));
}
