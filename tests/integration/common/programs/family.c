/* SPDX-License-Identifier: MIT */
/*
 * Processes that share a ring, or have a forked past: family CASE. Each child
 * ends before its parent goes on, so that the lines come in one order.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>

#include "program.h"

static struct io_uring ring;
static const char *self;

/* A wait of 20 ms must last so long, whatever the parent's slot holds. */
static void timely(const char *who, struct io_uring *r)
{
	struct timespec a, b;
	struct io_uring_cqe *cqe;
	long ms;
	int ret;

	clock_gettime(CLOCK_MONOTONIC, &a);
	ret = io_uring_wait_cqe_timeout(r, &cqe, AFTER_MS(20));
	clock_gettime(CLOCK_MONOTONIC, &b);
	ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
	say("%s waits: %s, %s", who, name_of(ret),
	    ms < 20    ? "too short" :
	    ms > 60000 ? "too long" :
			 "as long as asked");
}

/* Leaves an hour in this thread's slot. */
static void an_hour(void)
{
	put_nop(&ring, 9);
	WAIT_CALL(&ring, "an hour at most",
		  io_uring_submit_and_wait_timeout(&ring, &cqe, 1, AFTER_MS(3600000), NULL));
}

static void end_of(const char *who, pid_t pid)
{
	int status;

	if (pid < 0)
		die(who, -errno);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid", -errno);
	if (WIFSIGNALED(status))
		say("%s was killed by signal %d", who, WTERMSIG(status));
	else
		say("%s ended with %d", who, WEXITSTATUS(status));
}

/* Submits too, so that the parent must not any more: its SQ tail is out of date. */
static void use_inherited(void)
{
	alarm(100);
	timely("child", &ring);
	wait_round(&ring);
}

static void look_inherited(void)
{
	alarm(100);
	timely("child", &ring);
	WAIT_CALL(&ring, "ask with a timeout of zero",
		  io_uring_wait_cqes(&ring, &cqe, 1, AFTER_MS(0), NULL));
}

static void use_own(void)
{
	struct io_uring own;

	alarm(100);
	must_init(&own, 8, 0);
	timely("child, on a ring of its own", &own);
	wait_round(&own);
	io_uring_queue_exit(&own);
}

static pid_t raw_clone(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static void child_of(pid_t (*make)(void), void (*first)(void), void (*second)(void))
{
	pid_t pid;

	an_hour();
	pid = make();
	if (!pid) {
		first();
		if (second)
			second();
		exit(0);
	}
	end_of("child", pid);
	timely("parent", &ring);
	timely("parent", &ring);
}

/* The child ends the inherited ring; the parent's lives on. */
static void end_inherited(void)
{
	timely("child", &ring);
	io_uring_queue_exit(&ring);
}

static void grandchild(void)
{
	pid_t pid = fork();

	if (!pid) {
		look_inherited();
		use_own();
		exit(0);
	}
	end_of("grandchild", pid);
	look_inherited();
	use_own();
}

/* Parent and child wait at the same time, for different times. */
static void together(void)
{
	pid_t pid;

	an_hour();
	pid = fork();
	if (!pid) {
		struct io_uring_cqe *cqe;
		int i, bad = 0;

		alarm(100);
		for (i = 0; i < 20; i++)
			bad += io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(3)) != -ETIME;
		exit(bad);
	}
	timely("parent", &ring);
	timely("parent", &ring);
	end_of("child", pid);
}

static void *fork_in_thread(void *arg)
{
	pid_t pid;

	timely("thread", &ring);
	pid = fork();
	if (!pid) {
		look_inherited();
		use_own();
		exit(0);
	}
	end_of("child", pid);
	timely("thread", &ring);
	return arg;
}

static void *wait_long(void *arg)
{
	struct io_uring own;
	struct io_uring_cqe *cqe;

	must_init(&own, 4, 0);
	io_uring_wait_cqe_timeout(&own, &cqe, AFTER_MS(500));
	io_uring_queue_exit(&own);
	return arg;
}

static void threads(void)
{
	pthread_t waiter, forker;

	if (pthread_create(&waiter, NULL, wait_long, NULL) ||
	    pthread_create(&forker, NULL, fork_in_thread, NULL))
		die("pthread_create", 0);
	pthread_join(forker, NULL);
	pthread_join(waiter, NULL);
	wait_round(&ring);
}

static void do_vfork(void)
{
	pid_t pid;

	an_hour();
	pid = vfork();
	if (!pid) {
		execl(self, self, "leaf", NULL);
		_exit(127);
	}
	end_of("vfork and exec", pid);
	timely("parent", &ring);
}

static void do_spawn(void)
{
	char *args[] = { (char *)self, "leaf", NULL };
	extern char **environ;
	pid_t pid = -1;
	int err;

	an_hour();
	err = posix_spawn(&pid, self, NULL, NULL, args, environ);
	if (err)
		die("posix_spawn", -err);
	end_of("posix_spawn", pid);
	timely("parent", &ring);
}

/* The descriptor alone comes from another process, by pidfd_getfd(2). */
static void passed_on(void)
{
	struct io_uring_params p = { 0 };
	int there[2], done[2], fd;
	char byte = 0;
	pid_t pid;

	if (pipe(there) || pipe(done))
		die("pipe", -errno);
	pid = fork();
	if (!pid) {
		close(done[1]);
		if (io_uring_queue_init_params(8, &ring, &p))
			die("make", 0);
		if (write(there[1], &p, sizeof(p)) != sizeof(p) ||
		    write(there[1], &ring.ring_fd, sizeof(fd)) != sizeof(fd) ||
		    read(done[0], &byte, 1) < 0)
			die("pipe", -errno);
		timely("its maker", &ring);
		exit(0);
	}
	if (read(there[0], &p, sizeof(p)) != sizeof(p) ||
	    read(there[0], &fd, sizeof(fd)) != sizeof(fd))
		die("pipe", -errno);
	fd = syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, pid, 0), fd, 0);
	if (fd < 0)
		die("pidfd_getfd", -errno);
	RING_CALL("map", io_uring_queue_mmap(fd, &p, &ring));
	ring.features = p.features;
	ring.flags = p.flags;
	ring.ring_fd = ring.enter_ring_fd = fd;
	timely("who got it", &ring);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	close(done[1]);
	end_of("its maker", pid);
}

int main(int argc, char **argv)
{
	const char *which = argc > 1 ? argv[1] : "";

	self = argv[0];
	if (!strcmp(which, "passed-on")) {
		passed_on();
		return 0;
	}
	must_init(&ring, 8, 0);
	if (!strcmp(which, "leaf"))
		wait_round(&ring);
	else if (!strcmp(which, "fork"))
		child_of(fork, use_inherited, NULL);
	else if (!strcmp(which, "fork-own"))
		child_of(fork, use_own, use_inherited);
	else if (!strcmp(which, "fork-end"))
		child_of(fork, end_inherited, use_own);
	else if (!strcmp(which, "clone"))
		child_of(raw_clone, use_inherited, use_own);
	else if (!strcmp(which, "grandchild"))
		child_of(fork, grandchild, NULL);
	else if (!strcmp(which, "together"))
		together();
	else if (!strcmp(which, "threads"))
		threads();
	else if (!strcmp(which, "vfork"))
		do_vfork();
	else if (!strcmp(which, "spawn"))
		do_spawn();
	else
		die("usage: family CASE", 0);
	io_uring_queue_exit(&ring);
	return 0;
}
