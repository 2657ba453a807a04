/* SPDX-License-Identifier: MIT */
/*
 * Processes: rings that are inherited by every way of forking and used on both
 * sides, and programs that are started from one that waits.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

extern char **environ;

static struct io_uring ring, busy_ring;
static bool stop;

/* Waits with short timeouts all the time, in the parent: the child must not be timed by them. */
static void *short_waits(void *arg)
{
	struct __kernel_timespec ts = timespec_of(300);
	struct io_uring_cqe *cqe;

	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		int ret = io_uring_wait_cqe_timeout(&busy_ring, &cqe, &ts);

		/* A child's end may interrupt, although nobody handles SIGCHLD. */
		CHECK(ret == -ETIME || ret == -EINTR, "a wait beside children: %d", ret);
	}
	return arg;
}

static void reap(pid_t pid)
{
	int status = 0;

	NEED(pid > 0, "no child: %s", strerror(errno));
	NEED(waitpid(pid, &status, __WALL) == pid, "waitpid: %s", strerror(errno));
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status), "child: status %x", status);
}

/*
 * The child waits on the parent's ring, whose SQ stays the parent's, and then
 * has a ring of its own.
 */
static void inherit(uint64_t expected)
{
	struct __kernel_timespec ts = timespec_of(60 * 1000000LL);
	struct io_uring_cqe *cqe = NULL;
	struct io_uring own;
	int ret;

	ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	CHECK(!ret && cqe && cqe->user_data == expected, "completion in the child: %d", ret);
	if (cqe)
		io_uring_cqe_seen(&ring, cqe);
	idle_wait(&ring, 5000);
	ring_make(&own, 8, 0);
	nop_round_trip(&own, 1);
	idle_wait(&own, 2000);
	idle_wait(&ring, 1000);
	ring_end(&own);
}

static pid_t plain_fork(void)
{
	return fork();
}

/* libc's fork handlers do not run. */
static pid_t raw_clone(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void forks(int times, pid_t (*make)(void))
{
	pthread_t thread;
	uint64_t n;

	ring_make(&ring, 8, 0);
	ring_make(&busy_ring, 8, 0);
	idle_wait(&ring, 100);
	__atomic_store_n(&stop, false, __ATOMIC_RELEASE);
	NEED(!pthread_create(&thread, NULL, short_waits, NULL), "pthread_create");
	for (n = 0; times--; n++) {
		pid_t pid = make();

		if (!pid) {
			inherit(n);
			_exit(failed());
		}
		nop_submit(&ring, n);
		reap(pid);
		idle_wait(&ring, 500);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	ring_end(&ring);
	ring_end(&busy_ring);
}

void round_fork(int size)
{
	forks(10 * size, plain_fork);
}

void round_clone(int size)
{
	forks(10 * size, raw_clone);
}

/*
 * A process that shares all memory, its thread's own storage included, and
 * waits at the same time as the one that made it.
 */
static int waits_beside(void *arg)
{
	struct io_uring *mine = arg;
	int i;

	for (i = 0; i < 300; i++)
		idle_wait(mine, 1000);
	nop_round_trip(mine, 77);
	return failed();
}

/* The end of the other process may interrupt. */
static void idle_wait_interrupted(int64_t us)
{
	struct __kernel_timespec ts = timespec_of(us);
	struct io_uring_cqe *cqe;
	int ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);

	CHECK(ret == -ETIME || ret == -EINTR, "a wait beside a process: %d", ret);
}

void round_clone_vm(int size)
{
	static char stack[65536] __attribute__((aligned(64)));
	unsigned seed = size;
	int status;

	while (size--) {
		pid_t pid;

		ring_make(&ring, 8, 0);
		ring_make(&busy_ring, 8, 0);
		pid = clone(waits_beside, stack + sizeof(stack), CLONE_VM | SIGCHLD, &busy_ring);
		NEED(pid > 0, "clone: %s", strerror(errno));
		while (!waitpid(pid, &status, WNOHANG)) {
			volatile unsigned spin = random_below(&seed, 2000);

			idle_wait_interrupted(1);
			while (spin)
				spin--;
		}
		CHECK(WIFEXITED(status) && !WEXITSTATUS(status), "clone: status %x", status);
		ring_end(&ring);
		ring_end(&busy_ring);
	}
}

/* Each generation makes the next and waits for it; what it holds must not add up. */
static void generation(int left, long maps)
{
	struct io_uring own;
	struct holdings h;
	pid_t pid;

	ring_make(&own, 4, 0);
	idle_wait(&own, 100);
	nop_round_trip(&own, left);
	ring_end(&own);
	holdings_now(&h);
	if (!maps)
		maps = h.maps;
	CHECK(sanitized() || h.maps <= maps + 8, "mappings: %ld at first, %ld now, %d generations to go", maps,
	      h.maps, left);
	if (!left)
		return;
	pid = fork();
	if (!pid) {
		generation(left - 1, maps);
		_exit(failed());
	}
	reap(pid);
}

void round_chain(int size)
{
	generation(20 * size, 0);
}

int child_main(const char *name)
{
	if (!strcmp(name, "short")) {
		struct io_uring own;

		ring_make(&own, 8, 0);
		nop_round_trip(&own, 3);
		idle_wait(&own, 1000);
		ring_end(&own);
		return failed();
	}
	return child_ending(name);
}

static char *const *child_argv(const char *name)
{
	static char *argv[4];

	argv[0] = (char *)self;
	argv[1] = "child";
	argv[2] = (char *)name;
	return argv;
}

int child_start(const char *name)
{
	pid_t pid;

	NEED(!posix_spawn(&pid, self, NULL, NULL, child_argv(name), environ), "posix_spawn");
	return pid;
}

static pid_t vfork_and_exec(char *const *argv)
{
	pid_t pid = vfork();

	if (pid)
		return pid;
	/* Ours is the parent's memory, and the parent stands still. */
	idle_wait(&ring, 200);
	execv(self, argv);
	_exit(127);
}

void round_vfork(int size)
{
	ring_make(&ring, 8, 0);
	for (size *= 3; size--; ) {
		pid_t pid = vfork_and_exec(child_argv("short"));

		idle_wait(&ring, 1000);
		reap(pid);
		nop_round_trip(&ring, size);
	}
	ring_end(&ring);
}

void round_spawn(int size)
{
	pthread_t thread;

	ring_make(&busy_ring, 8, 0);
	__atomic_store_n(&stop, false, __ATOMIC_RELEASE);
	NEED(!pthread_create(&thread, NULL, short_waits, NULL), "pthread_create");
	for (size *= 3; size--; )
		reap(child_start("short"));
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	ring_end(&busy_ring);
}
