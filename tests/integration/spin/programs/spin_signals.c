/* SPDX-License-Identifier: MIT */
/*
 * spin_signals SCENARIO [FLAGS]: bare enters on a ring with these setup flags, and other threads.
 *
 *	signal	a handler runs soon after a wait began
 *	stack	the same on an alternate signal stack
 *	inside	waits of a handler that runs on an alternate signal stack
 *	other	a thread that is not the ring's
 */
#include <pthread.h>
#include <signal.h>

#include "bare.h"
#include "signal_soon.h"

static volatile int handled;
static bool waits_inside;

static void on_signal(int sig)
{
	(void)sig;
	if (waits_inside) {
		put_timeout(5);
		tell("inside", CALL_TIME, wait_by(CALL_TIME, flush(), 1, LATER_MS * 1000));
		errno = ERRNO_UNTOUCHED;
	}
	__atomic_fetch_add(&handled, 1, __ATOMIC_SEQ_CST);
}

#define ROUNDS 4

/* A wait that the first signal missed, since its thread was too late, has two: but it must be seldom. */
static void signals(bool with_stack)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = with_stack ? SA_ONSTACK : 0 };
	/* Its end is not aligned. */
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65531 };
	int i, way, by_first = 0;
	pthread_t t;

	if (with_stack && sigaltstack(&stack, NULL))
		die("sigaltstack", -errno);
	waiter = pthread_self();
	sigaction(SIGUSR1, &act, NULL);
	pthread_create(&t, NULL, signal_soon, NULL);
	for (i = 0; i < ROUNDS; i++)
		for (way = 0; way < WAYS; way++) {
			int ret;

			handled = 0;
			__atomic_store_n(&begun, 1, __ATOMIC_SEQ_CST);
			ret = wait_by(way, 0, 1, LATER_MS * 1000);
			by_first += handled == 1;
			tell("interrupted", way, ret);
		}
	ended = 1;
	pthread_join(t, NULL);
	say("most by the first signal: %s", by_first > ROUNDS * WAYS / 2 ? "yes" : "no");
}

/* A handler waits on its own stack while nobody waits below it. */
static void inside(void)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK };
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
	int i;

	waits_inside = true;
	if (sigaltstack(&stack, NULL))
		die("sigaltstack", -errno);
	sigaction(SIGUSR1, &act, NULL);
	for (i = 0; i < 10; i++)
		raise(SIGUSR1);
	say("%d came back", handled);
}

static void *wait_as_other(void *arg)
{
	int way;

	(void)arg;
	for (way = 0; way < WAYS; way++) {
		/* Of a ring with DEFER_TASKRUN these fail; of others they end by what comes. */
		if (!(ring.flags & IORING_SETUP_SINGLE_ISSUER)) {
			put_timeout(way);
			io_uring_submit(&ring);
		}
		tell("by another", way, wait_by(way, 0, 1, LATER_MS * 1000));
	}
	return NULL;
}

static void other(void)
{
	pthread_t t;

	pthread_create(&t, NULL, wait_as_other, NULL);
	pthread_join(t, NULL);
}

int main(int argc, char **argv)
{
	begin(argc, argv);
	if (!strcmp(argv[1], "signal"))
		signals(false);
	else if (!strcmp(argv[1], "stack"))
		signals(true);
	else if (!strcmp(argv[1], "inside"))
		inside();
	else
		other();
	io_uring_queue_exit(&ring);
	return 0;
}
