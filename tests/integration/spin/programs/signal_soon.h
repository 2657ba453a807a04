/* SPDX-License-Identifier: MIT */
/*
 * A thread that sends signals to one that waits.
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "soon.h"

static volatile int begun, ended;
static pthread_t waiter;

/* A first signal soon after a wait began, and another when that has not ended it. */
static void *signal_soon(void *arg)
{
	(void)arg;
	for (;;) {
		int64_t end;

		while (!__atomic_exchange_n(&begun, 0, __ATOMIC_SEQ_CST))
			if (ended)
				return NULL;
		for (end = now_us() + SOON_US; now_us() < end;)
			;
		do {
			pthread_kill(waiter, SIGUSR1);
			for (end = now_us() + 20000; !begun && !ended && now_us() < end;)
				usleep(100);
		} while (!begun && !ended);
	}
}
