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
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

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

static void on_end(pid_t tid)
{
	if (tid == stepping)
		end();
}

int main(int argc, char **argv)
{
	pid_t program;
	cpu_set_t one;

	if (argc < 5)
		return 2;
	library = argv[1];
	ours = strtoul(argv[2], NULL, 10);
	others = strtoul(argv[3], NULL, 10);
	/* On one processor, the two need not wake each other across. */
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	program = step_start(argv + 4, OPTIONS);
	return program ? step_through(program, on_stop, on_end) : 77;
}
