/* SPDX-License-Identifier: MIT */
/*
 * The calls of sites that are not on the shortest way: all but most enters. They go as those of
 * libc's syscall() do (symbols/syscall.c), but what libc would do is done by the kernel alone.
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SITES

#include "base/arch/site_entry.h"
#include "ring/register.h"
#include "wait/enter_look.h"
#include "wait/plain.h"
#include "symbols/calls.h"
#include "sites/answer.h"

static int bare_setup(unsigned entries, struct io_uring_params *p)
{
	return kernel_setup(entries, p);
}

static int bare_register(unsigned fd, unsigned opcode, const void *arg, unsigned nr_args)
{
	return kernel_register(fd, opcode, arg, nr_args);
}

static int bare_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
		      size_t size)
{
	return kernel_enter(fd, submit, wait_nr, flags, (uintptr_t)arg, size);
}

/*
 * Where the entry can, it leaves a call whose result does not concern us to the site's own instruction.
 * A debugger, a filter, who unwinds and who is cancelled then see the call that the program makes.
 */
#if ARCH_SITE_ENTRY_CALLS

static long at_site(long nr, long a, long b, long c, long d, long e, long f)
{
	(void)nr, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	return SITE_AS_MADE;
}

static long plain_enter(const struct enter *e)
{
	return config.enters_change ? enter_plain(e, NULL) : SITE_AS_MADE;
}

#else

#define at_site kernel_call

static long plain_enter(const struct enter *e)
{
	return enter_plain(e, NULL);
}

#endif

/* A ring whose code makes its system calls itself: these rules are the kernel's. */
static const struct next kernel_next = {
	.known = true,
	.io_uring_setup = bare_setup,
	.io_uring_register = bare_register,
	.io_uring_enter2 = bare_enter,
};

/*
 * The frame is that of sites/enter.c, where this call has been already: a wait that a signal handler
 * left by siglongjmp() is told by its frame from one that has not returned.
 */
static long on_enter(const struct site_call *c)
{
	const struct origin origin = { .frame = c + 1 };
	const struct enter e = {
		.fd = c->a,
		.submit = c->b,
		.wait_nr = c->c,
		.flags = c->d,
		.arg = (const struct getevents_arg *)c->e,
		.size = c->f,
		.next = &kernel_next,
	};

	if (c->answer < NO_ANSWER)
		return enter_refused_of(&e, c->answer - REFUSED, NULL);
	if (config.spin_auto && enter_is_asleep(&e)) {
		enter_sleeps(&e);
		return enter_by_slot_slowly(&e, origin);
	}
	if (enter_passes(e.fd, e.flags, e.size, origin.frame))
		return plain_enter(&e);
	return enter_otherwise(&e, origin);
}

static long on_call(const struct site_call *c)
{
	switch ((int)c->nr) {
	case SYS_io_uring_enter:
		return on_enter(c);
	case SYS_io_uring_setup:
		return call_setup(&kernel_next, c->a, (struct io_uring_params *)c->b);
	case SYS_io_uring_register:
		return register_call(&kernel_next, c->a, c->b, (const void *)c->c, c->d);
	/* What these return is looked at. */
	case SYS_seccomp:
	case SYS_prctl:
	case SYS_sigaltstack:
		return call_other(kernel_call, (int)c->nr, c->a, c->b, c->c, c->d, c->e, c->f);
	}
	return call_other(at_site, (int)c->nr, c->a, c->b, c->c, c->d, c->e, c->f);
}

__attribute__((used)) long site_rest(const struct site_call *c)
{
	int saved = errno;
	long ret = on_call(c);

	errno = saved;
	return ret;
}

#endif
