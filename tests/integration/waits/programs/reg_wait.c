/* SPDX-License-Identifier: MIT */
/*
 * Registered waits of the program's own on a ring with which it registered
 * nothing: the kernel must refuse them, whatever lies in the shim's area. An
 * alarm ends the program where it would wait for ever.
 */
#include "program.h"
#include "region.h"

#define FLAGS (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | ENTER_EXT_ARG_REG)

static struct io_uring ring;

/* Leaves an hour in the slot of this thread, so that using it would be seen. */
static void write_slot(void)
{
	put_nop(&ring, 9);
	WAIT_CALL(&ring, "a wait of an hour that ends at once",
		  io_uring_submit_and_wait_timeout(&ring, &cqe, 1, AFTER_MS(3600000), NULL));
}

static void by_enter(const char *what, int fd, unsigned more_flags)
{
	static const long offsets[] = { 0, 64, 128, 4032, 4096, -64, 1, 8 };
	unsigned i;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		errno = ERRNO_UNTOUCHED;
		say("%s at %ld: %s", what, offsets[i],
		    name_of(io_uring_enter2(fd, 0, 1, FLAGS | more_flags, (void *)offsets[i],
					    sizeof(struct slot))));
	}
	RING_CALL("size 24", io_uring_enter2(fd, 0, 1, FLAGS | more_flags, NULL, 24));
	RING_CALL("size 0", io_uring_enter2(fd, 0, 1, FLAGS | more_flags, NULL, 0));
	RING_CALL("five arguments", io_uring_enter(fd, 0, 1, FLAGS | more_flags, NULL));
}

/* An error in the argument is lost where something was submitted. */
static void with_submission(int fd, unsigned more_flags)
{
	put_nop(&ring, 5);
	__atomic_store_n(ring.sq.ktail, ring.sq.sqe_head = ring.sq.sqe_tail, __ATOMIC_RELEASE);
	RING_CALL("submit one and wait for two",
		  io_uring_enter2(fd, 1, 2, FLAGS | more_flags, NULL, sizeof(struct slot)));
	WAIT_CALL(&ring, "what came", io_uring_peek_cqe(&ring, &cqe));
}

/* Without EXT_ARG the kernel takes the offset for the address of a signal mask. */
static void without_ext_arg(int fd)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	io_uring_prep_timeout(sqe, AFTER_MS(30), 0, 0);
	sqe->user_data = 6;
	RING_CALL("submit", io_uring_submit(&ring));
	RING_CALL("REG without EXT",
		  io_uring_enter2(fd, 0, 1, IORING_ENTER_GETEVENTS | ENTER_EXT_ARG_REG, NULL, 8));
	WAIT_CALL(&ring, "what came", io_uring_peek_cqe(&ring, &cqe));
}

int main(int argc, char **argv)
{
	const char *entry = argc > 1 ? argv[1] : "";

	alarm(100);
	must_init(&ring, 8, 0);
	write_slot();
	if (!strcmp(entry, "fd")) {
		by_enter("by descriptor", ring.ring_fd, 0);
		with_submission(ring.ring_fd, 0);
	} else if (!strcmp(entry, "index")) {
		RING_CALL("register", io_uring_register_ring_fd(&ring));
		write_slot();
		by_enter("by index", ring.enter_ring_fd, IORING_ENTER_REGISTERED_RING);
		with_submission(ring.enter_ring_fd, IORING_ENTER_REGISTERED_RING);
	} else if (!strcmp(entry, "mask")) {
		without_ext_arg(ring.ring_fd);
	} else if (!strcmp(entry, "lib")) {
#if LIBURING_AT_LEAST(9)
		int i;

		for (i = -1; i < 70; i += 23)
			WAIT_CALL(&ring, "submit_and_wait_reg",
				  io_uring_submit_and_wait_reg(&ring, &cqe, 1, i));
		put_nop(&ring, 7);
		WAIT_CALL(&ring, "with a NOP", io_uring_submit_and_wait_reg(&ring, &cqe, 1, 0));
		RING_CALL("register", io_uring_register_ring_fd(&ring));
		write_slot();
		WAIT_CALL(&ring, "by index", io_uring_submit_and_wait_reg(&ring, &cqe, 1, 0));
#endif
	} else {
		die("usage: reg_wait fd|index|mask|lib", 0);
	}
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	return 0;
}
