/* SPDX-License-Identifier: MIT */
/*
 * A preload that is wrong on purpose, so that the comparison can be seen to notice. MUTANT names the
 * fault: "ret" (another error), "errno", "cqe" (no pointer), "enter" (one system call too many),
 * "late" (a wait twice as long). Without MUTANT it has none.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct io_uring;
struct io_uring_cqe;
struct __kernel_timespec;

typedef int wait_fn(struct io_uring *, struct io_uring_cqe **, struct __kernel_timespec *);

int io_uring_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe,
			      struct __kernel_timespec *ts);

int io_uring_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe,
			      struct __kernel_timespec *ts)
{
	wait_fn *next = (wait_fn *)dlsym(RTLD_NEXT, "io_uring_wait_cqe_timeout");
	const char *fault = getenv("MUTANT");
	int ret, was = errno;

	if (!fault)
		fault = "";
	if (!strcmp(fault, "enter"))
		syscall(SYS_io_uring_enter, -1, 0, 0, 0, NULL, 0);
	errno = was;
	ret = next(ring, cqe, ts);
	if (!strcmp(fault, "late") && ret == -ETIME)
		ret = next(ring, cqe, ts);
	if (!strcmp(fault, "ret") && ret == -ETIME)
		ret = -EAGAIN;
	if (!strcmp(fault, "errno") && ret < 0)
		errno = -ret;
	if (!strcmp(fault, "cqe"))
		*cqe = NULL;
	return ret;
}
