/* SPDX-License-Identifier: MIT */
/* Runs a program that is to be executed instruction by instruction, wholly or in parts. */
#ifndef STEPPING_H
#define STEPPING_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__aarch64__)
#include <asm/hwcap.h>
#endif

/*
 * Where an atomic addition is a loop that ends only if nothing came between its two ends, every step
 * comes between them.
 */
static inline bool can_step(void)
{
#if defined(__aarch64__)
	if (!(getauxval(AT_HWCAP) & HWCAP_ATOMICS)) {
		fputs("this processor's atomic additions cannot be executed step by step\n",
		      stderr);
		return false;
	}
#endif
	return true;
}

/*
 * Starts a program, traced with these options (PTRACE_O_...). Returns its process id, or 0 if that
 * cannot be done here, having said so.
 */
static inline pid_t step_start(char **command, long options)
{
	char byte = 0;
	pid_t program;
	int go[2];

	if (!can_step() || pipe(go))
		return 0;
	program = fork();
	if (!program) {
		close(go[1]);
		if (read(go[0], &byte, 1) != 1)
			_exit(77);
		close(go[0]);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	close(go[0]);
	if (program < 0 || ptrace(PTRACE_SEIZE, program, 0, options)) {
		perror("a program may not be traced here");
		return 0;
	}
	if (write(go[1], &byte, 1) != 1)
		return 0;
	close(go[1]);
	return program;
}

/*
 * Until the program ends: on_stop() lets each thread go on that has stopped, on_end() is told of each
 * that has ended. Returns the exit status as a shell gives it.
 */
static inline int step_through(pid_t program, void (*on_stop)(pid_t tid, int status),
			       void (*on_end)(pid_t tid))
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
		on_end(tid);
		if (tid == program)
			return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
}

#endif
