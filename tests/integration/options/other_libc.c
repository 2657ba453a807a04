/* SPDX-License-Identifier: MIT */
/*
 * Calls what the library stands before, and prints what came of it. For musl-gcc, which has no
 * headers of the kernel's.
 */
#define _GNU_SOURCE
#include <aio.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define SETUP	      425
#define ENTER	      426
#define GETEVENTS     1U
#define EXT_ARG	      8U
#define PARAMS_SIZE   120
#define TIMEOUT_MS(n) ((struct timespec){ .tv_nsec = (n)*1000000L })

struct wait_arg {
	uint64_t sigmask;
	uint32_t sigmask_sz, min_wait;
	uint64_t ts;
};

static void tell(const char *what, long ret)
{
	printf("%s: %ld, %s\n", what, ret < 0 ? ret : 0L, ret < 0 ? strerror(errno) : "no error");
	fflush(stdout);
}

static void wait_for_nothing(int fd)
{
	struct timespec ts = TIMEOUT_MS(5), now = { 0 };
	struct wait_arg arg = { .ts = (uintptr_t)&ts };

	tell("wait", syscall(ENTER, fd, 0, 1, GETEVENTS | EXT_ARG, &arg, sizeof(arg)));
	arg.ts = (uintptr_t)&now;
	tell("look", syscall(ENTER, fd, 0, 1, GETEVENTS | EXT_ARG, &arg, sizeof(arg)));
	tell("untimed", syscall(ENTER, fd, 0, 0, GETEVENTS, NULL, 0));
}

static void *in_thread(void *fd)
{
	wait_for_nothing(*(int *)fd);
	return NULL;
}

static int in_thrd(void *fd)
{
	wait_for_nothing(*(int *)fd);
	return 0;
}

static void threads(int fd)
{
	pthread_t thread;
	thrd_t thrd;

	tell("pthread_create", pthread_create(&thread, NULL, in_thread, &fd));
	pthread_join(thread, NULL);
	tell("thrd_create", thrd_create(&thrd, in_thrd, &fd));
	thrd_join(thrd, NULL);
}

static int in_clone(void *fd)
{
	wait_for_nothing(*(int *)fd);
	return close(*(int *)fd);
}

static void children(int fd)
{
	static char stack[65536] __attribute__((aligned(16)));
	int status = -1;
	pid_t child = fork();

	if (!child)
		_exit(in_clone(&fd));
	waitpid(child, &status, 0);
	tell("fork", status ? -1 : 0);
	child = clone(in_clone, stack + sizeof(stack), SIGCHLD, &fd);
	waitpid(child, &status, 0);
	tell("clone", status ? -1 : 0);
	tell("unshare", unshare(CLONE_FILES));
}

static void other_calls(void)
{
	static char stack[65536], byte;
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct aiocb read = { .aio_buf = &byte, .aio_nbytes = 1 };
	struct sigevent none = { .sigev_notify = SIGEV_NONE };
	const struct aiocb *list[] = { &read };
	void *self = dlopen(NULL, RTLD_NOW);
	timer_t timer;

	tell("sigaltstack", sigaltstack(&alternate, NULL));
	tell("prctl", prctl(PR_GET_DUMPABLE));
	tell("timer_create", timer_create(CLOCK_MONOTONIC, &none, &timer));
	read.aio_fildes = open("/dev/zero", O_RDONLY);
	tell("aio_read", aio_read(&read));
	aio_suspend(list, 1, NULL);
	tell("aio_return", aio_return(&read));
	tell("dlerror", !dlsym(self, "no such name") && dlerror() ? 0 : -1);
	tell("dlclose", dlclose(self));
}

int main(void)
{
	char params[PARAMS_SIZE] = { 0 };
	int fd = syscall(SETUP, 8, params);

	tell("setup", fd);
	wait_for_nothing(fd);
	tell("dup2", dup2(fd, 20));
	tell("dup3", dup3(fd, 21, O_CLOEXEC));
	wait_for_nothing(20);
	children(fd);
	threads(fd);
	other_calls();
	tell("close", close(fd));
	wait_for_nothing(fd);
	wait_for_nothing(21);
	return 7;
}
