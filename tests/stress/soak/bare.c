/* SPDX-License-Identifier: MIT */
/*
 * Threads that make rings by bare system calls, wait by bare enters and close them, all at once,
 * so that a number is one thread's ring now and another's a moment later.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "soak.h"

#define THREADS 8
#define TIMED	(IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

struct bare {
	struct io_uring ring;
	size_t sqes_size;
	bool libc; /* through syscall(), else by liburing's names */
};

static void bare_make(struct bare *b)
{
	struct io_uring_params p = { 0 };
	unsigned i;
	int fd = b->libc ? (int)syscall(__NR_io_uring_setup, 4, &p) : io_uring_setup(4, &p);

	NEED(fd >= 0, "io_uring_setup: %d", fd);
	NEED(!io_uring_queue_mmap(fd, &p, &b->ring), "io_uring_queue_mmap");
	for (i = 0; i < p.sq_entries; i++)
		b->ring.sq.array[i] = i;
	b->sqes_size = p.sq_entries * sizeof(struct io_uring_sqe);
	b->ring.features = p.features;
	b->ring.ring_fd = b->ring.enter_ring_fd = fd;
}

static int bare_enter(const struct bare *b, unsigned submit, unsigned wait, int64_t us)
{
	struct __kernel_timespec ts = timespec_of(us);
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&ts };
	int fd = b->ring.ring_fd, ret;

	if (!b->libc)
		return io_uring_enter2(fd, submit, wait, TIMED, (void *)&arg, sizeof(arg));
	ret = syscall(__NR_io_uring_enter, fd, submit, wait, TIMED, &arg, sizeof(arg));
	return ret < 0 ? -errno : ret;
}

/* Submits one NOP and waits for nr: for one it is there at once, for two never. */
static void bare_round_trip(struct bare *b, unsigned nr)
{
	struct io_uring *ring = &b->ring;
	int64_t start = now_us();
	int ret;

	io_uring_prep_nop(io_uring_get_sqe(ring));
	ring->sq.sqe_head = ring->sq.sqe_tail;
	io_uring_smp_store_release(ring->sq.ktail, ring->sq.sqe_tail);
	ret = bare_enter(b, 1, nr, nr == 1 ? 10000000 : 1000);
	CHECK(ret == 1 && io_uring_cq_ready(ring) == 1, "a bare enter: %d, %u completions", ret,
	      io_uring_cq_ready(ring));
	if (nr > 1)
		check_expired(start, 1000, -ETIME);
	io_uring_cq_advance(ring, 1);
}

/* By hand, by another descriptor, or as liburing ends it. */
static void bare_end(struct bare *b, unsigned how)
{
	int fd = b->ring.ring_fd, copy;

	switch (how) {
	case 0:
		io_uring_queue_exit(&b->ring);
		return;
	case 1:
		close(fd);
		break;
	case 2:
		syscall(SYS_close, fd);
		break;
	case 3:
		copy = dup(fd);
		close(fd);
		b->ring.ring_fd = copy;
		bare_round_trip(b, 1);
		close(copy);
	}
	munmap(b->ring.sq.ring_ptr, b->ring.sq.ring_sz);
	if (b->ring.cq.ring_ptr != b->ring.sq.ring_ptr)
		munmap(b->ring.cq.ring_ptr, b->ring.cq.ring_sz);
	munmap(b->ring.sq.sqes, b->sqes_size);
}

struct work {
	unsigned seed;
	int rounds;
};

static void *go_round(void *arg)
{
	struct work *work = arg;
	struct bare b;
	int64_t start;
	int i, j;

	for (i = 0; i < work->rounds; i++) {
		b.libc = random_below(&work->seed, 2);
		bare_make(&b);
		for (j = 0; j < 4; j++)
			bare_round_trip(&b, 1 + random_below(&work->seed, 2));
		start = now_us();
		check_expired(start, 500, bare_enter(&b, 0, 1, 500));
		bare_end(&b, random_below(&work->seed, 4));
	}
	return NULL;
}

void round_bare(int size)
{
	struct work work[THREADS];
	pthread_t threads[THREADS];
	int i;

	for (i = 0; i < THREADS; i++) {
		work[i] = (struct work){ .seed = now_us() + i, .rounds = size * 20 };
		NEED(!pthread_create(&threads[i], NULL, go_round, &work[i]), "pthread_create");
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}
