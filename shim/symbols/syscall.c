/* SPDX-License-Identifier: MIT */
/*
 * libc's syscall(). Programs that do without liburing make rings, register with them and wait
 * through it: those with the Rust crate io-uring, for example.
 *
 * The entry point is in assembly (base/arch/syscall_entry.h), and passes all other system calls on.
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SYSCALL_ENTRY

#include <dlfcn.h>

#include "base/arch/syscall_entry.h"
#include "contract/calls.h"
#include "ring/napi.h"
#include "ring/register.h"
#include "ring/ring_fd.h"
#include "wait/ask.h"
#include "wait/enter_look.h"
#include "wait/watch.h"
#include "symbols/calls.h"
#include "symbols/start.h"
#include "symbols/symbols.h"

_Static_assert(SYSCALL_ENTRY_EXT_ARG == IORING_ENTER_EXT_ARG, "as the entry knows it");

/* used: the assembly refers to these four, which the compiler cannot see. */
__attribute__((used)) uint8_t syscall_is_ours[SYSCALL_ENTRY_CALLS];

static long syscall_early(long nr, long a, long b, long c, long d, long e, long f);

/*
 * libc's syscall(), or that of an interposer behind us. Until our constructor has run it is not
 * known, and the system call is made directly.
 */
/* clang-format off */
__attribute__((used))
long (*syscall_next)(long, long, long, long, long, long, long) = syscall_early;
__attribute__((used))
long (*syscall_enter_next)(long, long, long, long, long, long, long) = syscall_early;
/* clang-format on */

static long syscall_early(long nr, long a, long b, long c, long d, long e, long f)
{
	return as_libc_says(kernel_call(nr, a, b, c, d, e, f));
}

/* A system call that returns as liburing's do: -errno, and errno unchanged. */
static long next_call(long nr, long a, long b, long c, long d, long e, long f)
{
	int saved = errno;
	long ret = syscall_next(nr, a, b, c, d, e, f);

	if (ret == -1)
		ret = -errno;
	errno = saved;
	return ret;
}

static int libc_setup(unsigned entries, struct io_uring_params *p)
{
	return next_call(SYS_io_uring_setup, entries, (long)p, 0, 0, 0, 0);
}

static int libc_register(unsigned fd, unsigned opcode, const void *arg, unsigned nr_args)
{
	return next_call(SYS_io_uring_register, fd, opcode, (long)arg, nr_args, 0, 0);
}

static int libc_enter(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
		      void *arg, size_t size)
{
	return next_call(SYS_io_uring_enter, fd, to_submit, min_complete, flags, (long)arg, size);
}

/* The real functions for rings that are made through syscall(), until liburing maps such a ring. */
static const struct next libc_next = {
	.known = true,
	.io_uring_setup = libc_setup,
	.io_uring_register = libc_register,
	.io_uring_enter2 = libc_enter,
};

/* With REGWAIT_IOWAIT=off or REGWAIT_SPIN, and in the mode observe. */
static long enter_not_as_is(long nr, long fd, long submit, long wait_nr, long flags, long arg,
			    long size)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, (const void *)arg, size);
	uint64_t start;
	long made;
	int ret;

	if (config.spin && enter_looks(&e, &ret))
		return as_libc_says(ret);
	start = config.watches ? watch_enter(&e) : 0;
	made = syscall_next(nr, fd, submit, wait_nr, iowait_bare_flags(flags), arg, size);
	watch_end(start);
	return made;
}

SEPARATE long other_enter(long nr, long fd, long submit, long wait_nr, long flags, long arg,
			  long size)
{
	struct enter e = enter_of(fd, submit, wait_nr, flags, (const void *)arg, size);

	if (config.spin_auto && enter_is_asleep(&e)) {
		enter_sleeps(&e);
		return as_libc_says(enter_by_slot(&e, origin_here()));
	}
	e.next = &libc_next;
	if (enter_passes(fd, flags, size, origin_here().frame))
		return syscall_enter_next(nr, fd, submit, wait_nr, flags, arg, size);
	return as_libc_says(enter_otherwise(&e, origin_here()));
}

/* A timeout of zero that may be answered by asking the kernel. */
SEPARATE long ask_enter(long nr, long fd, long submit, long wait_nr, long flags, long arg,
			long size)
{
	const struct enter e = { .fd = fd, .flags = flags };
	int ret;

	if (enter_by_asking(&e, origin_here(), &ret))
		return as_libc_says(ret);
	return other_enter(nr, fd, submit, wait_nr, flags, arg, size);
}

SEPARATE long hot_enter(long nr, long fd, long submit, long wait_nr, long flags, long arg,
			long size)
{
	const struct enter e = enter_of(fd, submit, wait_nr, flags, (const void *)arg, size);

	if (enter_is_hot(&e))
		return as_libc_says(enter_by_slot(&e, origin_here()));
	if (enter_may_ask(&e))
		return ask_enter(nr, fd, submit, wait_nr, flags, arg, size);
	return other_enter(nr, fd, submit, wait_nr, flags, arg, size);
}

/* An enter with IORING_ENTER_EXT_ARG; the assembly passes all others on. */
__attribute__((used)) long syscall_enter(long nr, long fd, long submit, long wait_nr, long flags,
					 long arg, long size)
{
	unsigned state;

	if (unlikely(!enter_is_short(flags, size)))
		return other_enter(nr, fd, submit, wait_nr, flags, arg, size);
	state = enter_state(fd, flags);
	if (likely(fd_state_is_armed(state)))
		return hot_enter(nr, fd, submit, wait_nr, flags, arg, size);
	if (enter_passes_at_once(state))
		return syscall_enter_next(nr, fd, submit, wait_nr, flags, arg, size);
	return other_enter(nr, fd, submit, wait_nr, flags, arg, size);
}

__attribute__((used)) long syscall_of_ours(long nr, long a, long b, long c, long d, long e, long f)
{
	long ret;

	switch (nr) {
	case SYS_io_uring_setup:
		return as_libc_says(call_setup(&libc_next, a, (struct io_uring_params *)b));
	case SYS_io_uring_register:
		if (!config.syscalls) {
			ringfd_registering(b);
			ret = syscall_next(nr, a, b, c, d, e, f);
			napi_registered(a, b, ret);
			return ret;
		}
		return as_libc_says(register_call(&libc_next, a, b, (const void *)c, d));
	}
	return call_other(syscall_next, nr, a, b, c, d, e, f);
}

void syscall_start(void)
{
	static const short ours[] = {
#define X(name) SYS_##name,
		REGWAIT_CALLS(X)
#undef X
	};
	__typeof__(syscall_next) next = (__typeof__(next))dlsym(RTLD_NEXT, "syscall");
	unsigned i;

	if (next)
		syscall_next = next;
	syscall_enter_next = config.enters_change ? enter_not_as_is : syscall_next;
	if (config.mode == MODE_OFF)
		return;
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		syscall_is_ours[ours[i]] = 1;
	if (!config.syscalls) {
		syscall_is_ours[SYS_io_uring_setup] = 0;
		syscall_is_ours[SYS_io_uring_enter] = 0;
	}
}

#else

#include "symbols/start.h"

void syscall_start(void)
{
}

#endif
