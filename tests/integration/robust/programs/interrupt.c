/* SPDX-License-Identifier: MIT */
/*
 * Interrupts a program at every instruction of a part of it, see marks.h: the part is executed
 * step by step, and in its n-th run the n-th instruction is followed by SIGUSR2; of those that
 * the library executes each OURS-th, of all others each OTHERS-th.
 *
 *	interrupt LIBRARY OURS OTHERS PROGRAM ARGUMENT...
 *
 * Exit status: the program's, 77 if it may not be traced.
 */
#include <elf.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stepping.h"

#define OPTIONS (PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

static const char *library;
static unsigned long text_start, text_end; /* of the library; 0: not loaded */
static pid_t stepping;			   /* 0: nobody is */
static unsigned long ours, others;
static unsigned long points, wanted; /* how many it has passed, and is to pass */

static unsigned long pc_of(pid_t tid)
{
	struct user_regs_struct regs = { 0 };
	struct iovec room = { .iov_base = &regs, .iov_len = sizeof(regs) };

	ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &room);
#if defined(__x86_64__)
	return regs.rip;
#elif defined(__aarch64__)
	return regs.pc;
#else
	return 0;
#endif
}

/* Where the library's code lies in the program. */
static void find_text(pid_t program)
{
	char path[64], line[512];
	unsigned long start, end;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", program);
	maps = fopen(path, "r");
	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, " r-xp ") && strstr(line, library) &&
		    sscanf(line, "%lx-%lx", &start, &end) == 2) {
			text_start = start;
			text_end = end;
		}
	if (maps)
		fclose(maps);
}

static void begin(pid_t tid)
{
	if (!text_end)
		find_text(tid);
	stepping = tid;
	points = 0;
}

static void end(void)
{
	stepping = 0;
	wanted += ours * others;
}

/* After a step: is it time? */
static bool due(pid_t tid)
{
	unsigned long pc = text_end ? pc_of(tid) : 0;

	points += pc >= text_start && pc < text_end ? others : ours;
	return points > wanted;
}

static void go_on(pid_t tid, int sig)
{
	ptrace(stepping == tid ? PTRACE_SINGLESTEP : PTRACE_CONT, tid, 0, sig);
}

static void on_stop(pid_t tid, int status)
{
	static pid_t hit; /* it has been interrupted, and runs to the end of the part */
	int sig = WSTOPSIG(status);

	if (status >> 16) {
		go_on(tid, 0);
	} else if (sig == SIGTRAP && tid == stepping) {
		if (due(tid)) {
			hit = tid;
			end();
			go_on(tid, SIGUSR2);
		} else {
			go_on(tid, 0);
		}
	} else if (sig == SIGUSR1) {
		if (hit == tid)
			hit = 0;
		else if (stepping == tid)
			end();
		else
			begin(tid);
		go_on(tid, 0);
	} else {
		go_on(tid, sig);
	}
}

static int trace(pid_t program)
{
	int status;
	pid_t tid;

	for (;;) {
		tid = waitpid(-1, &status, __WALL);
		if (tid < 0)
			return 1;
		if (WIFSTOPPED(status)) {
			on_stop(tid, status);
			continue;
		}
		if (tid == stepping)
			end();
		if (tid == program && WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		if (tid == program)
			return WEXITSTATUS(status);
	}
}

int main(int argc, char **argv)
{
	char byte = 0;
	pid_t program;
	cpu_set_t one;
	int go[2];

	if (argc < 5 || pipe(go))
		return 2;
	if (!can_step())
		return 77;
	library = argv[1];
	ours = strtoul(argv[2], NULL, 10);
	others = strtoul(argv[3], NULL, 10);
	/* On one processor, the two need not wake each other across. */
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	program = fork();
	if (!program) {
		close(go[1]);
		if (read(go[0], &byte, 1) != 1)
			_exit(77);
		close(go[0]);
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	close(go[0]);
	if (program < 0 || ptrace(PTRACE_SEIZE, program, 0, OPTIONS)) {
		fprintf(stderr, "a program may not be traced here\n");
		return 77;
	}
	if (write(go[1], &byte, 1) != 1)
		return 1;
	close(go[1]);
	return trace(program);
}
