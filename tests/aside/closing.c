/* SPDX-License-Identifier: MIT */
/*
 * close() where nobody may notice that the shim looks on: in a child that shares its parent's
 * memory, in a handler that interrupted malloc(), in a sandbox without getpid(2).
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

#include "aside.h"

#define OP_RING_FDS	20

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

/* A read that never ends, of a pipe whose other end only the ring has. */
static int watch(struct io_uring *r)
{
	static char c;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		die("pipe2", -errno);
	io_uring_prep_read(io_uring_get_sqe(r), ends[0], &c, 1, 0);
	RING_CALL("submit a read", io_uring_submit(r));
	close(ends[0]);
	return ends[1];
}

static void show_whether_over(int end)
{
	struct pollfd p = { .fd = end };

	say("the ring is %s", poll(&p, 1, 3000) > 0 && p.revents & POLLERR ? "over" : "there");
	close(end);
}

static void unmap(struct io_uring *r)
{
	munmap(r->sq.sqes, *r->sq.kring_entries * sizeof(struct io_uring_sqe));
	if (r->cq.ring_ptr != r->sq.ring_ptr)
		munmap(r->cq.ring_ptr, r->cq.ring_sz);
	munmap(r->sq.ring_ptr, r->sq.ring_sz);
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

	must_init(&ring, 8, 0);
	end = watch(&ring);
	close_all_in_vfork_child();
	unmap(&ring);
	close(ring.ring_fd);
	show_whether_over(end);
}

/* struct io_uring_getevents_arg, which the headers of 2.3 have under another shape. */
struct argument {
	uint64_t sigmask;
	uint32_t sigmask_sz, min_wait_usec;
	uint64_t ts;
};

static void bare_wait(int fd, unsigned more_flags, int ms)
{
	struct __kernel_timespec ts = { .tv_nsec = ms * 1000000L };
	struct argument arg = { .ts = (uintptr_t)&ts };
	long ret = syscall(SYS_io_uring_enter, fd, 0, 1,
			   IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | more_flags, &arg,
			   sizeof(arg));

	say("bare wait: %s", name_of(ret < 0 ? -errno : ret));
}

/* And the parent's bare waits go on as they were. */
static void vfork_then_wait(void)
{
	struct io_uring_params p = { 0 };
	int fd = syscall(SYS_io_uring_setup, 8, &p);

	bare_wait(fd, 0, 1);
	close_all_in_vfork_child();
	bare_wait(fd, 0, 1);
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

	must_init(&other, 8, 0);
	must_init(&ring, 8, 0);
	signal(SIGUSR1, on_signal);
	raise(SIGUSR1);
	say("allocations in the handler: %d", (int)allocations);
	unmap(&ring);
	io_uring_queue_exit(&other);
}

static void die_at(unsigned nr)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = 4, .filter = filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog))
		die("seccomp", -errno);
}

static void sandbox(void)
{
	int end;

	must_init(&ring, 8, 0);
	WAIT_CALL(&ring, "wait", io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(1)));
	end = watch(&ring);
	die_at(SYS_getpid);
	unmap(&ring);
	close(ring.ring_fd);
	show_whether_over(end);
	_exit(0);		/* no statistics: they name the process */
}

/* An index that was registered behind everybody's back, by a call that is not libc's. */
static void unknown_index(void)
{
	struct io_uring_params p = { 0 };
	int fd = syscall(SYS_io_uring_setup, 8, &p);
	struct io_uring_rsrc_update u = { .offset = 3, .data = fd };
	long ret;

#ifdef __x86_64__
	register long nr __asm__("r10") = 1;

	__asm__ volatile("syscall" : "=a"(ret) : "a"(SYS_io_uring_register), "D"((long)fd),
			 "S"((long)OP_RING_FDS), "d"(&u), "r"(nr) : "rcx", "r11", "memory");
#else
	ret = syscall(SYS_io_uring_register, fd, OP_RING_FDS, &u, 1);
#endif
	say("register: %ld", ret);
	bare_wait(3, IORING_ENTER_REGISTERED_RING, 1);
	bare_wait(5, IORING_ENTER_REGISTERED_RING, 1);
	close(fd);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} scenarios[] = {
		{ "vfork-then-close", vfork_then_close }, { "vfork-then-wait", vfork_then_wait },
		{ "handler", handler }, { "sandbox", sandbox }, { "unknown-index", unknown_index },
	};
	unsigned i;

	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		if (argc > 1 && !strcmp(argv[1], scenarios[i].name)) {
			scenarios[i].run();
			return 0;
		}
	die("which scenario?", 0);
}
