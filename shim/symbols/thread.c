/* SPDX-License-Identifier: MIT */
/*
 * Some functions of libc's change what the process's threads share, or may call.
 *
 * Before a thread is made, the places of this thread are locked (process/places.h). Before that,
 * and before a sandbox is entered, registered descriptors of ours are given back, since they could
 * be noticed afterwards (ring/ring_fd.h). unshare() and clone() may give threads descriptor tables
 * of their own (process/threads.h). Threads that libc makes for its own use are seen in
 * libc_threads.c, and closed descriptors in close.c.
 *
 * Not seen: threads made by clone(2) without libc.
 */
#include <dlfcn.h>
#include <sched.h>
#include <stdarg.h>
#include <threads.h>

#include "process/fd_state.h"
#include "process/thread.h"
#include "process/threads.h"
#include "ring/ring_fd.h"
#include "symbols/sandbox.h"
#include "symbols/stack.h"
#include "symbols/start.h"
#include "symbols/symbols.h"

/*
 * Called until the real functions are found. Making a thread fails; others are bare system calls.
 */
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

static int no_clone(int (*start)(void *), void *stack, int flags, void *arg, ...)
{
	(void)start, (void)stack, (void)flags, (void)arg;
	errno = ENOSYS;
	return -1;
}

static int bare_sigaltstack(const stack_t *stack, stack_t *old)
{
	return as_libc_says(kernel_call(SYS_sigaltstack, (long)stack, (long)old, 0, 0, 0, 0));
}

static int bare_setns(int fd, int type)
{
	return as_libc_says(kernel_call(SYS_setns, fd, type, 0, 0, 0, 0));
}

static int bare_unshare(int flags)
{
	return as_libc_says(kernel_call(SYS_unshare, flags, 0, 0, 0, 0, 0));
}

static int bare_prctl(int op, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	return as_libc_says(kernel_call(SYS_prctl, op, a, b, c, d, 0));
}

/* The real functions. Never NULL: another library's constructor may call us before ours has run. */
static __typeof__(pthread_create) *next_pthread_create = no_pthread_create;
static __typeof__(thrd_create) *next_thrd_create = no_thrd_create;
static __typeof__(clone) *next_clone = no_clone;
static __typeof__(unshare) *next_unshare = bare_unshare;
static __typeof__(setns) *next_setns = bare_setns;
static __typeof__(sigaltstack) *next_sigaltstack = bare_sigaltstack;
static int (*next_prctl)(int, unsigned long, unsigned long, unsigned long,
			 unsigned long) = bare_prctl;

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
	f = dlsym(RTLD_NEXT, "clone");
	if (f)
		next_clone = (__typeof__(next_clone))f;
	f = dlsym(RTLD_NEXT, "sigaltstack");
	if (f)
		next_sigaltstack = (__typeof__(next_sigaltstack))f;
	f = dlsym(RTLD_NEXT, "setns");
	if (f)
		next_setns = (__typeof__(next_setns))f;
	f = dlsym(RTLD_NEXT, "unshare");
	if (f)
		next_unshare = (__typeof__(next_unshare))f;
	f = dlsym(RTLD_NEXT, "prctl");
	if (f)
		next_prctl = (__typeof__(next_prctl))f;
	dlerror();
}

void thread_start(void)
{
	find_all();
}

EXPORT int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
			  void *(*start)(void *), void *restrict arg)
{
	thread_keep_places();
	ringfd_give_back();
	if (next_pthread_create == no_pthread_create)
		find_all(); /* called by another library's constructor, before ours */
	return next_pthread_create(thread, attr, start, arg);
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
	thread_keep_places();
	ringfd_give_back();
	if (next_thrd_create == no_thrd_create)
		find_all();
	return next_thrd_create(thread, start, arg);
}

/*
 * With CLONE_VM, makes a thread that libc does not know of, unless its parent stands still
 * meanwhile. A process of its own that shares our descriptors may close them unseen, so nothing is
 * kept of these any more.
 */
EXPORT int clone(int (*start)(void *), void *stack, int flags, void *arg, ...)
{
	unsigned child = flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID);
	unsigned tls_or_child = child | (flags & CLONE_SETTLS);
	pid_t *parent_tid = NULL, *child_tid = NULL;
	void *tls = NULL;
	va_list args;

	/* Arguments that the flags do not ask for may not have been passed. */
	va_start(args, arg);
	if (tls_or_child | (flags & (CLONE_PARENT_SETTID | CLONE_PIDFD)))
		parent_tid = va_arg(args, pid_t *);
	if (tls_or_child)
		tls = va_arg(args, void *);
	if (child)
		child_tid = va_arg(args, pid_t *);
	va_end(args);
	if (flags & CLONE_NEWUSER)
		__atomic_store_n(&area.kept.user_namespace, NAMESPACE_UNKNOWN, __ATOMIC_RELAXED);
	if (flags & CLONE_VM && !(flags & CLONE_VFORK)) {
		thread_keep_places();
		ringfd_have_clones();
		if (!(flags & CLONE_FILES))
			fd_tables_part();
	} else if (flags & CLONE_FILES) {
		ringfd_have_clones();
		fd_tables_part();
	}
	if (next_clone == no_clone)
		find_all();
	return next_clone(start, stack, flags, arg, parent_tid, tls, child_tid);
}

EXPORT int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	int ret;

	stack_changes(stack);
	ret = next_sigaltstack(stack, old);
	stack_changed(stack, ret);
	return ret;
}

EXPORT int setns(int fd, int type)
{
	int ret = next_setns(fd, type);

	__atomic_store_n(&area.kept.user_namespace, NAMESPACE_UNKNOWN, __ATOMIC_RELAXED);
	return ret;
}

EXPORT int unshare(int flags)
{
	int ret = next_unshare(flags);

	if (flags & CLONE_NEWUSER)
		__atomic_store_n(&area.kept.user_namespace, NAMESPACE_UNKNOWN, __ATOMIC_RELAXED);
	if (!ret && flags & CLONE_FILES)
		fd_tables_unshare();
	return ret;
}

EXPORT int prctl(int op, ...)
{
	unsigned long a, b, c, d;
	va_list args;
	int ret;

	va_start(args, op);
	a = va_arg(args, unsigned long);
	b = va_arg(args, unsigned long);
	c = va_arg(args, unsigned long);
	d = va_arg(args, unsigned long);
	va_end(args);
	if (!prctl_enters_sandbox(op, a, b))
		return next_prctl(op, a, b, c, d);
	ringfd_entering_sandbox();
	ret = next_prctl(op, a, b, c, d);
	if (ret < 0)
		process_leaves_sandbox();
	return ret;
}
