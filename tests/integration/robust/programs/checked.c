/* SPDX-License-Identifier: MIT */
/*
 * To be built with a sanitizer, which must have nothing to say: threads that end one after the other,
 * each with a ring of its own, and forked children that make a ring. The rings are never ended, for a
 * sanitizer does not see liburing map memory, and takes what lies at the same address for the same. All
 * threads are joined at the end, so that what one does is not known to be over when the next begins.
 */
#include <pthread.h>
#include <sys/wait.h>

#include "program.h"

#define THREADS	 8
#define CHILDREN 3

static struct io_uring rings[THREADS];
static pid_t tids[THREADS];

static unsigned waits_on(struct io_uring *ring)
{
	struct __kernel_timespec ts = { .tv_nsec = 100000 };
	struct io_uring_getevents_arg arg = { .ts = (uintptr_t)&ts };
	struct io_uring_cqe *cqe;
	unsigned expired = 0;

	expired += io_uring_wait_cqe_timeout(ring, &cqe, &ts) == -ETIME;
	expired += syscall(SYS_io_uring_enter, ring->ring_fd, 0, 1,
			   IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg, sizeof(arg)) < 0;
	ts.tv_nsec = 0;
	expired += io_uring_wait_cqe_timeout(ring, &cqe, &ts) == -ETIME;
	return expired;
}

static void *in_thread(void *number)
{
	uintptr_t i = (uintptr_t)number, expired = waits_on(&rings[i]);

	__atomic_store_n(&tids[i], gettid(), __ATOMIC_RELAXED);
	return (void *)expired;
}

/* Has that thread ended? It is not joined yet. */
static bool is_over(int i)
{
	pid_t tid = __atomic_load_n(&tids[i], __ATOMIC_RELAXED);

	return tid && syscall(SYS_tgkill, getpid(), tid, 0) < 0;
}

static void in_child(void)
{
	struct io_uring ring;

	must_init(&ring, 8, 0);
	_exit(waits_on(&ring));
}

int main(void)
{
	pthread_t threads[THREADS];
	void *expired;
	int status;
	long i;

	for (i = 0; i < THREADS; i++)
		must_init(&rings[i], 8, 0);
	for (i = 0; i < THREADS; i++) {
		if (pthread_create(&threads[i], NULL, in_thread, (void *)i))
			die("pthread_create", -errno);
		while (!is_over(i))
			usleep(1000);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &expired);
		say("thread: %u", (unsigned)(uintptr_t)expired);
	}
	for (i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (!pid)
			in_child();
		if (waitpid(pid, &status, 0) != pid)
			die("waitpid", -errno);
		say("child: %d", WEXITSTATUS(status));
	}
	return 0;
}
