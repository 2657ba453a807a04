/* SPDX-License-Identifier: MIT */
/*
 * Another preload that stands in front of io_uring functions: passes each call
 * on, and at exit tells on standard error which were called. What liburing, or a
 * shim, calls on the way through another of them is not told.
 */
#include <dlfcn.h>
#include <stdio.h>

typedef long function(long, long, long, long, long, long);

/* clang-format off */
#define WRAPPED(X) \
	X(io_uring_queue_init) X(io_uring_queue_init_params) X(io_uring_queue_mmap) \
	X(io_uring_queue_exit) X(io_uring_setup) X(io_uring_register) \
	X(io_uring_submit) X(io_uring_submit_and_wait) \
	X(io_uring_wait_cqe_timeout) X(io_uring_wait_cqes) X(io_uring_submit_and_wait_timeout)

enum {
#define X(name) CALL_##name,
	WRAPPED(X)
#undef X
	CALLS
};
/* clang-format on */

static const char *const names[CALLS] = {
#define X(name) [CALL_##name] = #name,
	WRAPPED(X)
#undef X
};

static unsigned called[CALLS];

static __thread unsigned depth;

/* All take at most six words and return one; the rest is for the real ones to know. */
#define X(name) \
	long name(long a, long b, long c, long d, long e, long f); \
	long name(long a, long b, long c, long d, long e, long f) \
	{ \
		function *next = (function *)dlsym(RTLD_NEXT, #name); \
		long ret; \
		if (!depth++) \
			__atomic_fetch_add(&called[CALL_##name], 1, __ATOMIC_RELAXED); \
		ret = next(a, b, c, d, e, f); \
		depth--; \
		return ret; \
	}
WRAPPED(X)
#undef X

static __attribute__((destructor)) void tell(void)
{
	int i;

	for (i = 0; i < CALLS; i++)
		if (called[i])
			fprintf(stderr, "wrap: %s %u\n", names[i], called[i]);
}
