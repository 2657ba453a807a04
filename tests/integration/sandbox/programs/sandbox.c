/* SPDX-License-Identifier: MIT */
/*
 * Enters a sandbox of its own (seccomp) that allows what this program itself calls, and goes on
 * with its rings: sandbox BY WHEN ACTION [flags]
 *
 * BY: prctl, seccomp, libc (by libc's syscall), or inherit (the program is executed again in it,
 * and what starting takes is allowed too, and what libregwait(7) names) WHEN: before (the first
 * ring), ring (after it), wait (after the first wait), again (after a ring that has ended, before
 * the second) ACTION: kill, errno. flags: all is allowed, but enters with flags that are not this
 * program's.
 */
#include <errno.h>
#include <liburing.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NR(array)      (sizeof(array) / sizeof(*(array)))
#define ADD(statement) add((struct sock_filter)statement)
#define LOAD(field)    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define FLAGS	       (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

/* clang-format off */
static const int own[] = {
	SYS_io_uring_setup, SYS_io_uring_enter, SYS_mmap, SYS_munmap, SYS_close, SYS_write,
	SYS_exit_group, SYS_madvise,
};
/* clang-format on */

/* What the dynamic linker and libc need until main, and what the manual page asks for. */
/* clang-format off */
static const int start[] = {
	SYS_execve, SYS_brk, SYS_set_tid_address, SYS_set_robust_list, SYS_mprotect, SYS_pread64,
	SYS_read, SYS_openat, SYS_newfstatat, SYS_fstat, SYS_faccessat, SYS_prlimit64,
	SYS_getrandom, SYS_futex,
#ifdef SYS_access
	SYS_access,
#endif
#ifdef SYS_arch_prctl
	SYS_arch_prctl,
#endif
#ifdef SYS_rseq
	SYS_rseq,
#else
	334,
#endif
	SYS_capget, SYS_geteuid, SYS_getpid, SYS_gettid, SYS_getuid, SYS_io_uring_register,
	SYS_readlinkat, SYS_clock_gettime, SYS_rt_sigprocmask, SYS_semctl, SYS_semget, SYS_semop, SYS_semtimedop,
	SYS_sigaltstack,
};
/* clang-format on */

static struct sock_filter filter[160];
static unsigned short length;

static void add(struct sock_filter f)
{
	filter[length++] = f;
}

static void allow(const int *calls, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1));
		ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	}
}

static void make_filter(const char *by, bool flags, unsigned action)
{
	if (flags) {
		ADD(LOAD(nr));
		ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_enter, 0, 3));
		ADD(LOAD(args[3]));
		ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, ~(unsigned)FLAGS, 0, 1));
		ADD(BPF_STMT(BPF_RET | BPF_K, action));
		ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
		return;
	}
	ADD(LOAD(nr));
	allow(own, NR(own));
	if (*by == 'i')
		allow(start, NR(start));
	ADD(BPF_STMT(BPF_RET | BPF_K, action));
}

static int enter_sandbox(const char *by)
{
	const struct sock_fprog program = { length, filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	if (*by == 'p' || *by == 'i')
		return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static struct io_uring ring;

static void say(const char *what, int ret)
{
	printf("%s %d\n", what, ret);
	fflush(stdout);
}

static void timed_wait(const char *what)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_cqe *cqe;

	say(what, io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
}

static int make(void)
{
	int ret = io_uring_queue_init(4, &ring, 0);

	say("init", ret);
	return ret;
}

static int go_on(const char *when)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 }, zero = { 0 };
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&ts };
	struct io_uring_cqe *cqe;

	if (*when == 'a')
		io_uring_queue_exit(&ring);
	if ((*when == 'b' || *when == 'a') && make())
		return 3;
	timed_wait("wait");
	timed_wait("wait");
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	say("nop", io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &ts, NULL));
	io_uring_cqe_seen(&ring, cqe);
	say("zero", io_uring_wait_cqe_timeout(&ring, &cqe, &zero));
	say("enter", io_uring_enter2(ring.ring_fd, 0, 1, FLAGS, (void *)&arg, sizeof(arg)));
	say("enter by libc",
	    syscall(SYS_io_uring_enter, ring.ring_fd, 0, 1, FLAGS, &arg, sizeof(arg)));
	io_uring_queue_exit(&ring);
	if (make())
		return 3;
	timed_wait("wait");
	io_uring_queue_exit(&ring);
	say("done", 0);
	return 0;
}

int main(int argc, char **argv)
{
	static char buffer[4096];
	unsigned action;

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	if (argc == 2)
		_exit(go_on("before"));
	if (argc < 4)
		return 2;
	action = *argv[3] == 'k' ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | EPERM;
	make_filter(argv[1], argc > 4, action);
	say("start", 0);
	if (*argv[2] != 'b' && make())
		return 77;
	if (*argv[2] == 'w')
		timed_wait("wait");
	if (enter_sandbox(argv[1])) {
		fprintf(stderr, "no sandbox here\n");
		return 77;
	}
	if (*argv[1] == 'i')
		execl(argv[0], argv[0], "again", NULL);
	_exit(go_on(argv[2]));
}
