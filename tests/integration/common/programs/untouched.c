/* SPDX-License-Identifier: MIT */
/*
 * Calls each wait function in each state it may meet, each time as the first
 * wait of a new thread and again, to see whether errno is left alone.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

#include "program.h"

static struct io_uring ring;

enum which { CQE_TIMEOUT, CQES, SUBMIT_TIMEOUT, CQES_MIN, SUBMIT_MIN, WHICH_END };

static const char *const names[WHICH_END] = {
	"wait_cqe_timeout",
	"wait_cqes",
	"submit_and_wait_timeout",
	"wait_cqes_min_timeout",
	"submit_and_wait_min_timeout",
};

static int call(enum which w, struct io_uring_cqe **cqe, unsigned nr, struct __kernel_timespec *ts)
{
	switch (w) {
	case CQE_TIMEOUT:
		return io_uring_wait_cqe_timeout(&ring, cqe, ts);
	case CQES:
		return io_uring_wait_cqes(&ring, cqe, nr, ts, NULL);
	case SUBMIT_TIMEOUT:
		return io_uring_submit_and_wait_timeout(&ring, cqe, nr, ts, NULL);
#if LIBURING_AT_LEAST(9)
	case CQES_MIN:
		return io_uring_wait_cqes_min_timeout(&ring, cqe, nr, ts, 100, NULL);
	case SUBMIT_MIN:
		return io_uring_submit_and_wait_min_timeout(&ring, cqe, nr, ts, 100, NULL);
#endif
	default:
		return -ENOSYS;
	}
}

static void ready(void)
{
	put_nop(&ring, 1);
	io_uring_submit(&ring);
}

static void one(enum which w, const char *state, unsigned nr, struct __kernel_timespec *ts)
{
	char what[80];

	snprintf(what, sizeof(what), "%s, %s", names[w], state);
	WAIT_CALL(&ring, what, call(w, &cqe, nr, ts));
}

static void on_alarm(int sig)
{
	(void)sig;
	errno = ERRNO_UNTOUCHED; /* what the call leaves there is what is tested */
}

/* The signal must come to this thread, not to the one that joins it. */
static void alarms(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(how, &set, NULL);
}

static void interrupted(enum which w)
{
	/* Again and again, since a busy machine may have the first one come before the wait. */
	struct itimerval t = { { .tv_usec = 20000 }, { .tv_usec = 20000 } }, none = { 0 };

	alarms(SIG_UNBLOCK);
	setitimer(ITIMER_REAL, &t, NULL);
	one(w, "interrupted", 1, AFTER_MS(60000));
	alarms(SIG_BLOCK);
	setitimer(ITIMER_REAL, &none, NULL);
}

static void *in_every_state(void *arg)
{
	enum which w = (uintptr_t)arg;

	one(w, "timeout", 1, AFTER_MS(2));
	one(w, "timeout of zero", 1, AFTER_MS(0));
	ready();
	one(w, "ready", 1, AFTER_MS(60000));
	one(w, "none wanted, none there", 0, AFTER_MS(10));
	ready();
	one(w, "more than there is", 2, AFTER_MS(2));
	put_nop(&ring, 2);
	one(w, "one to submit", 1, AFTER_MS(10));
	ready();
	one(w, "without a timeout", 1, NULL);
	one(w, "negative", 1, &(struct __kernel_timespec){ .tv_sec = -1 });
	one(w, "at a bad address", 1, (struct __kernel_timespec *)8);
	interrupted(w);
	/* What is left of NOPs that a plain wait did not submit. */
	while (io_uring_submit_and_wait_timeout(&ring, &(struct io_uring_cqe *){ 0 }, 1,
						AFTER_MS(1), NULL) >= 0)
		io_uring_cq_advance(&ring, io_uring_cq_ready(&ring));
	return NULL;
}

static void *first_is_ready(void *arg)
{
	ready();
	one((uintptr_t)arg, "first and ready", 1, AFTER_MS(60000));
	one((uintptr_t)arg, "then a timeout", 1, AFTER_MS(2));
	return NULL;
}

static void *first_is_zero(void *arg)
{
	one((uintptr_t)arg, "first and zero", 1, AFTER_MS(0));
	return NULL;
}

static void in_thread(void *(*run)(void *), uintptr_t w)
{
	pthread_t t;

	if (pthread_create(&t, NULL, run, (void *)w))
		die("pthread_create", 0);
	pthread_join(t, NULL);
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	unsigned flags = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
	uintptr_t w;

	sigaction(SIGALRM, &sa, NULL);
	alarms(SIG_BLOCK);
	RING_CALL("make", io_uring_queue_init(8, &ring, flags));
	for (w = 0; w < (LIBURING_AT_LEAST(9) ? WHICH_END : CQES_MIN); w++) {
		in_thread(first_is_ready, w);
		in_thread(first_is_zero, w);
		in_thread(in_every_state, w);
	}
	in_every_state((void *)SUBMIT_TIMEOUT);
	RING_CALL("end", (io_uring_queue_exit(&ring), 0));
	return 0;
}
