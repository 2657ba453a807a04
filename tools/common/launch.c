/* SPDX-License-Identifier: MIT */
/*
 * Starts a program and waits for it. All signals are blocked meanwhile, and taken one at a time.
 * While a signal is blocked, the kernel queues it even if it is ignored. So we learn of it, and the
 * program still inherits that it is ignored.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch.h"
#include "library.h"
#include "pass_on.h"
#include "signals.h"
#include "witness.h"

/* What we were started with, and what the program is started with. */
static struct {
	bool held;
	signal_set mask;
	bool ignores_children;
	bool ignores_file_size; /* SIGXFSZ */
	struct itimerval timers[3];
} inherited;

static const int timers[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };

static void hold_signals(void)
{
	struct itimerval none = { 0 };
	size_t i;

	if (inherited.held)
		return;
	inherited.held = true;
	inherited.mask = signals_block_only(ALL_SIGNALS);
	/* If SIGCHLD were ignored, the exit status would be lost. */
	inherited.ignores_children = signals_ignore(SIGCHLD, false);
	for (i = 0; i < sizeof(timers) / sizeof(timers[0]); i++)
		setitimer(timers[i], &none, &inherited.timers[i]);
}

void launch_prepare(void)
{
	inherited.ignores_file_size = signals_ignore(SIGXFSZ, true);
}

/* Restores the signals: in the child as late as possible, in this process at the end. */
static void give_signals_back(void)
{
	size_t i;

	if (!inherited.held)
		return;
	if (inherited.ignores_children)
		signals_ignore(SIGCHLD, true);
	for (i = 0; i < sizeof(timers) / sizeof(timers[0]); i++)
		if (timerisset(&inherited.timers[i].it_value))
			setitimer(timers[i], &inherited.timers[i], NULL);
	signals_block_only(inherited.mask);
}

/* Sets the environment that the shim reads, in the process that will become the program. */
static int set_environment(const struct launch *l)
{
	char pid[16], run[16], **setting;
	int err;

	if (l->without)
		return 0;
	err = library_path() ? library_preload() : -ELIBACC;
	if (err)
		return err;
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	snprintf(run, sizeof(run), "%d", (int)l->run);
	setenv("REGWAIT_LIVE", "on", 1);
	if (l->run)
		setenv("REGWAIT_RUN", run, 1);
	else
		unsetenv("REGWAIT_RUN");
	if (l->children)
		unsetenv("REGWAIT_PID");
	else
		setenv("REGWAIT_PID", pid, 1);
	if (l->mode)
		setenv("REGWAIT", l->mode, 1);
	for (setting = l->settings; setting && *setting; setting++)
		putenv(*setting);
	return 0;
}

/* Returns only if that failed: -errno. */
static int execute(char **argv)
{
	char magic[4] = "";
	int fd;

	signals_ignore(SIGXFSZ, inherited.ignores_file_size);
	/* execvp hands what the kernel cannot run to a shell, even a foreign ELF file. */
	if (strchr(argv[0], '/')) {
		execv(argv[0], argv);
		fd = errno == ENOEXEC ? open(argv[0], O_RDONLY | O_CLOEXEC) : -1;
		if (fd >= 0 && read(fd, magic, sizeof(magic)) == sizeof(magic) &&
		    !memcmp(magic, "\177ELF", sizeof(magic)))
			return -ENOEXEC;
		if (fd >= 0)
			close(fd);
	}
	execvp(argv[0], argv);
	return -errno;
}

int launch_in_place(const struct launch *l)
{
	int err = set_environment(l);

	fflush(NULL);
	return err ? err : execute(l->argv);
}

/* The child. If we are killed by SIGKILL, so is the program, as if it were the only process. */
static void become(const struct launch *l, pid_t parent, int failed)
{
	int err = set_environment(l);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(126);
	if (l->input >= 0)
		dup2(l->input, STDIN_FILENO);
	if (l->output >= 0)
		dup2(l->output, STDOUT_FILENO);
	if (l->error >= 0)
		dup2(l->error, STDERR_FILENO);
	if (!err) {
		give_signals_back();
		err = execute(l->argv);
	}
	if (write(failed, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* A random number and not the process id, which other processes had before, or have elsewhere. */
void launch_mark(struct launch *l)
{
	uint32_t n = 0;

	if (getrandom(&n, sizeof(n), 0) != sizeof(n))
		n = getpid();
	n &= INT32_MAX;
	l->run = n ? n : 1;
}

pid_t launch_start(struct launch *l)
{
	pid_t pid, parent = getpid();
	int failed[2], err = 0;

	/* A successful exec closes it; otherwise it brings the errno. */
	if (pipe2(failed, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	hold_signals();
	witness_start();
	launch_mark(l);
	pid = fork();
	if (pid < 0)
		err = -errno;
	else if (!pid)
		become(l, parent, failed[1]);
	close(failed[1]);
	if (pid > 0 && read(failed[0], &err, sizeof(err)) == sizeof(err))
		waitpid(pid, NULL, 0);
	close(failed[0]);
	return err ? err : pid;
}

/* Closes the descriptors between these two. */
static void close_between(int low, int high)
{
	if (low + 1 < high)
		close_range(low + 1, high - 1, 0);
}

void launch_let_go_but(int keep, int keep_too)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int first = keep < keep_too ? keep : keep_too, last = keep < keep_too ? keep_too : keep;

	/* The other end of the program's pipes must see when the program closes them. */
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	if (first < STDERR_FILENO)
		first = STDERR_FILENO;
	if (last < first)
		last = first;
	close_between(STDERR_FILENO, first);
	close_between(first, last);
	close_range(last + 1, ~0U, 0);
}

void launch_let_go(int keep)
{
	launch_let_go_but(keep, witness_fd());
}

/* Short intervals while there is something to do: a job may start a process each millisecond. */
static const struct timespec busy = { .tv_nsec = 20000000 }, idle = { .tv_nsec = 100000000 };

int launch_wait(const struct launch *l, pid_t pid, struct rusage *usage)
{
	const struct timespec *pause = l->meanwhile ? &busy : NULL;
	struct rusage unused;
	siginfo_t info;
	pid_t ended;
	int status, sig;

	for (;;) {
		ended = wait4(pid, &status, WNOHANG | WUNTRACED, usage ? usage : &unused);
		if (ended < 0)
			return -errno;
		if (ended && !WIFSTOPPED(status))
			return status;
		if (ended)
			pass_on_stop(pid, WSTOPSIG(status));
		sig = signals_take(ALL_SIGNALS, &info, pause);
		if (sig)
			pass_on(pid, sig, &info);
		else if (pause)
			pause = l->meanwhile(l->arg) ? &busy : &idle;
	}
}

bool launch_stopped(void)
{
	static const int sigs[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
	signal_set set = 0;
	siginfo_t info;
	size_t i;

	for (i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++)
		if (!signals_ignored(sigs[i]))
			set |= SIGNAL_BIT(sigs[i]);
	while (inherited.held && signals_take(set, &info, &(struct timespec){ 0 }))
		pass_on_note(info.si_signo);
	return pass_on_told_to_stop(set);
}

void launch_done(void)
{
	give_signals_back();
	inherited.held = false;
}

void launch_end_like(int status)
{
	fflush(NULL);
	if (WIFSIGNALED(status))
		signals_die(WTERMSIG(status));
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
