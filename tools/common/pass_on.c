/* SPDX-License-Identifier: MIT */
/*
 * Passes signals on to the program. Two kinds it gets without us: those that the kernel sends to
 * the foreground processes of a terminal, and those that are sent to its whole process group. All
 * others were sent to us alone and are meant for the program.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pass_on.h"
#include "process_stat.h"
#include "witness.h"

static signal_set came;
static pid_t watcher; /* a process that sees when a stopped program is continued */
static bool was_stopped;

/* Is this process the program, or one that the program started? */
static bool belongs_to(pid_t pid, pid_t program)
{
	char state;
	int depth;

	for (depth = 0; pid > 1 && depth < 64; depth++) {
		if (pid == program)
			return true;
		pid = process_stat(pid, &state);
	}
	return false;
}

/* Signals of a terminal: keys, size, hang-up, and those that stop background processes. */
static bool is_of_terminal(int sig)
{
	static const int sigs[] = { SIGINT,  SIGQUIT,  SIGTSTP, SIGTTIN,
				    SIGTTOU, SIGWINCH, SIGHUP,	SIGCONT };
	size_t i;

	for (i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++)
		if (sig == sigs[i])
			return true;
	return false;
}

static bool program_got_it(pid_t program, int sig, const siginfo_t *info)
{
	bool leader = getsid(0) == getpid(), by_group;

	/* The witness is asked about each signal, so that it forgets those that the group got. */
	by_group = sig != SIGCHLD && witness_saw(sig, info->si_pid) && info->si_code == SI_USER;
	/* When a terminal is gone, the kernel sends SIGHUP only to the leader of its session. */
	if (info->si_code == SI_KERNEL)
		return is_of_terminal(sig) && !(leader && (sig == SIGHUP || sig == SIGCONT));
	if (sig == SIGCHLD && info->si_code > 0)
		return true; /* from the kernel, about a child of ours */
	if (sig == SIGCONT && was_stopped) {
		was_stopped = false;
		return info->si_pid == watcher || !process_stopped(program);
	}
	return by_group ||
	       (info->si_code <= 0 && info->si_pid > 0 && belongs_to(info->si_pid, program));
}

void pass_on_note(int sig)
{
	came |= SIGNAL_BIT(sig);
}

bool pass_on_told_to_stop(signal_set set)
{
	return came & set;
}

void pass_on(pid_t program, int sig, const siginfo_t *info)
{
	siginfo_t copy;

	if (sig != SIGCHLD)
		pass_on_note(sig);
	if (program_got_it(program, sig, info))
		return;
	copy = *info;
	/* With its sender and value, if the kernel lets us; otherwise the signal alone. */
	if (info->si_code != SI_QUEUE || syscall(SYS_rt_sigqueueinfo, program, sig, &copy))
		kill(program, sig);
}

/* Whoever stopped the program may continue the program only, and not us. */
static pid_t start_watcher(pid_t program)
{
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid;
	while (getppid() == parent && process_stopped(program))
		usleep(50000);
	if (getppid() == parent)
		kill(parent, SIGCONT);
	_exit(0);
}

void pass_on_stop(pid_t program, int sig)
{
	bool ignored;

	watcher = start_watcher(program);
	was_stopped = true;
	ignored = signals_ignore(sig, false); /* fails for SIGSTOP, which cannot be ignored */
	kill(getpid(), sig);
	signals_block_only(ALL_SIGNALS & ~SIGNAL_BIT(sig));
	/* We stop here, and go on from here. */
	signals_block_only(ALL_SIGNALS);
	if (ignored)
		signals_ignore(sig, true);
	if (watcher > 0) {
		kill(watcher, SIGKILL);
		waitpid(watcher, NULL, 0);
	}
}
