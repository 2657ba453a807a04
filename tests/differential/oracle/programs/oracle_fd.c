/* SPDX-License-Identifier: MIT */
/*
 * Bare enters know a ring by its number, and a number does not stay with a ring: it is closed
 * and used again, copied, passed on, inherited. Whatever happens to it, each wait is the wait
 * of the ring that the number stands for now.
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "bare.h"

static void begin(struct io_uring *ring)
{
	make_bare(ring, entry);
	try_ring(ring, ring->ring_fd, "first");
}

/* The number now stands for a ring that was made where nobody could see it. */
static void try_successor(int number)
{
	struct io_uring other;

	make_bare(&other, HIDDEN);
	say("/number: %s", other.ring_fd == number ? "the same" : "another");
	try_ring(&other, number, "successor");
	io_uring_queue_exit(&other);
}

/* ---- closed and used again ------------------------------------------------------------ */

static void closed_by(int (*close_it)(int fd))
{
	struct io_uring ring;
	int number;

	begin(&ring);
	number = ring.ring_fd;
	say("/close: %s", errname(close_it(number)));
	try_successor(number);
	unmap(&ring);
}

/* clang-format off */
static int by_close(int fd)	{ return close(fd); }
static int by_syscall(int fd)	{ return syscall(SYS_close, fd); }
static int by_range(int fd)	{ return syscall(SYS_close_range, fd, fd, 0); }
static int by_libc_range(int fd){ return close_range(fd, fd, 0); }
/* clang-format on */

static int by_closefrom(int fd)
{
	closefrom(fd);
	return 0;
}

static void closed(void)
{
	closed_by(by_close);
	closed_by(by_syscall);
	closed_by(by_range);
	closed_by(by_libc_range);
	closed_by(by_closefrom);
}

static void ended(void)
{
	struct io_uring ring;
	int number;

	begin(&ring);
	number = ring.ring_fd;
	io_uring_queue_exit(&ring);
	try_successor(number);
}

/* And once more by the same entry point: a ring that can be served again. */
static void made_again(void)
{
	struct io_uring ring, again;
	int number;

	begin(&ring);
	number = ring.ring_fd;
	close(number);
	make_bare(&again, entry);
	say("/number: %s", again.ring_fd == number ? "the same" : "another");
	try_ring(&again, number, "again");
	io_uring_queue_exit(&again);
	unmap(&ring);
}

/* Closed so that nobody can see it; only a wait that submits nothing is safe then. */
static void closed_hidden(void)
{
	struct io_uring ring, other;
	int number;

	begin(&ring);
	number = ring.ring_fd;
	hidden_call(SYS_close, number, 0, 0, 0, 0, 0);
	make_bare(&other, HIDDEN);
	say("/number: %s", other.ring_fd == number ? "the same" : "another");
	timed_enter(&other, number, "successor", 1, MIN_WAIT_MS, 0);
	try_ring(&other, number, "successor");
	io_uring_queue_exit(&other);
	unmap(&ring);
}

/* What cannot be closed is still what it was. */
static void not_closed(void)
{
	struct io_uring ring;

	begin(&ring);
	say("/dup2: %s", dup2(-1, ring.ring_fd) < 0 ? "failed" : "done");
	say("/dup3: %s", dup3(0, ring.ring_fd, 1) < 0 ? "failed" : "done");
	say("/itself: %s", dup2(ring.ring_fd, ring.ring_fd) == ring.ring_fd ? "done" : "failed");
	say("/range: %s", close_range(ring.ring_fd, ring.ring_fd, 4) ? "failed" : "done");
	try_ring(&ring, ring.ring_fd, "still");
	io_uring_queue_exit(&ring);
}

/* ---- copied ---------------------------------------------------------------------------- */

/* clang-format off */
static int by_dup2(int old, int fd)	{ return dup2(old, fd); }
static int by_dup3(int old, int fd)	{ return dup3(old, fd, O_CLOEXEC); }
/* clang-format on */
static int by_sys_dup2(int old, int fd)
{
#ifdef SYS_dup2
	return syscall(SYS_dup2, old, fd);
#else
	return syscall(SYS_dup3, old, fd, 0);
#endif
}

static void replaced_by(int (*copy)(int old, int fd))
{
	struct io_uring ring, other;

	begin(&ring);
	make_bare(&other, HIDDEN);
	say("/copied: %s", copy(other.ring_fd, ring.ring_fd) == ring.ring_fd ? "there" : "no");
	try_ring(&other, ring.ring_fd, "copy");
	close(ring.ring_fd);
	unmap(&ring);
	io_uring_queue_exit(&other);
}

static void replaced(void)
{
	replaced_by(by_dup2);
	replaced_by(by_dup3);
	replaced_by(by_sys_dup2);
}

static void copied(void)
{
	struct io_uring ring;
	int copy;

	begin(&ring);
	copy = dup(ring.ring_fd);
	must(copy, "dup");
	try_ring(&ring, copy, "copy");
	close(ring.ring_fd);
	try_ring(&ring, copy, "copy alone");
	close(copy);
	try_successor(ring.ring_fd);
	unmap(&ring);
}

/* The copy's number is used again, while the ring goes on. */
static void copy_closed(void)
{
	struct io_uring ring;
	int copy;

	begin(&ring);
	copy = dup(ring.ring_fd);
	must(copy, "dup");
	try_ring(&ring, copy, "copy");
	close(copy);
	try_successor(copy);
	try_ring(&ring, ring.ring_fd, "still");
	io_uring_queue_exit(&ring);
}

static void indexed(void)
{
	struct io_uring ring;
	int number;

	begin(&ring);
	number = ring.ring_fd;
	must(io_uring_register_ring_fd(&ring), "io_uring_register_ring_fd");
	put_nops(&ring, 1, UD_NOP);
	timed_enter(&ring, ring.enter_ring_fd, "index", 2, T_MS, IORING_ENTER_REGISTERED_RING);
	drain(&ring);
	close(number);
	timed_enter(&ring, ring.enter_ring_fd, "index alone", 1, MIN_WAIT_MS,
		    IORING_ENTER_REGISTERED_RING);
	try_successor(number);
	timed_enter(&ring, ring.enter_ring_fd, "index still", 1, MIN_WAIT_MS,
		    IORING_ENTER_REGISTERED_RING);
	ring.ring_fd = number;
	say("/unregister: %s", errname(io_uring_unregister_ring_fd(&ring)));
	unmap(&ring);
}

/* ---- passed on --------------------------------------------------------------------------- */

/* A ring of another process comes under the number that one of ours had. */
static void passed(void)
{
	struct __kernel_timespec ts = after_ms(T_MS);
	struct io_uring_getevents_arg arg = { .sigmask_sz = 8, .ts = (unsigned long)&ts };
	int made[2], number, theirs, pidfd, got, ret;
	struct io_uring ring, other;
	struct stopwatch watch;
	pid_t child;

	must(pipe(made), "pipe");
	fflush(stdout);
	child = fork();
	if (!child) {
		make_bare(&other, entry);
		ret = write(made[1], &other.ring_fd, sizeof(int));
		pause();
	}
	ret = read(made[0], &theirs, sizeof(theirs));
	pidfd = syscall(SYS_pidfd_open, child, 0);
	begin(&ring);
	number = ring.ring_fd;
	close(number);
	got = syscall(SYS_pidfd_getfd, pidfd, theirs, 0);
	say("/number: %s", got == number ? "the same" : "another");
	start_clock(&watch);
	ret = enter(got, 0, 1, TIMED, &arg);
	say("/wait: ret=%s time=%s", errname(ret), elapsed(&watch));
	close(got);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	try_successor(number);
	unmap(&ring);
}

static void in_child(struct io_uring *ring)
{
	struct io_uring own;

	try_ring(ring, ring->ring_fd, "child");
	make_bare(&own, entry);
	try_ring(&own, own.ring_fd, "child's own");
	close(ring->ring_fd);
	try_successor(ring->ring_fd);
	fflush(stdout);
	_exit(0);
}

static void inherited(void)
{
	struct io_uring ring;
	pid_t child;

	begin(&ring);
	fflush(stdout);
	child = fork();
	if (!child)
		in_child(&ring);
	waitpid(child, NULL, 0);
	/* The child has gone on where we stopped. */
	ring.sq.sqe_head = ring.sq.sqe_tail = *ring.sq.ktail;
	try_ring(&ring, ring.ring_fd, "parent");
	io_uring_queue_exit(&ring);
}

/* A child of vfork shares our memory and not our descriptors. */
static void vforked(void)
{
	struct io_uring ring;
	volatile int fd;
	pid_t child;

	begin(&ring);
	fd = ring.ring_fd;
	child = vfork();
	if (!child) {
		close(fd);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	try_ring(&ring, fd, "parent");
	io_uring_queue_exit(&ring);
}

/* ---- all of it by both entry points --------------------------------------------------------- */

/* clang-format off */
#define BOTH(name) \
	static void name##_liburing(void) { entry = LIBURING; name(); } \
	static void name##_libc(void) { entry = LIBC; name(); }

#define SCENARIOS(X) \
	X(closed) X(ended) X(made_again) X(closed_hidden) X(not_closed) X(replaced) X(copied) \
	X(copy_closed) X(indexed) X(passed) X(inherited) X(vforked)

SCENARIOS(BOTH)

const struct scenario scenarios[] = {
#define X(name) { #name ".liburing", name##_liburing }, { #name ".libc", name##_libc },
	SCENARIOS(X)
#undef X
	{ NULL, NULL }
};
/* clang-format on */
