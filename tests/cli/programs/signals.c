/* SPDX-License-Identifier: MIT */
/*
 * signals receive: says who it is, then each signal that it gets and what came with it, all 64
 * of them, until SIGTERM; signals receive NUMBER sends that one to its process group first.
 * signals send PID NUMBER [VALUE]: sends one, libc's own too.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int receive(int to_group)
{
	uint64_t all = ~(uint64_t)0;
	siginfo_t info;
	int sig;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all));
	if (to_group)
		kill(0, to_group);
	printf("ready %d\n", (int)getpid());
	do {
		fflush(stdout);
		sig = syscall(SYS_rt_sigtimedwait, &all, &info, NULL, sizeof(all));
		printf("got %d", sig);
		if (info.si_code == SI_QUEUE)
			printf(" with %d", info.si_value.sival_int);
		putchar('\n');
	} while (sig != SIGTERM);
	return 5;
}

int main(int argc, char **argv)
{
	static const unsigned long by_default[4];
	union sigval value;

	if (argc <= 3 && !strcmp(argv[1], "receive"))
		return receive(argc == 3 ? atoi(argv[2]) : 0);
	if (argc < 4)
		return 2;
	/*
	 * What is started by posix_spawn ignores libc's own two (glibc 2.36), and libc does not let
	 * that be changed.
	 */
	syscall(SYS_rt_sigaction, atoi(argv[3]), by_default, NULL, sizeof(uint64_t));
	if (argc == 4)
		return syscall(SYS_kill, atoi(argv[2]), atoi(argv[3])) ? 1 : 0;
	value.sival_int = atoi(argv[4]);
	return sigqueue(atoi(argv[2]), atoi(argv[3]), value) ? 1 : 0;
}
