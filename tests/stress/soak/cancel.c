/* SPDX-License-Identifier: MIT */
/*
 * Threads that are cancelled, or leave, in the middle of a wait. No liburing
 * wait is a cancellation point, and none may become one.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>

#include "soak.h"

#define NR 8

static struct io_uring idle_ring; /* nothing ever comes */
static sem_t ready;

static bool cancelling; /* set before the first thread is cancelled */

/*
 * From 2.41 on glibc sends its signal to a thread whose cancellation is deferred as well. That ends
 * a wait as any signal does, and is not by itself the end of the thread.
 *
 * A function of its own: what a thread that is cancelled has on its stack, AddressSanitizer goes on
 * guarding when the thread has been unwound.
 */
static __attribute__((noinline)) void wait_deferred(void)
{
	struct __kernel_timespec ts = timespec_of(2000);
	struct io_uring_cqe *cqe = NULL;
	int64_t start = now_us();
	int ret = io_uring_wait_cqe_timeout(&idle_ring, &cqe, &ts);

	CHECK(ret == -ETIME || (ret == -EINTR && __atomic_load_n(&cancelling, __ATOMIC_ACQUIRE)),
	      "wait on an idle ring: %d", ret);
	CHECK(!cqe, "a completion on an idle ring");
	check_expired(start, 2000, ret);
}

static void *waits_deferred(void *arg)
{
	sem_post(&ready);
	for (;;) {
		wait_deferred();
		/* Not cancelled inside: whoever comes here finished the wait. */
		pthread_testcancel();
	}
	return arg;
}

static void *waits_asynchronous(void *arg)
{
	struct __kernel_timespec ts = timespec_of(60 * 1000000LL);
	struct io_uring_cqe *cqe;

	idle_wait(&idle_ring, 100);
	sem_post(&ready);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	io_uring_wait_cqe_timeout(&idle_ring, &cqe, &ts);
	CHECK(false, "a wait of 60 s ended although nothing came");
	return arg;
}

/* From its very first wait on: whatever the wait prepares may be cut short. */
static void *waits_at_once(void *arg)
{
	struct __kernel_timespec ts = timespec_of(60 * 1000000LL);
	struct io_uring_cqe *cqe;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	__atomic_store_n((int *)arg, 1, __ATOMIC_RELEASE);
	io_uring_wait_cqe_timeout(&idle_ring, &cqe, &ts);
	return arg;
}

static void cancel_all(int times, void *(*what)(void *), int64_t pause)
{
	pthread_t threads[NR];
	unsigned seed = 1;
	int64_t start;
	void *result;
	int i;

	ring_make(&idle_ring, 4, 0);
	sem_init(&ready, 0, 0);
	while (times--) {
		__atomic_store_n(&cancelling, false, __ATOMIC_RELEASE);
		for (i = 0; i < NR; i++)
			NEED(!pthread_create(&threads[i], NULL, what, NULL), "pthread_create");
		for (i = 0; i < NR; i++) {
			while (sem_wait(&ready))
				;
		}
		sleep_us(random_below(&seed, pause));
		start = now_us();
		__atomic_store_n(&cancelling, true, __ATOMIC_RELEASE);
		for (i = 0; i < NR; i++)
			NEED(!pthread_cancel(threads[i]), "pthread_cancel");
		for (i = 0; i < NR; i++) {
			pthread_join(threads[i], &result);
			CHECK(result == PTHREAD_CANCELED, "a cancelled thread returned %p", result);
		}
		CHECK(now_us() - start < LATE, "cancelling took %lld us",
		      (long long)(now_us() - start));
	}
	sem_destroy(&ready);
	idle_wait(&idle_ring, 1000);
	nop_round_trip(&idle_ring, 42);
	ring_end(&idle_ring);
}

void round_cancel_deferred(int size)
{
	cancel_all(size, waits_deferred, 5000);
}

void round_cancel_async(int size)
{
	cancel_all(5 * size, waits_asynchronous, 2000);
}

/* One at a time and without a pause, so that the cancellation meets the first steps of the wait. */
void round_cancel_early(int size)
{
	unsigned seed = size;
	pthread_t thread;
	void *result;
	int i;

	ring_make(&idle_ring, 4, 0);
	for (i = 0; i < 100 * size; i++) {
		volatile unsigned spin = random_below(&seed, 3000);
		int there = 0;

		NEED(!pthread_create(&thread, NULL, waits_at_once, &there), "pthread_create");
		spin_until(&there);
		while (spin)
			spin--;
		NEED(!pthread_cancel(thread), "pthread_cancel");
		pthread_join(thread, &result);
		CHECK(result == PTHREAD_CANCELED, "a cancelled thread returned %p", result);
	}
	idle_wait(&idle_ring, 1000);
	ring_end(&idle_ring);
}

static void leave_thread(int sig)
{
	(void)sig;
	pthread_exit((void *)0x5eed);
}

static void *waits_for_signal(void *arg)
{
	struct __kernel_timespec ts = timespec_of(60 * 1000000LL);
	struct io_uring_cqe *cqe;

	idle_wait(&idle_ring, 100);
	sem_post(&ready);
	io_uring_wait_cqe_timeout(&idle_ring, &cqe, &ts);
	/* The signal may have come just before the wait began or after it was interrupted. */
	for (;;)
		sleep_us(1000);
	return arg;
}

void round_exit_in_handler(int size)
{
	struct sigaction action = { .sa_handler = leave_thread }, old;
	unsigned seed = size;
	pthread_t thread;
	void *result;
	int i;

	sigaction(SIGUSR1, &action, &old);
	ring_make(&idle_ring, 4, 0);
	sem_init(&ready, 0, 0);
	for (i = 0; i < 20 * size; i++) {
		NEED(!pthread_create(&thread, NULL, waits_for_signal, NULL), "pthread_create");
		while (sem_wait(&ready))
			;
		sleep_us(random_below(&seed, 300));
		pthread_kill(thread, SIGUSR1);
		pthread_join(thread, &result);
		CHECK(result == (void *)0x5eed, "the thread returned %p", result);
	}
	sem_destroy(&ready);
	idle_wait(&idle_ring, 1000);
	ring_end(&idle_ring);
	sigaction(SIGUSR1, &old, NULL);
}
