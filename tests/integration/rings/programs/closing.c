/* SPDX-License-Identifier: MIT */
/*
 * Rings that are closed where nobody may notice that the shim looks on: in a child that shares
 * its parent's memory, in a handler that interrupted malloc(), in a sandbox without getpid(2), by
 * another number.
 *	closing SCENARIO
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "ends.h"
#include "inline_call.h"

#define OP_RING_FDS 20

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t nr, size_t size);
void __libc_free(void *memory);

static volatile sig_atomic_t in_handler, allocations;
static struct io_uring ring;

/* The program's own, so that it can tell who comes in a handler. */
void *malloc(size_t size)
{
	allocations += in_handler;
	return __libc_malloc(size);
}

void *calloc(size_t nr, size_t size)
{
	allocations += in_handler;
	return __libc_calloc(nr, size);
}

void free(void *memory)
{
	allocations += in_handler;
	__libc_free(memory);
}

static void close_all_in_vfork_child(void)
{
	int status;
	pid_t pid = vfork();

	if (!pid) {
		close_range(3, ~0U, 0);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	say("child: %d", status);
}

/* The child's descriptors are its own: the parent's close() must still end the ring. */
static void vfork_then_close(void)
{
	int end;

	must_init(&ring, 8, IORING_SETUP_SINGLE_ISSUER);
	end = watch(&ring);
	close_all_in_vfork_child();
	unmap(&ring);
	close(ring.ring_fd);
	show_whether_over(end);
}

/* The same after questions about sandboxes, which are no sandbox. */
static void questions(void)
{
	unsigned action = SECCOMP_RET_ALLOW;

	say("filters: %s",
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) ? name_of(-errno) : "?");
	say("filters: %s",
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) ? name_of(-errno) : "?");
	say("action: %ld", syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action));
}

static void ask_then_vfork(void)
{
	struct io_uring earlier;

	must_init(&earlier, 8, 0);
	questions();
	vfork_then_close();
}

/* struct io_uring_getevents_arg, which the headers of 2.3 have under another shape. */
struct argument {
	uint64_t sigmask;
	uint32_t sigmask_sz, min_wait_usec;
	uint64_t ts;
};

static void bare_wait(int fd, unsigned submit, unsigned more_flags, int ms)
{
	struct __kernel_timespec ts = { .tv_nsec = ms * 1000000L };
	struct argument arg = { .ts = (uintptr_t)&ts };
	struct timespec begin, end;
	long passed, ret;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	ret = syscall(SYS_io_uring_enter, fd, submit, 1,
		      IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | more_flags, &arg,
		      sizeof(arg));
	clock_gettime(CLOCK_MONOTONIC, &end);
	passed = (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
	say("bare wait: %s, %s", name_of(ret < 0 ? -errno : ret),
	    passed >= ms - 1 ? "in time" : "too early");
}

/* And the parent's bare waits go on as they were. */
static void vfork_then_wait(void)
{
	struct io_uring_params p = { 0 };
	int fd = syscall(SYS_io_uring_setup, 8, &p);

	bare_wait(fd, 0, 0, 1);
	close_all_in_vfork_child();
	bare_wait(fd, 0, 0, 1);
	close(fd);
}

static void on_signal(int sig)
{
	(void)sig;
	in_handler = 1;
	close(ring.ring_fd);
	in_handler = 0;
}

static void handler(void)
{
	struct io_uring other;

	must_init(&other, 8, IORING_SETUP_SINGLE_ISSUER);
	must_init(&ring, 8, IORING_SETUP_SINGLE_ISSUER);
	signal(SIGUSR1, on_signal);
	raise(SIGUSR1);
	say("allocations in the handler: %d", (int)allocations);
	unmap(&ring);
	io_uring_queue_exit(&other);
}

/* From here on, only what a program needs that waits, writes and closes is allowed. */
static void enter_sandbox(void)
{
#define ALLOW(nr) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		ALLOW(SYS_io_uring_enter),
		ALLOW(SYS_read),
		ALLOW(SYS_write),
		ALLOW(SYS_close),
		ALLOW(SYS_munmap),
#ifdef SYS_poll
		ALLOW(SYS_poll),
#endif
		ALLOW(SYS_ppoll),
		ALLOW(SYS_exit_group),
		ALLOW(SYS_restart_syscall), /* poll, when a completion comes in between */
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_fprog prog = { .len = sizeof(filter) / sizeof(filter[0]), .filter = filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		die("seccomp", -errno);
}

static void sandbox(void)
{
	int end;

	must_init(&ring, 8, IORING_SETUP_SINGLE_ISSUER);
	end = watch(&ring);
	say("ready");
	enter_sandbox();
	WAIT_CALL(&ring, "wait", io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(1)));
	bare_wait(ring.ring_fd, 0, 0, 1);
	unmap(&ring);
	close(ring.ring_fd);
	show_whether_over(end);
	_exit(0); /* no statistics: they name the process */
}

/* A call that nobody sees. */
static long unseen_call(long nr, long a, long b, long c, long d)
{
	return inline_call(nr, a, b, c, d, 0, 0);
}

/*
 * A ring goes by another number, under which liburing ends it; then a ring of unknown making
 * has that number. What is submitted to it must be waited for.
 */
static void alias(void)
{
	struct __kernel_timespec never = { .tv_sec = 600 };
	struct io_uring_params p = { 0 };
	struct io_uring other = { 0 };
	int fd;

	must_init(&ring, 8, 0);
	fd = fcntl(ring.ring_fd, F_DUPFD_CLOEXEC, 100);
	bare_wait(fd, 0, 0, 1);
	close(ring.ring_fd);
	ring.ring_fd = ring.enter_ring_fd = fd;
	io_uring_queue_exit(&ring);

	unseen_call(SYS_dup3, unseen_call(SYS_io_uring_setup, 8, (long)&p, 0, 0), fd, O_CLOEXEC, 0);
	RING_CALL("map", io_uring_queue_mmap(fd, &p, &other));
	io_uring_prep_timeout(io_uring_get_sqe(&other), &never, 0, 0);
	__atomic_store_n(other.sq.ktail, other.sq.sqe_tail, __ATOMIC_RELEASE);
	bare_wait(fd, 1, 0, 300);
}

/* An index that was registered by a call which is not libc's. */
static void unknown_index(void)
{
	struct io_uring_params p = { 0 };
	int fd = syscall(SYS_io_uring_setup, 8, &p);
	struct io_uring_rsrc_update u = { .offset = 3, .data = fd };

	say("register: %ld", unseen_call(SYS_io_uring_register, fd, OP_RING_FDS, (long)&u, 1));
	bare_wait(3, 0, IORING_ENTER_REGISTERED_RING, 1);
	bare_wait(5, 0, IORING_ENTER_REGISTERED_RING, 1);
	close(fd);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} scenarios[] = {
		{ "vfork-then-close", vfork_then_close },
		{ "vfork-then-wait", vfork_then_wait },
		{ "handler", handler },
		{ "sandbox", sandbox },
		{ "unknown-index", unknown_index },
		{ "alias", alias },
		{ "ask-then-vfork", ask_then_vfork },
	};
	unsigned i;

	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		if (argc > 1 && !strcmp(argv[1], scenarios[i].name)) {
			scenarios[i].run();
			return 0;
		}
	die("which scenario?", 0);
}
