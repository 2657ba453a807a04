/* SPDX-License-Identifier: MIT */
/* The ways in which a thread ends. */
#ifndef ENDINGS_H
#define ENDINGS_H

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

enum ending { RETURNS, EXITS, IS_CANCELLED, IS_CANCELLED_ANYWHERE, EXITS_BARELY, ENDINGS };

/* Called by the thread that is to end, in this way. */
static inline void *end_thread(enum ending way)
{
	switch (way) {
	case EXITS:
		pthread_exit(NULL);
		break;
	case IS_CANCELLED:
		pthread_cancel(pthread_self());
		for (;;)
			pause();
	case IS_CANCELLED_ANYWHERE:
		pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
		pthread_cancel(pthread_self());
		for (;;)
			;
	case EXITS_BARELY:
		syscall(SYS_exit, 0);
		break;
	default:
		break;
	}
	return NULL;
}

#endif
