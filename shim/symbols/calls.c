/* SPDX-License-Identifier: MIT */
/*
 * What is done about system calls that come by their numbers.
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SYSCALL_ENTRY

#include <sched.h>

#include "base/greet.h"
#include "process/readable.h"
#include "ring/closing.h"
#include "ring/ring.h"
#include "ring/ring_fd.h"
#include "symbols/calls.h"
#include "symbols/sandbox.h"
#include "symbols/stack.h"

static int make_setup(const struct creation *c)
{
	return c->next->io_uring_setup(c->sq_entries, c->p);
}

int call_setup(const struct next *next, unsigned entries, struct io_uring_params *p)
{
	if (process_sandboxed || !params_are_writable(p))
		return next->io_uring_setup(entries, p);
	config_greet();
	return ring_create(&(struct creation){
		.make = make_setup,
		.next = next,
		.sq_entries = entries,
		.p = p,
	});
}

/* The calls that close descriptors; the same as in symbols/close.c. */
static void on_close(long nr, long a, long b, long c)
{
	switch (nr) {
	case SYS_close:
		fd_closing(a);
		break;
#ifdef SYS_dup2
	case SYS_dup2:
#endif
	case SYS_dup3:
		fd_replaced(a, b);
		break;
	case SYS_close_range:
		fds_closing(a, b, c);
	}
}

/* The calls that enter a sandbox; the same as in symbols/thread.c. */
static long on_sandbox(call_function *make, long nr, long a, long b, long c, long d, long e, long f)
{
	bool enters = nr == SYS_prctl ? prctl_enters_sandbox(a, b, c) :
					seccomp_enters_sandbox(a, c);
	long ret;

	if (enters)
		ringfd_entering_sandbox();
	ret = make(nr, a, b, c, d, e, f);
	if (enters && ret < 0)
		process_leaves_sandbox();
	return ret;
}

long call_other(call_function *make, long nr, long a, long b, long c, long d, long e, long f)
{
	long ret;

	if (nr == SYS_seccomp || nr == SYS_prctl)
		return on_sandbox(make, nr, a, b, c, d, e, f);
	if (nr == SYS_unshare && a & CLONE_FILES)
		fd_tables_unshare();
	if (nr == SYS_sigaltstack) {
		stack_changes((const stack_t *)a);
		ret = make(nr, a, b, c, d, e, f);
		stack_changed((const stack_t *)a, ret);
		return ret;
	}
	if (nr == SYS_setns || (nr == SYS_unshare && a & CLONE_NEWUSER))
		__atomic_store_n(&area.kept.user_namespace, NAMESPACE_UNKNOWN, __ATOMIC_RELAXED);
	on_close(nr, a, b, c);
	return make(nr, a, b, c, d, e, f);
}

#endif
