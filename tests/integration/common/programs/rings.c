/* SPDX-License-Identifier: MIT */
/*
 * Makes rings and waits on each: rings HOW COUNT FLAGS. HOW is init, params,
 * setup (io_uring_setup and io_uring_queue_mmap), disabled or setup-disabled
 * (made disabled, and enabled by io_uring_register). Every byte that the
 * program can see of a creation is printed, above all where it failed.
 */
#include "program.h"

static struct io_uring_params params;

static int make_init(struct io_uring *ring, unsigned flags)
{
	return io_uring_queue_init(8, ring, flags);
}

static int make_params(struct io_uring *ring, unsigned flags)
{
	params.flags = flags;
	return io_uring_queue_init_params(8, ring, &params);
}

static int make_setup(struct io_uring *ring, unsigned flags)
{
	int fd, ret;

	params.flags = flags;
	fd = io_uring_setup(8, &params);
	if (fd < 0)
		return fd;
	ret = io_uring_queue_mmap(fd, &params, ring);
	/* What the library leaves out differs by release; a program fills it in. */
	ring->features = params.features;
	ring->flags = params.flags;
	ring->ring_fd = ring->enter_ring_fd = fd;
	return ret;
}

static bool made; /* the ring itself is there, whatever came after */

static int enabled(struct io_uring *ring, int ret)
{
	if (ret < 0)
		return ret;
	made = true;
	WAIT_CALL(ring, "wait while disabled", io_uring_wait_cqe_timeout(ring, &cqe, AFTER_MS(1)));
	return io_uring_register(ring->ring_fd, OP_ENABLE_RINGS, NULL, 0);
}

static int make_disabled(struct io_uring *ring, unsigned flags)
{
	return enabled(ring, make_params(ring, flags | IORING_SETUP_R_DISABLED));
}

static int make_setup_disabled(struct io_uring *ring, unsigned flags)
{
	return enabled(ring, make_setup(ring, flags | IORING_SETUP_R_DISABLED));
}

static const struct {
	const char *name;
	int (*make)(struct io_uring *ring, unsigned flags);
} hows[] = {
	{ "init", make_init },
	{ "params", make_params },
	{ "setup", make_setup },
	{ "disabled", make_disabled },
	{ "setup-disabled", make_setup_disabled },
};

/* Where the kernel writes, so that it can be seen whether it did. */
static void soil(struct io_uring *ring)
{
	memset(ring, 0xaa, sizeof(*ring));
	memset(&params, 0, sizeof(params));
	params.features = 0x5a5a5a5a;
	params.sq_entries = 0x5a5a5a5a;
	memset(&params.sq_off, 0x5a, sizeof(params.sq_off));
	memset(&params.cq_off, 0x5a, sizeof(params.cq_off));
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 1, i;
	unsigned flags = argc > 3 ? strtoul(argv[3], NULL, 0) : 0, h;

	if (argc < 2)
		die("usage: rings HOW COUNT FLAGS", 0);
	for (h = 0; strcmp(hows[h].name, argv[1]); h++)
		if (h + 1 == sizeof(hows) / sizeof(hows[0]))
			die("no such way to make a ring", 0);
	for (i = 0; i < count; i++) {
		struct io_uring ring;
		int ret;

		soil(&ring);
		made = false;
		ret = RING_CALL("make", hows[h].make(&ring, flags));
		print_bytes("params:", &params, sizeof(params));
		if (ret < 0) {
			if (made)
				io_uring_queue_exit(&ring);
			else
				print_bytes("ring:", &ring, sizeof(ring));
			continue;
		}
		print_ring(&ring);
		wait_round(&ring);
		io_uring_queue_exit(&ring);
	}
	return 0;
}
