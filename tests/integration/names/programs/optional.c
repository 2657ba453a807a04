/* SPDX-License-Identifier: MIT */
/*
 * A program for which liburing is optional: it has weak references, and looks names up. Built
 * without liburing, and with it (optional-linked). For each of liburing's names: is it there, by
 * a weak reference, in the default scope, after this object, and whose is it?
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
#define NAMES(X) \
	X(io_uring_queue_init) X(io_uring_queue_init_params) X(io_uring_queue_init_mem) \
	X(io_uring_queue_mmap) X(io_uring_queue_exit) X(io_uring_setup) X(io_uring_enter) \
	X(io_uring_enter2) X(io_uring_register) X(io_uring_wait_cqes) \
	X(io_uring_wait_cqe_timeout) X(io_uring_submit_and_wait_timeout) \
	X(io_uring_wait_cqes_min_timeout) X(io_uring_submit_and_wait_min_timeout) \
	X(io_uring_submit_and_wait_reg) X(io_uring_register_ring_fd) \
	X(io_uring_unregister_ring_fd) X(io_uring_close_ring_fd) X(io_uring_enable_rings) \
	X(io_uring_resize_rings) X(io_uring_register_region) X(io_uring_register_wait_reg) \
	X(__io_uring_get_cqe) X(io_uring_submit)
/* clang-format on */

#define X(name) extern int name(void) __attribute__((weak));
NAMES(X)
#undef X

/* The file's name without its folder. */
static const char *whose(void *function)
{
	const char *slash;
	Dl_info info;

	if (!function)
		return "absent";
	if (!dladdr(function, &info) || !info.dli_fname)
		return "nobody's";
	slash = strrchr(info.dli_fname, '/');
	return slash ? slash + 1 : info.dli_fname;
}

/*
 * What a weak reference leads to may be anybody's function: calls to it must do what they did
 * before.
 */
static void say(const char *name, int (*weak)(void))
{
	printf("%s: weak %s, default %s, next %s\n", name, weak ? "there" : "absent",
	       whose(dlsym(RTLD_DEFAULT, name)), whose(dlsym(RTLD_NEXT, name)));
}

/* As much memory as any struct io_uring takes, and where it is there, a ring in it. */
static void use(void)
{
	int (*init)(unsigned, void *, unsigned) =
		(int (*)(unsigned, void *, unsigned))(void *)io_uring_queue_init;
	void (*end)(void *) = (void (*)(void *))(void *)io_uring_queue_exit;
	static unsigned long ring[128];
	int ret;

	if (!init || !end) {
		puts("no liburing here: epoll");
		return;
	}
	ret = init(4, ring, 0);
	printf("init %d\n", ret);
	if (!ret)
		end(ring);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
#define X(name) say(#name, name);
	NAMES(X)
#undef X
	use();
	return 0;
}
