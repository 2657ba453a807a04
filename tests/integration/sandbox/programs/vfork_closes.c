/* SPDX-License-Identifier: MIT */
/*
 * After a seccomp call of its own, a program starts a child by vfork, which closes all
 * descriptors; the program's own rings are none of the child's business: vfork_closes
 * range|from|close|dup2|libc
 */
#include <errno.h>
#include <liburing.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	const struct sock_fprog program = { 1, all };
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&ts };
	static int i, status, others;
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	pid_t child;

	if (argc != 2 || io_uring_queue_init(4, &ring, 0))
		return 77;
	printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 77;
	child = vfork();
	if (!child) {
		switch (argv[1][0]) {
		case 'r':
			close_range(3, ~0U, 0);
			break;
		case 'f':
			closefrom(3);
			break;
		case 'c':
			close(ring.ring_fd);
			break;
		case 'd':
			dup2(1, ring.ring_fd);
			break;
		default:
			syscall(SYS_close, ring.ring_fd);
		}
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		return 1;
	for (i = 0; i < 100; i++)
		others += io_uring_enter2(ring.ring_fd, 0, 1,
					  IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG,
					  (void *)&arg, sizeof(arg)) != -ETIME;
	printf("of 100 others %d\n", others);
	printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	io_uring_queue_exit(&ring);
	return 0;
}
