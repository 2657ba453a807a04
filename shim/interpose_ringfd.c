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

#include "interpose.h"
#include "ringfd.h"

/* The real ones. A program may come to us before our constructor has run. */
#define NEXT(name) \
	static __typeof__(name) *next_##name; \
	static __typeof__(name) *find_##name(void) \
	{ \
		if (__builtin_expect(!next_##name, 0)) \
			next_##name = (__typeof__(name) *)dlsym(RTLD_NEXT, #name); \
		return next_##name; \
	}
NEXT(pthread_create)
NEXT(thrd_create)
NEXT(prctl)

__attribute__((constructor))
static void find_all(void)
{
	find_pthread_create();
	find_thrd_create();
	find_prctl();
}

EXPORT int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
			  void *(*start)(void *), void *restrict arg)
{
	ringfd_have_threads();
	return find_pthread_create()(thread, attr, start, arg);
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
	ringfd_have_threads();
	return find_thrd_create()(thread, start, arg);
}

/* A filter may forbid io_uring_register(2), by which an index is given back, on pain of death. */
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
	if (op == PR_SET_SECCOMP)
		ringfd_give_back();
	return find_prctl()(op, a, b, c, d);
}
