/* SPDX-License-Identifier: MIT */
/*
 * A struct io_uring of zeroes, or one whose ring was ended, given to each function of liburing's
 * that waits, changes or looks at a ring. What it returns, or which signal it ends by.
 */
#include <liburing.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not in every release. */
extern int io_uring_wait_cqes_min_timeout(struct io_uring *, struct io_uring_cqe **, unsigned,
					  struct __kernel_timespec *, unsigned, sigset_t *)
	__attribute__((weak));
extern int io_uring_submit_and_wait_min_timeout(struct io_uring *, struct io_uring_cqe **, unsigned,
						struct __kernel_timespec *, unsigned, sigset_t *)
	__attribute__((weak));
extern int io_uring_close_ring_fd(struct io_uring *) __attribute__((weak));
extern int io_uring_enable_rings(struct io_uring *) __attribute__((weak));

static struct io_uring ring;
static struct __kernel_timespec ts = { .tv_nsec = 1000 };
static struct io_uring_cqe *cqe;

static int call(int nr)
{
	struct io_uring_params p = { 0 };

	switch (nr) {
	/* clang-format off */
	case 0: return io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	case 1: return io_uring_wait_cqes(&ring, &cqe, 1, &ts, NULL);
	case 2: return io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &ts, NULL);
	case 3: return io_uring_wait_cqes_min_timeout ?
		io_uring_wait_cqes_min_timeout(&ring, &cqe, 1, &ts, 0, NULL) : 1;
	case 4: return io_uring_wait_cqes_min_timeout ?
		io_uring_wait_cqes_min_timeout(&ring, &cqe, 1, &ts, 10, NULL) : 1;
	case 5: return io_uring_submit_and_wait_min_timeout ?
		io_uring_submit_and_wait_min_timeout(&ring, &cqe, 1, &ts, 0, NULL) : 1;
	case 6: return io_uring_submit_and_wait_min_timeout ?
		io_uring_submit_and_wait_min_timeout(&ring, &cqe, 1, &ts, 10, NULL) : 1;
	case 7: return io_uring_wait_cqe_timeout(&ring, &cqe, NULL);
	case 8: return io_uring_wait_cqes(&ring, &cqe, 0, NULL, NULL);
	case 9: return io_uring_submit_and_wait_timeout(&ring, &cqe, 0, NULL, NULL);
	case 10: return io_uring_register_ring_fd(&ring);
	case 11: return io_uring_unregister_ring_fd(&ring);
	case 12: return io_uring_close_ring_fd ? io_uring_close_ring_fd(&ring) : 1;
	case 13: return io_uring_enable_rings ? io_uring_enable_rings(&ring) : 1;
	case 14: return io_uring_queue_init(0, &ring, 0);
	case 15: return io_uring_queue_init(4, NULL, 1U << 31);
	case 16: return io_uring_queue_mmap(-1, &p, &ring);
	case 17: return io_uring_setup(4, (void *)8);
	case 18: return io_uring_setup(4, NULL);
	case 19: return io_uring_register(-1, 20, NULL, 1);
	case 20: return io_uring_enter2(-1, 0, 1, 9, NULL, 24);
	case 21: return io_uring_enter(-1, 0, 1, 1, NULL);
	case 22: return io_uring_wait_cqes_min_timeout ?
		io_uring_wait_cqes_min_timeout(&ring, &cqe, 1, NULL, 0, NULL) : 1;
	case 23: return io_uring_submit_and_wait_min_timeout ?
		io_uring_submit_and_wait_min_timeout(&ring, &cqe, 1, NULL, 0, NULL) : 1;
	default: return 4711;
		/* clang-format on */
	}
}

int main(int argc, char **argv)
{
	int nr, status, answer[2];
	pid_t child;
	int ret = 0;

	(void)argv;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe(answer))
		return 1;
	for (nr = 0; ret != 4711; nr++) {
		child = fork();
		if (!child) {
			if (argc > 1 && !io_uring_queue_init(4, &ring, 0))
				io_uring_queue_exit(&ring);
			alarm(5);
			ret = call(nr);
			_exit(write(answer[1], &ret, sizeof(ret)) != sizeof(ret));
		}
		if (waitpid(child, &status, 0) < 0)
			return 1;
		if (WIFSIGNALED(status)) {
			printf("%d: signal %d\n", nr, WTERMSIG(status));
			continue;
		}
		if (read(answer[0], &ret, sizeof(ret)) != sizeof(ret))
			return 1;
		printf("%d: %d\n", nr, ret);
	}
	return 0;
}
