/* SPDX-License-Identifier: MIT */
/*
 * A signal handler that waits with a timeout, in a thread that ends or takes what a thread needs:
 * thread_end WHERE HOW. Each wait must end, by its timeout.
 *
 * WHERE: return, first (in the thread's first wait), destructor (of a key made before the first
 * wait; and all that comes after), exit, cancel (the same, and the thread ends by pthread_exit,
 * by cancellation), late (of a key made after it), again (return, with destructors that wait
 * themselves) HOW: wait, submit, enter2, syscall
 */
#include <errno.h>
#include <liburing.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "marks.h"
#include "wait_as.h"

static struct io_uring ring;
static const char *where, *how;
static pthread_key_t early, late;
static volatile int answer; /* of the handler's wait */
static volatile unsigned long waits;

static int timed_wait(void)
{
	return wait_as(how, &ring, (struct __kernel_timespec){ .tv_nsec = 20000 });
}

static void handler(int sig)
{
	int saved = errno;

	(void)sig;
	interrupted = 1;
	answer = timed_wait();
	waits++;
	errno = saved;
}

static void expect_etime(const char *whose, int ret)
{
	if (ret == -ETIME)
		return;
	printf("%s wait: %d\n", whose, ret);
	exit(1);
}

/* Of the early key and of the late one. */
static void destructor(void *value)
{
	(void)value;
	if (*where == 'a')
		expect_etime("a destructor's", timed_wait());
	if (*where != 'a')
		mark();
}

static void *thread(void *unused)
{
	(void)unused;
	pthread_setspecific(early, &early);
	if (*where == 'f')
		mark();
	expect_etime("the thread's", timed_wait());
	if (*where == 'f')
		mark();
	pthread_setspecific(late, &late);
	if (*where == 'c')
		pthread_cancel(pthread_self());
	if (*where == 'r' || *where == 'a')
		mark();
	if (*where == 'e')
		pthread_exit(NULL);
	pthread_testcancel();
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t t;
	long parts;

	if (argc != 3)
		return 2;
	where = argv[1];
	how = argv[2];
	if (io_uring_queue_init(8, &ring, 0))
		return 77;
	on_interrupt(handler);
	pthread_key_create(&early, strchr("deca", *where) ? destructor : NULL);
	expect_etime("the first", timed_wait());
	pthread_key_create(&late, *where == 'l' || *where == 'a' ? destructor : NULL);
	for (parts = 0;; parts++) {
		new_part();
		answer = -ETIME;
		if (pthread_create(&t, NULL, thread, NULL))
			return 1;
		pthread_join(t, NULL);
		expect_etime("a handler's", answer);
		if (!interrupted)
			break;
	}
	expect_etime("the last", timed_wait());
	fprintf(stderr, "%ld parts, %lu waits in handlers\n", parts, waits);
	puts("every wait ended");
	return 0;
}
