/* SPDX-License-Identifier: MIT */
/*
 * A plugin that brings its own liburing. It tells which one serves it by what
 * that release does: io_uring_queue_mmap() leaves more or fewer fields empty.
 */
#include "program.h"

void plugin_run(void);

static void tell_library(void)
{
	struct io_uring_params p = { 0 };
	struct io_uring ring;
	int fd = io_uring_setup(4, &p), ret;

	if (fd < 0)
		die("io_uring_setup", fd);
	ret = io_uring_queue_mmap(fd, &p, &ring);
	say("mapped by a liburing that says %d, and fills in features %s, descriptor %s", ret,
	    ring.features ? "yes" : "no", ring.ring_fd == fd ? "yes" : "no");
	ring.ring_fd = ring.enter_ring_fd = fd;
	ring.features = p.features;
	wait_round(&ring);
	io_uring_queue_exit(&ring);
}

void plugin_run(void)
{
	struct io_uring ring;

#ifdef IO_URING_VERSION_MAJOR
	say("compiled for %d.%d, linked with %d.%d", IO_URING_VERSION_MAJOR, IO_URING_VERSION_MINOR,
	    io_uring_major_version(), io_uring_minor_version());
#else
	say("compiled for 2.3");
#endif
	tell_library();
	must_init(&ring, 8, 0);
	print_ring(&ring);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
}
