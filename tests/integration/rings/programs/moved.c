/* SPDX-License-Identifier: MIT */
/*
 * Rings whose address, descriptor or memory is not what it was: moved CASE.
 */
#include <sys/mman.h>

#include "ends.h"

/* What a program may do with the structure: it is plain data. */
static void move(void)
{
	struct io_uring *there = malloc(sizeof(*there)), here;

	must_init(&here, 8, 0);
	wait_round(&here);
	memcpy(there, &here, sizeof(here));
	memset(&here, 0xee, sizeof(here));
	wait_round(there);
	here = *there;
	free(there);
	wait_round(&here);
	io_uring_queue_exit(&here);
}

/* Two copies, of which either waits. */
static void copy(void)
{
	struct io_uring one, two;
	int i;

	must_init(&one, 8, 0);
	two = one;
	for (i = 0; i < 3; i++) {
		put_nop(&one, 1);
		RING_CALL("submit", io_uring_submit(&one));
		WAIT_CALL(&two, "the copy waits",
			  io_uring_wait_cqe_timeout(&two, &cqe, AFTER_MS(60000)));
		WAIT_CALL(&one, "the first waits",
			  io_uring_wait_cqe_timeout(&one, &cqe, AFTER_MS(3)));
	}
	io_uring_queue_exit(&two);
}

/* Ended without the library; the next ring has the same descriptor, address and structure. */
static void bare(void)
{
	static const unsigned flags[] = {
		0,
		IORING_SETUP_IOPOLL,
		0,
		IORING_SETUP_R_DISABLED,
		0,
		IORING_SETUP_IOPOLL,
		IORING_SETUP_CQE32,
		0,
	};
	struct io_uring ring;
	void *place = NULL;
	unsigned i;
	int fd = -1;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		must_init(&ring, 8, flags[i]);
		if (i)
			say("same descriptor %d, same address %d", ring.ring_fd == fd,
			    ring.cq.ring_ptr == place);
		fd = ring.ring_fd;
		place = ring.cq.ring_ptr;
		wait_round(&ring);
		unmap(&ring);
		close(fd);
	}
}

/* Under another descriptor; the old number becomes another ring's. */
static void dup_away(void)
{
	struct io_uring first, second;
	int fd;

	must_init(&first, 8, 0);
	fd = dup(first.ring_fd);
	close(first.ring_fd);
	first.ring_fd = first.enter_ring_fd = fd;
	must_init(&second, 8, IORING_SETUP_IOPOLL);
	wait_round(&first);
	wait_round(&second);
	io_uring_queue_exit(&first);
	wait_round(&second);
	io_uring_queue_exit(&second);
}

static void adopt(struct io_uring *ring, const struct io_uring_params *p, int fd)
{
	ring->features = p->features;
	ring->flags = p->flags;
	ring->ring_fd = ring->enter_ring_fd = fd;
}

/* One ring, mapped twice, as by two parts of a program. */
static void map_twice(void)
{
	struct io_uring_params p = { 0 };
	struct io_uring one, two;
	int fd = RING_CALL("setup", io_uring_setup(8, &p));

	RING_CALL("map", io_uring_queue_mmap(fd, &p, &one));
	adopt(&one, &p, fd);
	RING_CALL("map again", io_uring_queue_mmap(fd, &p, &two));
	adopt(&two, &p, fd);
	put_nop(&one, 1);
	RING_CALL("submit", io_uring_submit(&one));
	WAIT_CALL(&two, "wait by the second",
		  io_uring_wait_cqe_timeout(&two, &cqe, AFTER_MS(60000)));
	WAIT_CALL(&one, "wait by the first", io_uring_wait_cqe_timeout(&one, &cqe, AFTER_MS(3)));
	unmap(&two);
	wait_round(&one);
	io_uring_queue_exit(&one);
}

/* Made by a bare system call, where nobody can see it. */
static void unseen(void)
{
	struct io_uring_params p = { 0 };
	struct io_uring ring;
	int fd = syscall(SYS_io_uring_setup, 8, &p);

	RING_CALL("map", io_uring_queue_mmap(fd, &p, &ring));
	adopt(&ring, &p, fd);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
}

/* Made and mapped without the library, waited on with it. */
static void by_hand(void)
{
	struct io_uring_params p = { 0 };
	struct io_uring ring = { 0 };
	int fd = syscall(SYS_io_uring_setup, 8, &p);
	char *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
		       IORING_OFF_SQ_RING);
	struct io_uring_sq *sq = &ring.sq;
	struct io_uring_cq *cq = &ring.cq;
	unsigned *array = (unsigned *)(m + p.sq_off.array), i;

	sq->sqes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd,
			IORING_OFF_SQES);
	if (m == MAP_FAILED || sq->sqes == MAP_FAILED)
		die("mmap", -errno);
	sq->khead = (unsigned *)(m + p.sq_off.head);
	sq->ktail = (unsigned *)(m + p.sq_off.tail);
	sq->kring_mask = (unsigned *)(m + p.sq_off.ring_mask);
	sq->kring_entries = (unsigned *)(m + p.sq_off.ring_entries);
	sq->kflags = (unsigned *)(m + p.sq_off.flags);
	sq->kdropped = (unsigned *)(m + p.sq_off.dropped);
	sq->array = array;
	cq->khead = (unsigned *)(m + p.cq_off.head);
	cq->ktail = (unsigned *)(m + p.cq_off.tail);
	cq->kring_mask = (unsigned *)(m + p.cq_off.ring_mask);
	cq->kring_entries = (unsigned *)(m + p.cq_off.ring_entries);
	cq->kflags = (unsigned *)(m + p.cq_off.flags);
	cq->koverflow = (unsigned *)(m + p.cq_off.overflow);
	cq->cqes = (struct io_uring_cqe *)(m + p.cq_off.cqes);
	sq->ring_mask = *sq->kring_mask;
	sq->ring_entries = *sq->kring_entries;
	cq->ring_mask = *cq->kring_mask;
	cq->ring_entries = *cq->kring_entries;
	for (i = 0; i < p.sq_entries; i++)
		array[i] = i;
	adopt(&ring, &p, fd);
	wait_round(&ring);
}

#if LIBURING_AT_LEAST(9)
/* The program's own memory serves one ring after another. */
static void own_memory(const char *how)
{
	static const unsigned flags[] = { 0, IORING_SETUP_IOPOLL, 0 };
	void *memory = mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	unsigned i;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct io_uring_params p = { .flags = flags[i] };
		struct io_uring ring;
		/* One page for each of the two parts, so that no huge page is needed. */
		int ret = RING_CALL("make", io_uring_queue_init_mem(4, &ring, &p, memory, 8192));

		if (ret < 0)
			return;
		wait_round(&ring);
		if (!strcmp(how, "own-memory"))
			io_uring_queue_exit(&ring);
		else
			close(ring.ring_fd);
		/* The kernel releases it some time later, and then requires that it is zeroed. */
		usleep(100000);
		if (strcmp(how, "own-memory-dirty"))
			memset(memory, 0, 8192);
		else
			memset(memory, 0, 48);
	}
}

/* New memory, and two mappings of its header. */
static void resize(void)
{
	struct io_uring_params p = { .sq_entries = 16, .cq_entries = 32 };
	struct io_uring ring;

	must_init(&ring, 8, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
	wait_round(&ring);
	if (RING_CALL("resize", io_uring_resize_rings(&ring, &p)) < 0)
		return;
	wait_round(&ring);
	io_uring_queue_exit(&ring);
}
#endif

/* clang-format off */
static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "move", move },
	{ "copy", copy },
	{ "bare", bare },
	{ "dup", dup_away },
	{ "map-twice", map_twice },
	{ "unseen", unseen },
	{ "by-hand", by_hand },
#if LIBURING_AT_LEAST(9)
	{ "resize", resize },
#endif
};
/* clang-format on */

int main(int argc, char **argv)
{
	const char *which = argc > 1 ? argv[1] : "";
	unsigned i;

#if LIBURING_AT_LEAST(9)
	if (!strncmp(which, "own-memory", 10)) {
		own_memory(which);
		return 0;
	}
#endif
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(cases[i].name, which)) {
			cases[i].run();
			return 0;
		}
	die("usage: moved CASE", 0);
}
