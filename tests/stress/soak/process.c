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

struct beside {
	struct io_uring ring;
	int pipe[2];
};

/* Waits with short timeouts all the time, in the parent: the child must not be timed by them. */
static void *short_waits(void *arg)
{
	struct __kernel_timespec ts = timespec_of(300);
	struct io_uring_cqe *cqe;

	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		int ret = io_uring_wait_cqe_timeout(&busy_ring, &cqe, &ts);

		/* The end of a child may interrupt, although nobody handles SIGCHLD. */
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
 * A process that shares all memory, its thread's own storage included, and waits while the one
 * that made it is in a wait. (Two that begin a wait at the same instant have one slot for both,
 * as they have one errno.)
 */
static int waits_beside(void *arg)
{
	struct beside *b = arg;
	int i;

	sleep_us(20000); /* the other one is asleep in its wait then */
	for (i = 0; i < 100; i++)
		idle_wait(&b->ring, 1000);
	nop_round_trip(&b->ring, 77);
	CHECK(write(b->pipe[1], "x", 1) == 1, "write: %s", strerror(errno));
	return failed();
}

/* The end of the other process may interrupt. */
static void wait_for_read(struct beside *b)
{
	struct __kernel_timespec ts = timespec_of(60 * 1000000LL);
	struct io_uring_cqe *cqe = NULL;
	char byte = 0;
	int ret;

	io_uring_prep_read(io_uring_get_sqe(&ring), b->pipe[0], &byte, 1, 0);
	NEED(io_uring_submit(&ring) == 1, "submit");
	do {
		ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	} while (ret == -EINTR);
	CHECK(!ret && cqe->res == 1 && byte == 'x', "a wait beside a process: %d", ret);
	if (!ret)
		io_uring_cqe_seen(&ring, cqe);
}

void round_clone_vm(int size)
{
	static char stack[65536] __attribute__((aligned(64)));

	while (size--) {
		struct beside b;
		pid_t pid;

		ring_make(&ring, 8, 0);
		ring_make(&b.ring, 8, 0);
		NEED(!pipe(b.pipe), "pipe: %s", strerror(errno));
		pid = clone(waits_beside, stack + sizeof(stack), CLONE_VM | SIGCHLD, &b);
		NEED(pid > 0, "clone: %s", strerror(errno));
		wait_for_read(&b);
		reap(pid);
		close(b.pipe[0]);
		close(b.pipe[1]);
		ring_end(&ring);
		ring_end(&b.ring);
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
	CHECK(sanitized() || h.maps <= maps + 8,
	      "mappings: %ld at first, %ld now, %d generations to go", maps, h.maps, left);
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
	/* Our memory is the parent's, and the parent does not run meanwhile. */
	idle_wait(&ring, 200);
	execv(self, argv);
	_exit(127);
}

void round_vfork(int size)
{
	ring_make(&ring, 8, 0);
	for (size *= 3; size--;) {
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
	for (size *= 3; size--;)
		reap(child_start("short"));
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	ring_end(&busy_ring);
}
