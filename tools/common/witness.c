/* SPDX-License-Identifier: MIT */
/*
 * The witness, and how it is asked. The kernel sends a signal to the processes of a group one after
 * the other, under a lock. Once we have had the same lock for writing, all of them have got the
 * signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "signals.h"
#include "witness.h"

#define GRACE_NS    30000000
#define PATIENCE_MS 200 /* for an answer of a witness that was stopped */

/*
 * Signals that end programs may be sent to one process after the other, as systemd does to a unit.
 */
#define ENDING (SIGNAL_BIT(SIGTERM) | SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGQUIT))

struct answer {
	int sig; /* 0: the witness did not get it */
	int code;
	pid_t sender;
};

static int questions = -1;
static bool started;

/*
 * Another name, because whoever looks for the command by name means the process that passes signals
 * on.
 */
void hide_name(const char *name)
{
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	char args[4096];
	size_t size = 0;
	ssize_t n;

	prctl(PR_SET_NAME, name);
	while (fd >= 0 && (n = read(fd, args, sizeof(args))) > 0)
		size += n;
	/* The words of the command line lie in memory one after the other. */
	memset(program_invocation_name, 0, size);
}

static void bear_witness(int from)
{
	const char ready = 1;
	struct answer answer;
	struct timespec grace = { 0 };
	siginfo_t info;
	int sig;

	hide_name("witness");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (from > 0)
		close_range(0, from - 1, 0);
	close_range(from + 1, ~0U, 0);
	if (write(from, &ready, 1) < 0)
		_exit(1);
	while (read(from, &sig, sizeof(sig)) == sizeof(sig)) {
		/*
		 * Changes nothing, but returns only after a signal on its way to the group has
		 * arrived everywhere.
		 */
		setpgid(0, getpgrp());
		grace.tv_nsec = SIGNAL_BIT(sig) & ENDING ? GRACE_NS : 0;
		memset(&answer, 0, sizeof(answer));
		answer.sig = signals_take(SIGNAL_BIT(sig), &info, &grace);
		if (answer.sig) {
			answer.code = info.si_code;
			answer.sender = info.si_pid;
		}
		if (write(from, &answer, sizeof(answer)) < 0)
			break;
	}
	_exit(0);
}

void witness_start(void)
{
	int ends[2];
	char ready;
	pid_t pid;

	if (started || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return;
	started = true;
	pid = fork();
	if (!pid)
		bear_witness(ends[1]);
	close(ends[1]);
	if (pid > 0 && read(ends[0], &ready, 1) == 1)
		questions = ends[0];
	else
		close(ends[0]);
}

int witness_fd(void)
{
	return questions;
}

/* The witness is gone, or does not answer: then all signals are passed on. */
static void dismiss(void)
{
	close(questions);
	questions = -1;
}

bool witness_saw(int sig, pid_t sender)
{
	struct pollfd answered = { .fd = questions, .events = POLLIN };
	struct answer answer;

	if (questions < 0)
		return false;
	if (send(questions, &sig, sizeof(sig), MSG_NOSIGNAL) != sizeof(sig) ||
	    poll(&answered, 1, PATIENCE_MS) != 1 ||
	    read(questions, &answer, sizeof(answer)) != sizeof(answer)) {
		dismiss();
		return false;
	}
	return answer.sig == sig && answer.code == SI_USER && answer.sender == sender;
}
