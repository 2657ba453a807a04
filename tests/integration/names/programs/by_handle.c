/* SPDX-License-Identifier: MIT */
/*
 * Does without liburing at link time: opens it, as SDL does, and looks its functions up in the
 * handle (by_handle handle) or in the default scope (by_handle default), then waits.
 */
#include <dlfcn.h>
#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <string.h>

static void *scope;

static void *found(const char *name)
{
	void *function = dlsym(scope, name);

	if (!function)
		printf("%s: not there\n", name);
	return function;
}

int main(int argc, char **argv)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	__typeof__(io_uring_wait_cqe_timeout) *wait;
	__typeof__(io_uring_queue_init) *init;
	__typeof__(io_uring_queue_exit) *end;
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	int ret;

	if (argc == 3) {
		scope = dlopen(argv[2], RTLD_NOW | (*argv[1] == 'd' ? RTLD_GLOBAL : 0));
		if (!scope)
			return 77;
	}
	if (argc < 3 || *argv[1] == 'd')
		scope = RTLD_DEFAULT;
	init = found("io_uring_queue_init");
	wait = found("io_uring_wait_cqe_timeout");
	end = found("io_uring_queue_exit");
	if (!init || !wait || !end)
		return 0;
	ret = init(4, &ring, 0);
	printf("init %d\n", ret);
	if (!ret) {
		printf("wait %d\n", wait(&ring, &cqe, &ts));
		end(&ring);
	}
	return 0;
}
