/* SPDX-License-Identifier: MIT */
/*
 * The ways in which a program ends while its threads wait.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

#define NR 6

static struct io_uring shared_ring;
static unsigned started;

static void *waits_for_ever(void *arg)
{
	struct __kernel_timespec ts = timespec_of(60 * 1000000LL);
	struct io_uring_cqe *cqe;
	struct io_uring own;
	bool long_wait = (uintptr_t)arg % 2;

	ring_make(&own, 8, 0);
	idle_wait(&own, 200);
	__atomic_fetch_add(&started, 1, __ATOMIC_RELEASE);
	if (long_wait)
		io_uring_wait_cqe_timeout(&shared_ring, &cqe, &ts);
	for (;;)
		idle_wait(&own, 100);
	return NULL;
}

static void on_exit_wait(void)
{
	idle_wait(&shared_ring, 500);
}

static void *ends_process(void *arg)
{
	(void)arg;
	exit(45);
}

/* SIGKILL, SIGTERM and abort by signal, the others by a status of their own. */
/* clang-format off */
static const struct ending {
	const char *name;
	int status, sig;
} endings[] = {
	{ "exit", 41, 0 }, { "_exit", 42, 0 }, { "return", 43, 0 }, { "quick_exit", 44, 0 },
	{ "thread", 45, 0 }, { "main-leaves", 45, 0 }, { "abort", 0, SIGABRT },
	{ "kill", 0, SIGKILL }, { "term", 0, SIGTERM }, { "exec", 0, 0 },
};
/* clang-format on */

static int end_by(const char *name)
{
	pthread_t thread;

	if (!strcmp(name, "exit"))
		exit(41);
	if (!strcmp(name, "_exit"))
		_exit(42);
	if (!strcmp(name, "return"))
		return 43;
	if (!strcmp(name, "quick_exit"))
		quick_exit(44);
	if (!strcmp(name, "abort"))
		abort();
	if (!strcmp(name, "kill") || !strcmp(name, "term"))
		kill(getpid(), *name == 'k' ? SIGKILL : SIGTERM);
	if (!strcmp(name, "exec"))
		execl(self, self, "child", "short", NULL);
	NEED(!pthread_create(&thread, NULL, ends_process, NULL), "pthread_create");
	if (!strcmp(name, "main-leaves"))
		pthread_exit(NULL);
	for (;;)
		pause();
}

int child_ending(const char *name)
{
	pthread_t thread;
	uintptr_t i;

	atexit(on_exit_wait);
	ring_make(&shared_ring, 8, 0);
	idle_wait(&shared_ring, 100);
	for (i = 0; i < NR; i++)
		NEED(!pthread_create(&thread, NULL, waits_for_ever, (void *)i), "pthread_create");
	while (__atomic_load_n(&started, __ATOMIC_ACQUIRE) < NR)
		sleep_us(100);
	sleep_us(1000);
	return end_by(name);
}

static void end_once(const struct ending *e)
{
	int64_t start = now_us();
	int pid = child_start(e->name), status = 0;

	NEED(waitpid(pid, &status, 0) == pid, "waitpid");
	if (e->sig)
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == e->sig, "%s: status %x", e->name,
		      status);
	else
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == e->status, "%s: status %x",
		      e->name, status);
	CHECK(now_us() - start < 2 * LATE, "%s took %lld us", e->name,
	      (long long)(now_us() - start));
}

void round_endings(int size)
{
	size_t i;

	while (size--)
		for (i = 0; i < sizeof(endings) / sizeof(*endings); i++)
			end_once(&endings[i]);
}
