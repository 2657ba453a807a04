/* SPDX-License-Identifier: MIT */
/*
 * libc's functions that make threads for their own use. As with pthread_create(), the places of the
 * calling thread are locked before (process/places.h), and registered descriptors of ours are given
 * back (ring/ring_fd.h).
 */
#include <aio.h>
#include <mqueue.h>
#include <netdb.h>
#include <signal.h>
#include <time.h>

#include "base/behind.h"
#include "process/thread.h"
#include "ring/ring_fd.h"
#include "symbols/symbols.h"

/* Called in place of a function that libc does not have. */
static int missing(void)
{
	errno = ENOSYS;
	return -1;
}

/* clang-format off */
#define MAKING_THREADS(X) \
	X(timer_create) X(mq_notify) X(getaddrinfo_a) X(aio_read) X(aio_read64) X(aio_write) \
	X(aio_write64) X(aio_fsync) X(aio_fsync64) X(lio_listio) X(lio_listio64)
/* clang-format on */

/* The real functions, looked up at the first call of any of them: few programs call one. */
static struct {
	bool found;
#define X(name) __typeof__(name) *name;
	MAKING_THREADS(X)
#undef X
} next;

static void find_all(void)
{
	void *f;

#define X(name) \
	f = function_behind_us(#name); \
	next.name = f ? (__typeof__(name) *)f : (__typeof__(name) *)(void (*)(void))missing;
	MAKING_THREADS(X)
#undef X
	__atomic_store_n(&next.found, true, __ATOMIC_RELEASE);
}

static void thread_is_made(void)
{
	if (!__atomic_load_n(&next.found, __ATOMIC_ACQUIRE))
		find_all();
	thread_keep_places();
	ringfd_give_back();
}

static void notification_is_set(const struct sigevent *event)
{
	if (!__atomic_load_n(&next.found, __ATOMIC_ACQUIRE))
		find_all();
	if (event && event->sigev_notify == SIGEV_THREAD) {
		thread_keep_places();
		ringfd_give_back();
	}
}

EXPORT int timer_create(clockid_t clock, struct sigevent *event, timer_t *timer)
{
	notification_is_set(event);
	return next.timer_create(clock, event, timer);
}

EXPORT int mq_notify(mqd_t queue, const struct sigevent *event)
{
	notification_is_set(event);
	return next.mq_notify(queue, event);
}

EXPORT int getaddrinfo_a(int mode, struct gaicb *list[], int nr, struct sigevent *event)
{
	thread_is_made();
	return next.getaddrinfo_a(mode, list, nr, event);
}

EXPORT int aio_read(struct aiocb *request)
{
	thread_is_made();
	return next.aio_read(request);
}

EXPORT int aio_read64(struct aiocb64 *request)
{
	thread_is_made();
	return next.aio_read64(request);
}

EXPORT int aio_write(struct aiocb *request)
{
	thread_is_made();
	return next.aio_write(request);
}

EXPORT int aio_write64(struct aiocb64 *request)
{
	thread_is_made();
	return next.aio_write64(request);
}

EXPORT int aio_fsync(int op, struct aiocb *request)
{
	thread_is_made();
	return next.aio_fsync(op, request);
}

EXPORT int aio_fsync64(int op, struct aiocb64 *request)
{
	thread_is_made();
	return next.aio_fsync64(op, request);
}

EXPORT int lio_listio(int mode, struct aiocb *const list[], int nr, struct sigevent *event)
{
	thread_is_made();
	return next.lio_listio(mode, list, nr, event);
}

EXPORT int lio_listio64(int mode, struct aiocb64 *const list[], int nr, struct sigevent *event)
{
	thread_is_made();
	return next.lio_listio64(mode, list, nr, event);
}
