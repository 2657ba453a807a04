/* SPDX-License-Identifier: MIT */
/*
 * A library that enters io_uring by wrappers of its own under the usual names, in libc's manner: -1
 * and errno. It knows nothing of liburing.
 */
#include <errno.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int io_uring_setup(unsigned entries, struct io_uring_params *p);
int io_uring_enter(int fd, unsigned submit, unsigned wait_nr, unsigned flags);
int io_uring_register(int fd, unsigned opcode, void *arg, unsigned nr);
int io_uring_queue_init(void);
int io_uring_wait_cqes(void);
int engine(void);

int io_uring_setup(unsigned entries, struct io_uring_params *p)
{
	return syscall(__NR_io_uring_setup, entries, p);
}

/* Four arguments, as manual pages had it. */
int io_uring_enter(int fd, unsigned submit, unsigned wait_nr, unsigned flags)
{
	return syscall(__NR_io_uring_enter, fd, submit, wait_nr, flags, NULL, 0);
}

int io_uring_register(int fd, unsigned opcode, void *arg, unsigned nr)
{
	return syscall(__NR_io_uring_register, fd, opcode, arg, nr);
}

/* Functions with entirely different meanings. */
int io_uring_queue_init(void)
{
	return 4711;
}

int io_uring_wait_cqes(void)
{
	return 4712;
}

static int said(const char *what, int ret)
{
	printf("%s %s, errno %d\n", what, ret >= 0 ? "ok" : "failed", errno);
	errno = 0;
	return ret;
}

int engine(void)
{
	struct io_uring_params p;
	int fd;

	memset(&p, 0, sizeof(p));
	errno = 0;
	printf("own %d %d\n", io_uring_queue_init(), io_uring_wait_cqes());
	fd = said("setup", io_uring_setup(4, &p));
	if (fd < 0)
		return 1;
	said("enter", io_uring_enter(fd, 0, 0, 0));
	said("bad enter", io_uring_enter(fd, 0, 0, 1U << 30));
	said("bad register", io_uring_register(fd, 10000, NULL, 0));
	said("bad setup", io_uring_setup(0, &p));
	close(fd);
	return 0;
}
