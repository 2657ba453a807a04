/* SPDX-License-Identifier: MIT */
/*
 * A registered descriptor that the shim holds must not be noticed: what ends a ring ends it,
 * the program's own indices are what they would be, and children go by the descriptor.
 *	ringfd SCENARIO [FLAGS], FLAGS being those of io_uring_setup(2)
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "ends.h"

#define OP_RING_FDS	       20
#define OP_UNREGISTER_RING_FDS 21
#define INDICES		       16

static unsigned flags;
static struct io_uring ring;

static void look(struct io_uring *r)
{
	WAIT_CALL(r, "wait for nothing", io_uring_wait_cqe_timeout(r, &cqe, AFTER_MS(1)));
	put_nop(r, 7);
	WAIT_CALL(r, "submit and wait",
		  io_uring_submit_and_wait_timeout(r, &cqe, 1, AFTER_MS(60000), NULL));
}

static void end_by(const char *how)
{
	int fd = ring.ring_fd, end, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	must_init(&ring, 8, flags);
	fd = ring.ring_fd;
	look(&ring);
	end = watch(&ring);
	if (!strcmp(how, "exit")) {
		io_uring_queue_exit(&ring);
	} else {
		unmap(&ring);
		if (!strcmp(how, "close"))
			close(fd);
		else if (!strcmp(how, "dup2"))
			dup2(null, fd);
		else if (!strcmp(how, "dup3"))
			dup3(null, fd, O_CLOEXEC);
		else if (!strcmp(how, "close_range"))
			close_range(fd, fd, 0);
		else
			syscall(SYS_close, fd);
	}
	say("by %s", how);
	show_whether_over(end);
	close(null);
}

static void *close_it(void *fd)
{
	close(*(int *)fd);
	return NULL;
}

/* Another thread closes the ring, while the one that made it lives on. */
static void end_by_thread(void)
{
	struct io_uring other;
	pthread_t thread;
	int end;

	must_init(&other, 8, flags);
	must_init(&ring, 8, flags);
	look(&ring);
	look(&other);
	end = watch(&ring);
	unmap(&ring);
	pthread_create(&thread, NULL, close_it, &ring.ring_fd);
	pthread_join(thread, NULL);
	if (getenv("RINGFD_LOOKS"))
		look(&other);
	show_whether_over(end);
	look(&other);
	io_uring_queue_exit(&other);
}

static void close_then(union sigval fd)
{
	close(fd.sival_int);
}

/* The same by a thread that libc makes, for a timer. */
static void end_by_timer(void)
{
	struct itimerspec soon = { .it_value = { .tv_nsec = 100000000 } };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };
	timer_t timer;
	int end;

	must_init(&ring, 8, flags);
	event.sigev_value.sival_int = ring.ring_fd;
	event.sigev_notify_function = close_then;
	timer_create(CLOCK_MONOTONIC, &event, &timer);
	look(&ring);
	end = watch(&ring);
	unmap(&ring);
	timer_settime(timer, 0, &soon, NULL);
	show_whether_over(end);
}

static void *wait_there(void *r)
{
	WAIT_CALL(r, "another thread", io_uring_wait_cqe_timeout(r, &cqe, AFTER_MS(1)));
	return NULL;
}

static void threads(void)
{
	pthread_t thread;
	int i;

	must_init(&ring, 8, flags);
	look(&ring);
	for (i = 0; i < 3; i++) {
		pthread_create(&thread, NULL, wait_there, &ring);
		pthread_join(thread, NULL);
		look(&ring);
	}
	io_uring_queue_exit(&ring);
}

static void own_by_register(void)
{
	struct io_uring_rsrc_update u;
	int i, ret;

	must_init(&ring, 8, flags);
	look(&ring);
	for (i = 0; i <= INDICES; i++) {
		u = (struct io_uring_rsrc_update){ .offset = -1U, .data = ring.ring_fd };
		ret = io_uring_register(ring.ring_fd, OP_RING_FDS, &u, 1);
		say("register %d: %s, offset %d", i, name_of(ret), (int)u.offset);
	}
	look(&ring);
	for (i = 0; i < INDICES; i++) {
		u = (struct io_uring_rsrc_update){ .offset = i };
		ret = io_uring_register(ring.ring_fd, OP_UNREGISTER_RING_FDS, &u, 1);
		say("unregister %d: %s", i, name_of(ret));
	}
	io_uring_queue_exit(&ring);
}

static void own_by_number(void)
{
	struct io_uring_rsrc_update u;
	struct io_uring other;
	int i;

	must_init(&ring, 8, flags);
	must_init(&other, 8, flags);
	for (i = INDICES - 1; i > 0; i -= 5) {
		u = (struct io_uring_rsrc_update){ .offset = i, .data = other.ring_fd };
		say("register %d: %ld", i,
		    syscall(SYS_io_uring_register, other.ring_fd, OP_RING_FDS, &u, 1));
	}
	look(&ring);
	look(&other);
	io_uring_queue_exit(&other);
	io_uring_queue_exit(&ring);
}

static void own_by_liburing(void)
{
	struct io_uring other;

	must_init(&ring, 8, flags);
	must_init(&other, 8, flags);
	print_ring(&ring);
	look(&ring);
	look(&other);
	RING_CALL("register", io_uring_register_ring_fd(&ring));
	print_ring(&ring);
	look(&ring);
	look(&other);
	RING_CALL("unregister", io_uring_unregister_ring_fd(&ring));
	RING_CALL("unregister", io_uring_unregister_ring_fd(&ring));
	print_ring(&ring);
	look(&ring);
	io_uring_queue_exit(&ring);
	look(&other);
	io_uring_queue_exit(&other);
}

static void many(void)
{
	struct io_uring rings[20];
	int i, round;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < 20; i++)
			must_init(&rings[i], 8, flags);
		for (i = 0; i < 20; i++)
			look(&rings[i]);
		for (i = 0; i < 20; i++)
			io_uring_queue_exit(&rings[(i * 7 + round) % 20]);
	}
}

/* How a child of either kind sees the ring; the parent's own way must not suffer. */
static void family(pid_t (*make)(void))
{
	struct io_uring own;
	int status, end;
	pid_t pid;

	must_init(&ring, 8, flags);
	look(&ring);
	pid = make();
	if (!pid) {
		look(&ring);
		close(ring.ring_fd);
		WAIT_CALL(&ring, "closed", io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(1)));
		if (make == fork) {
			must_init(&own, 8, flags);
			look(&own);
			end = watch(&own);
			io_uring_queue_exit(&own);
			show_whether_over(end);
		}
		_exit(0);
	}
	waitpid(pid, &status, 0);
	say("child: %d", status);
	look(&ring);
	end = watch(&ring);
	io_uring_queue_exit(&ring);
	show_whether_over(end);
}

static long install(const char *how, struct sock_fprog *prog)
{
	if (!strcmp(how, "prctl"))
		return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog);
	if (!strcmp(how, "seccomp"))
		return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, prog);
	return syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog, 0, 0);
}

/* From here on, who calls io_uring_register(2) dies. */
static void forbid_register(const char *how)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_register, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = 4, .filter = filter };

	if (!strcmp(how, "none"))
		return;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	say("%s: %ld", how, install(how, &prog));
}

static void sandbox(const char *how)
{
	int end;

	must_init(&ring, 8, flags);
	look(&ring);
	forbid_register(how);
	look(&ring);
	end = watch(&ring);
	io_uring_queue_exit(&ring);
	show_whether_over(end);
}

#if LIBURING_AT_LEAST(9)
static void resize(void)
{
	struct io_uring_params p = { .sq_entries = 32, .cq_entries = 64 };
	int end;

	must_init(&ring, 8, flags);
	look(&ring);
	RING_CALL("resize", io_uring_resize_rings(&ring, &p));
	look(&ring);
	look(&ring);
	end = watch(&ring);
	io_uring_queue_exit(&ring);
	show_whether_over(end);
}
#endif

int main(int argc, char **argv)
{
	static const char *const ends[] = {
		"exit", "close", "dup2", "dup3", "close_range", "SYS_close",
	};
	const char *scenario = argc > 1 ? argv[1] : "";
	unsigned i;

	flags = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	if (!strcmp(scenario, "end"))
		for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			end_by(ends[i]);
	else if (!strcmp(scenario, "end-by-thread"))
		end_by_thread();
	else if (!strcmp(scenario, "end-by-timer"))
		end_by_timer();
	else if (!strcmp(scenario, "threads"))
		threads();
	else if (!strcmp(scenario, "own-register"))
		own_by_register();
	else if (!strcmp(scenario, "own-number"))
		own_by_number();
	else if (!strcmp(scenario, "own-liburing"))
		own_by_liburing();
	else if (!strcmp(scenario, "many"))
		many();
	else if (!strcmp(scenario, "fork"))
		family(fork);
	else if (!strcmp(scenario, "vfork"))
		family(vfork);
	else if (!strncmp(scenario, "sandbox-", 8))
		sandbox(scenario + 8);
#if LIBURING_AT_LEAST(9)
	else if (!strcmp(scenario, "resize"))
		resize();
#endif
	else
		die("no such scenario", 0);
	return 0;
}
