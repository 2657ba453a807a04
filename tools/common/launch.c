/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch.h"

#define LIBRARY "libregwait.so"

const char *launch_library(void)
{
	static char path[PATH_MAX + 32];
	static const char *const places[] = { "", "../lib/" };
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;
	size_t i;

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	for (i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%.*s%s" LIBRARY, (int)(slash + 1 - self), self,
			 places[i]);
		if (!access(path, R_OK))
			return path;
	}
	return NULL;
}

/* Adds the library behind what is preloaded already; the loader splits at spaces and colons. */
static int add_preload(const char *library)
{
	const char *old = getenv("LD_PRELOAD"), *at;
	size_t len = strlen(library);
	char *all;

	if (strpbrk(library, " :"))
		return -EINVAL;
	if (!old || !*old)
		return setenv("LD_PRELOAD", library, 1) ? -errno : 0;
	for (at = old; (at = strstr(at, library)); at += len)
		if ((at == old || strchr(" :", at[-1])) && strchr(" :", at[len]))
			return 0;
	if (asprintf(&all, "%s:%s", old, library) < 0)
		return -ENOMEM;
	setenv("LD_PRELOAD", all, 1);
	free(all);
	return 0;
}

/* In the child: the environment the shim shall find. */
static int prepare(const struct launch *l)
{
	const char *library = launch_library();
	char pid[16], **setting;
	int err;

	if (l->without)
		return 0;
	if (!library)
		return -ELIBACC;
	err = add_preload(library);
	if (err)
		return err;
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("REGWAIT_LIVE", "on", 1);
	setenv("REGWAIT_RUN", pid, 1);
	if (!l->children)
		setenv("REGWAIT_PID", pid, 1);
	if (l->mode)
		setenv("REGWAIT", l->mode, 1);
	for (setting = l->settings; setting && *setting; setting++)
		putenv(*setting);
	return 0;
}

static volatile pid_t passes_to;
static volatile sig_atomic_t missed, stopped;

/*
 * What somebody sent to us is meant for the program. What the kernel sent, for a
 * key pressed at the terminal, the program got as well; but for an alarm that was
 * set before we were executed.
 */
static void pass_on(int sig, siginfo_t *info, void *context)
{
	(void)context;
	stopped |= sig == SIGINT || sig == SIGQUIT || sig == SIGTERM || sig == SIGHUP;
	if (info->si_code == SI_KERNEL && sig != SIGALRM)
		return;
	if (passes_to > 0)
		kill(passes_to, sig);
	else
		missed = sig;
}

static const int passed[] = {
	SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGCONT, SIGALRM, SIGWINCH
};

/* What we were told to ignore stays ignored, for the program inherits that. */
static void handle_signals(void)
{
	struct sigaction pass = { .sa_sigaction = pass_on, .sa_flags = SA_RESTART | SA_SIGINFO };
	struct sigaction old;
	size_t i;

	for (i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		if (!sigaction(passed[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(passed[i], &pass, NULL);
}

static void unhandle_signals(void)
{
	struct sigaction old;
	size_t i;

	for (i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		if (!sigaction(passed[i], NULL, &old) && old.sa_handler != SIG_IGN)
			signal(passed[i], SIG_DFL);
}

bool launch_stopped(void)
{
	return stopped;
}

/* Returns only if that failed: -errno. */
static int execute(char **argv)
{
	char magic[4] = "";
	int fd;

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

static void become(const struct launch *l, int failed)
{
	int err;

	unhandle_signals();
	err = prepare(l);
	if (l->output >= 0)
		dup2(l->output, STDOUT_FILENO);
	if (!err) {
		err = execute(l->argv);
	}
	if (write(failed, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

pid_t launch_start(const struct launch *l)
{
	int failed[2], err = 0;
	pid_t pid;

	/* Closed by a successful exec; otherwise the reason comes through it. */
	if (pipe2(failed, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	missed = 0;
	handle_signals();
	pid = fork();
	if (pid < 0)
		err = -errno;
	else if (!pid)
		become(l, failed[1]);
	close(failed[1]);
	if (pid > 0) {
		passes_to = pid;
		if (missed)
			kill(pid, missed);
	}
	if (pid > 0 && read(failed[0], &err, sizeof(err)) == sizeof(err))
		waitpid(pid, NULL, 0);
	close(failed[0]);
	if (err)
		passes_to = 0;
	return err ? err : pid;
}

int launch_wait(pid_t pid, struct rusage *usage)
{
	struct rusage unused;
	int status;

	while (wait4(pid, &status, 0, usage ? usage : &unused) < 0)
		if (errno != EINTR)
			return -errno;
	passes_to = 0;
	return status;
}

void launch_end_like(int status)
{
	fflush(NULL);
	if (WIFSIGNALED(status)) {
		struct rlimit no_core = { 0, 0 };

		setrlimit(RLIMIT_CORE, &no_core);
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
