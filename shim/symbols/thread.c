/* SPDX-License-Identifier: MIT */
/*
 * libc's functions after which a registered descriptor of ours could be noticed (ringfd.h): it
 * is given back before. Closing one is the business of interpose_close.c.
 *
 * Not seen: threads that libc makes for itself, which are noticed at the next wait, and those
 * made by clone(2).
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <threads.h>

#include "symbols/symbols.h"
#include "ring/ring_fd.h"

/* Where a real one cannot be found there are no threads to be had; the bare call stands in. */
static int no_pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
			     void *(*start)(void *), void *restrict arg)
{
	(void)thread, (void)attr, (void)start, (void)arg;
	return EAGAIN;
}

static int no_thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
	(void)thread, (void)start, (void)arg;
	return thrd_error;
}

static int bare_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	return as_libc_says(kernel_call(SYS_prctl, op, a, b, c, d, 0));
}

/* The real ones. Never NULL: a program may come to us before our constructor has run. */
static __typeof__(pthread_create) *next_pthread_create = no_pthread_create;
static __typeof__(thrd_create) *next_thrd_create = no_thrd_create;
static int (*next_prctl)(int, unsigned long, unsigned long, unsigned long, unsigned long) =
	bare_prctl;

static void find_all(void)
{
	static bool found;
	void *f;

	if (__atomic_exchange_n(&found, true, __ATOMIC_RELAXED))
		return;
	f = dlsym(RTLD_NEXT, "pthread_create");
	if (f)
		next_pthread_create = (__typeof__(next_pthread_create))f;
	f = dlsym(RTLD_NEXT, "thrd_create");
	if (f)
		next_thrd_create = (__typeof__(next_thrd_create))f;
	f = dlsym(RTLD_NEXT, "prctl");
	if (f)
		next_prctl = (__typeof__(next_prctl))f;
	dlerror();
}

__attribute__((constructor))
static void find_early(void)
{
	find_all();
}

EXPORT int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
			  void *(*start)(void *), void *restrict arg)
{
	ringfd_have_threads();
	if (next_pthread_create == no_pthread_create)
		find_all();	/* in another library's constructor, before ours */
	return next_pthread_create(thread, attr, start, arg);
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
	ringfd_have_threads();
	if (next_thrd_create == no_thrd_create)
		find_all();
	return next_thrd_create(thread, start, arg);
}

/* Without a filter it only asks whether there could be one. */
EXPORT int prctl(int op, ...)
{
	unsigned long a, b, c, d;
	va_list args;

	va_start(args, op);
	a = va_arg(args, unsigned long);
	b = va_arg(args, unsigned long);
	c = va_arg(args, unsigned long);
	d = va_arg(args, unsigned long);
	va_end(args);
	ringfd_prctl(op, a, b);
	return next_prctl(op, a, b, c, d);
}
