/* SPDX-License-Identifier: MIT */
/* The bare entry points: liburing's names for the system calls, and libc's syscall(). */
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "inline_call.h"
#include "oracle.h"

#define ENTRIES 4

/* By which entry point a system call is made. */
enum entry { LIBURING, LIBC };

static const char *const entry_names[] = { "liburing", "libc" };

static int enter(enum entry entry, int fd, unsigned submit, unsigned wait, unsigned flags,
		 void *arg, size_t size)
{
	if (entry == LIBURING)
		return io_uring_enter2(fd, submit, wait, flags, arg, size);
	return syscall(__NR_io_uring_enter, fd, submit, wait, flags, arg, size);
}

/* What io_uring_submit does before it enters the kernel. */
static void publish(struct io_uring *ring)
{
	io_uring_smp_store_release(ring->sq.ktail, ring->sq.sqe_tail);
	ring->sq.sqe_head = ring->sq.sqe_tail;
}

static void timed_enter(struct io_uring *ring, enum entry entry, const char *what, unsigned wait,
			double ms, unsigned flags, sigset_t *mask)
{
	struct __kernel_timespec ts = after_ms(ms);
	struct io_uring_getevents_arg arg = {
		.sigmask = (unsigned long)mask,
		.sigmask_sz = 8,
		.ts = (unsigned long)&ts,
	};
	unsigned submit = ring->sq.sqe_tail - ring->sq.sqe_head;
	struct sight s;

	publish(ring);
	look(&s, ring, "%s %s nr%u %gms", entry_names[entry], what, wait, ms);
	tell(&s, enter(entry, ring->enter_ring_fd, submit, wait,
		       flags | IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg, sizeof(arg)));
}

static void timed(enum entry entry)
{
	struct io_uring ring;
	sigset_t mask;

	sigemptyset(&mask);
	make_ring(&ring, ENTRIES, 0);
	timed_enter(&ring, entry, "empty", 1, T_MS, 0, NULL);
	timed_enter(&ring, entry, "empty", 1, 0, 0, NULL);
	timed_enter(&ring, entry, "empty", 0, T_MS, 0, NULL);
	timed_enter(&ring, entry, "mask", 1, MIN_WAIT_MS, 0, &mask);
	timed_enter(&ring, entry, "bad mask", 1, MIN_WAIT_MS, 0, BAD_POINTER);
	put_nops(&ring, 1, UD_NOP);
	timed_enter(&ring, entry, "one NOP", 1, T_MS, 0, NULL);
	timed_enter(&ring, entry, "ready", 1, T_MS, 0, NULL);
	timed_enter(&ring, entry, "ready", 2, T_MS, 0, NULL);
	drain(&ring);
	put_stuck(&ring, UD_STUCK);
	timed_enter(&ring, entry, "stuck", 1, T_MS, 0, NULL);
	three_questions(&ring, "between ");
	timed_enter(&ring, entry, "again", 1, MIN_WAIT_MS, 0, NULL);
	must(io_uring_register_ring_fd(&ring), "io_uring_register_ring_fd");
	timed_enter(&ring, entry, "registered", 1, MIN_WAIT_MS, IORING_ENTER_REGISTERED_RING, NULL);
	io_uring_queue_exit(&ring);

	make_ring(&ring, ENTRIES, IORING_SETUP_IOPOLL);
	timed_enter(&ring, entry, "iopoll", 1, MIN_WAIT_MS, 0, NULL);
	timed_enter(&ring, entry, "iopoll", 1, 0, 0, NULL);
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void timed_liburing(void)	{ timed(LIBURING); }
static void timed_libc(void)		{ timed(LIBC); }
/* clang-format on */

/* Arguments that make no sense, and waits without a limit. */
static void other_arguments(enum entry entry)
{
	unsigned get = IORING_ENTER_GETEVENTS, ext = get | IORING_ENTER_EXT_ARG;
	struct io_uring_getevents_arg arg = { .sigmask_sz = 8 };
	const char *name = entry_names[entry];
	struct io_uring ring;
	struct sight s;
	sigset_t mask;
	int fd;

	sigemptyset(&mask);
	make_ring(&ring, ENTRIES, 0);
	fd = ring.ring_fd;
	look(&s, &ring, "%s size 23", name);
	tell(&s, enter(entry, fd, 0, 1, ext, &arg, sizeof(arg) - 1));
	look(&s, &ring, "%s no argument", name);
	tell(&s, enter(entry, fd, 0, 1, ext, NULL, sizeof(arg)));
	look(&s, &ring, "%s no events", name);
	tell(&s, enter(entry, fd, 0, 0, IORING_ENTER_EXT_ARG, &arg, sizeof(arg)));
	arg.sigmask_sz = 7;
	arg.sigmask = (unsigned long)&mask;
	look(&s, &ring, "%s mask of size 7", name);
	tell(&s, enter(entry, fd, 0, 1, ext, &arg, sizeof(arg)));
	look(&s, &ring, "%s unknown flag", name);
	tell(&s, enter(entry, fd, 0, 0, 1u << 30, NULL, 0));
	look(&s, &ring, "%s bad fd", name);
	tell(&s, enter(entry, -1, 0, 1, get, NULL, 8));
	look(&s, &ring, "%s no ring", name);
	tell(&s, enter(entry, 0, 0, 1, get, NULL, 8));
	complete_nops(&ring, 1, UD_READY);
	look(&s, &ring, "%s untimed", name);
	tell(&s, enter(entry, fd, 0, 1, get, &mask, 8));
	look(&s, &ring, "%s by io_uring_enter", name);
	tell(&s, io_uring_enter(fd, 0, 1, get, &mask));
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void other_liburing(void)	{ other_arguments(LIBURING); }
static void other_libc(void)		{ other_arguments(LIBC); }
/* clang-format on */

/* ---- clocks -------------------------------------------------------------------------------- */

static void absolute(void)
{
#ifdef IORING_ENTER_ABS_TIMER
	struct io_uring_getevents_arg arg = { .sigmask_sz = 8 };
	struct __kernel_timespec ts;
	struct io_uring ring;
	struct timespec now;
	struct sight s;

	make_ring(&ring, ENTRIES, 0);
	clock_gettime(CLOCK_MONOTONIC, &now);
	ts = after_ms(T_MS);
	ts.tv_sec += now.tv_sec;
	ts.tv_nsec += now.tv_nsec;
	arg.ts = (unsigned long)&ts;
	look(&s, &ring, "future");
	tell(&s,
	     io_uring_enter2(ring.ring_fd, 0, 1,
			     IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | IORING_ENTER_ABS_TIMER,
			     (void *)&arg, sizeof(arg)));
	look(&s, &ring, "past");
	tell(&s,
	     io_uring_enter2(ring.ring_fd, 0, 1,
			     IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | IORING_ENTER_ABS_TIMER,
			     (void *)&arg, sizeof(arg)));
	three_questions(&ring, "between ");
	io_uring_queue_exit(&ring);
#else
	skip("", "these headers do not know the flag");
#endif
}

static void other_clock(void)
{
#if LIBURING_AT_LEAST(8)
	struct io_uring_clock_register clock = { .clockid = CLOCK_BOOTTIME };
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	say("/boottime: ret=%s", errname(io_uring_register_clock(&ring, &clock)));
	three_questions(&ring, "boottime ");
	clock.clockid = CLOCK_REALTIME;
	say("/realtime: ret=%s", errname(io_uring_register_clock(&ring, &clock)));
	three_questions(&ring, "still boottime ");
	io_uring_queue_exit(&ring);
#else
	skip("", "this liburing does not have io_uring_register_clock");
#endif
}

/* ---- setup and register ---------------------------------------------------------------------- */

static int setup(enum entry entry, unsigned entries, struct io_uring_params *p)
{
	if (entry == LIBURING)
		return io_uring_setup(entries, p);
	return syscall(__NR_io_uring_setup, entries, p);
}

static int reg(enum entry entry, int fd, unsigned op, void *arg, unsigned nr)
{
	if (entry == LIBURING)
		return io_uring_register(fd, op, arg, nr);
	return syscall(__NR_io_uring_register, fd, op, arg, nr);
}

static void tell_call(const char *what, int ret)
{
	int error = errno;

	say("/%s: ret=%s errno=%s", what, errname(ret), errname(-error));
	errno = 0;
}

static void made_raw(enum entry entry, unsigned flags)
{
	struct io_uring_params p = { .flags = flags };
	struct io_uring ring;
	unsigned i;
	int fd;

	errno = 0;
	tell_call("too many", setup(entry, 1 << 20, &p));
	fd = setup(entry, ENTRIES, &p);
	tell_call("setup", fd);
	say("/params: flags=%x sq=%u cq=%u features=%x", p.flags, p.sq_entries, p.cq_entries,
	    p.features);
	must(io_uring_queue_mmap(fd, &p, &ring), "io_uring_queue_mmap");
	for (i = 0; ring.sq.array && i < p.sq_entries; i++)
		ring.sq.array[i] = i;
	ring.flags = p.flags;
	ring.features = p.features;
	ring.ring_fd = ring.enter_ring_fd = fd;
	errno = 0;
	if (flags & IORING_SETUP_R_DISABLED) {
		three_questions(&ring, "disabled ");
		errno = 0;
		tell_call("enable", reg(entry, fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0));
	}
	tell_call("enable again", reg(entry, fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0));
	tell_call("unknown", reg(entry, fd, 1000, NULL, 0));
	tell_call("eventfd", reg(entry, fd, IORING_REGISTER_EVENTFD, BAD_POINTER, 1));
	three_questions(&ring, "");
	timed_enter(&ring, entry, "empty", 1, T_MS, 0, NULL);
	put_question(&ring, &short_wait, "last ");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void made_liburing(void)		{ made_raw(LIBURING, 0); }
static void made_libc(void)		{ made_raw(LIBC, 0); }
static void made_disabled(void)		{ made_raw(LIBURING, IORING_SETUP_R_DISABLED); }
static void made_disabled_libc(void)	{ made_raw(LIBC, IORING_SETUP_R_DISABLED); }
/* clang-format on */

/* A ring that may do nothing but NOPs, and register nothing more. */
static void restricted(void)
{
	struct io_uring_restriction rules[2] = {
		{ .opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_NOP },
		{ .opcode = IORING_RESTRICTION_REGISTER_OP,
		  .register_op = IORING_REGISTER_ENABLE_RINGS },
	};
	struct io_uring ring;

	make_ring(&ring, ENTRIES, IORING_SETUP_R_DISABLED);
	errno = 0;
	tell_call("restrict", reg(LIBURING, ring.ring_fd, IORING_REGISTER_RESTRICTIONS, rules, 2));
	tell_call("enable", enable_ring(&ring));
	three_questions(&ring, "");
	tell_call("eventfd", io_uring_register_eventfd(&ring, 0));
	put_stuck(&ring, UD_STUCK);
	put_question(&ring, &submit_one, "a forbidden read ");
	io_uring_queue_exit(&ring);

	make_ring(&ring, ENTRIES, 0);
	errno = 0;
	tell_call("restrict enabled",
		  reg(LIBURING, ring.ring_fd, IORING_REGISTER_RESTRICTIONS, rules, 2));
	three_questions(&ring, "enabled ");
	io_uring_queue_exit(&ring);
}

/* ---- what is no ring's business -------------------------------------------------------------- */

/* Ends the child in place, so that nothing of the parent's stack is written. */
static inline __attribute__((always_inline)) void tell_child(const char *how, pid_t child)
{
	int status = 0;

	if (!child) {
		inline_call(SYS_exit, 7, 0, 0, 0, 0, 0);
		_exit(7);
	}
	waitpid(child, &status, 0);
	say("/%s: child ended with %d", how, WEXITSTATUS(status));
}

static void other_calls(void)
{
	long page;

	errno = 0;
	say("/getpid: %s", syscall(SYS_getpid) == getpid() ? "same" : "other");
	tell_call("close", syscall(SYS_close, -1));
	tell_call("nonsense", syscall(100000, 1, 2, 3, 4, 5, 6));
	/* A call that needs all six arguments, and gives back a large number. */
	page = syscall(SYS_mmap, NULL, 4096L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1L, 0L);
	say("/mmap: %s", page > 0x10000 ? "some" : "none");
	*(char *)page = 1;
	tell_call("munmap", syscall(SYS_munmap, page, 4096L));
	tell_child("fork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	/* The child runs on this very stack until it ends; the parent comes back after that. */
	tell_child("vfork", syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0));
}

/* The function behind liburing's inline waits. */
static void get_cqe(void)
{
	struct io_uring ring;
	struct sight s;
	sigset_t mask;

	sigemptyset(&mask);
	make_ring(&ring, ENTRIES, 0);
	look(&s, &ring, "nothing");
	tell(&s, __io_uring_get_cqe(&ring, &s.cqe, 0, 0, NULL));
	arrive_later(&ring, 1, ARRIVE_MS);
	look(&s, &ring, "one later");
	s.coarse_clock = true;
	tell(&s, __io_uring_get_cqe(&ring, &s.cqe, 0, 1, &mask));
	look(&s, &ring, "one ready");
	tell(&s, io_uring_wait_cqe(&ring, &s.cqe));
	io_uring_cqe_seen(&ring, s.cqe);
	arrive_later(&ring, 2, ARRIVE_MS);
	look(&s, &ring, "two later");
	s.coarse_clock = true;
	tell(&s, io_uring_wait_cqe_nr(&ring, &s.cqe, 2));
	drain(&ring);
	look(&s, &ring, "peek");
	tell(&s, io_uring_peek_cqe(&ring, &s.cqe));
	put_nops(&ring, 1, UD_NOP);
	look(&s, &ring, "submit and wait");
	tell(&s, io_uring_submit_and_wait(&ring, 1));
	three_questions(&ring, "between ");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "timed.liburing", timed_liburing },
	{ "timed.libc", timed_libc },
	{ "other.liburing", other_liburing },
	{ "other.libc", other_libc },
	{ "absolute", absolute },
	{ "other_clock", other_clock },
	{ "made.liburing", made_liburing },
	{ "made.libc", made_libc },
	{ "made_disabled.liburing", made_disabled },
	{ "made_disabled.libc", made_disabled_libc },
	{ "restricted", restricted },
	{ "other_calls", other_calls },
	{ "get_cqe", get_cqe },
	{ NULL, NULL }
};
/* clang-format on */
