/* SPDX-License-Identifier: MIT */
/* Makes rings, fills them, and waits until nothing happens in them. */
#include <poll.h>
#include <sys/timerfd.h>

#include "oracle.h"

/* Enough for anything that needs no waiting; a hang is the watchdog's. */
#define PATIENCE_MS 2000

struct io_uring_sqe *next_sqe(struct io_uring *ring, unsigned user_data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	if (!sqe)
		must(-EBUSY, "io_uring_get_sqe");
	/* liburing before 2.6 hands out whatever lay there. */
	memset(sqe, 0, sizeof(*sqe));
	sqe->user_data = user_data;
	return sqe;
}

void put_nops(struct io_uring *ring, unsigned nr, unsigned user_data)
{
	struct io_uring_sqe *sqe;

	while (nr--) {
		sqe = next_sqe(ring, 0);
		io_uring_prep_nop(sqe);
		sqe->user_data = user_data++;
	}
}

void put_stuck(struct io_uring *ring, unsigned user_data)
{
	static char byte;
	struct io_uring_sqe *sqe = next_sqe(ring, 0);

	io_uring_prep_read(sqe, stuck_pipe[0], &byte, 1, 0);
	sqe->user_data = user_data;
}

void unstick(void)
{
	if (write(stuck_pipe[1], "", 1) != 1)
		must(-errno, "write to the pipe");
}

bool sqpoll_sleeps;

static bool at_rest(struct io_uring *ring)
{
	if (io_uring_smp_load_acquire(ring->sq.khead) != *ring->sq.ktail)
		return false;
	return !sqpoll_sleeps || (IO_URING_READ_ONCE(*ring->sq.kflags) & IORING_SQ_NEED_WAKEUP);
}

/* An SQPOLL thread takes what it is given at some later time. */
void settle(struct io_uring *ring)
{
	int ms;

	if (!(ring->flags & IORING_SETUP_SQPOLL) || (ring->flags & IORING_SETUP_R_DISABLED))
		return;
	for (ms = 0; ms < PATIENCE_MS && !at_rest(ring); ms++)
		usleep(1000);
}

static void submit_all(struct io_uring *ring)
{
	int ret = io_uring_submit(ring);

	must(ret, "io_uring_submit");
	settle(ring);
}

void complete_nops(struct io_uring *ring, unsigned nr, unsigned user_data)
{
	unsigned before = *ring->cq.ktail;
	int ms;

	if (!nr)
		return;
	put_nops(ring, nr, user_data);
	submit_all(ring);
	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (io_uring_smp_load_acquire(ring->cq.ktail) - before >= nr)
			return;
		usleep(1000);
	}
	must(-ETIMEDOUT, "NOPs to complete");
}

/*
 * Not IORING_OP_TIMEOUT: when one of those fires, the kernel ends any wait on
 * that ring, however many completions it was to wait for.
 */
void arrive_later(struct io_uring *ring, unsigned nr, double ms)
{
	static int timer = -1;
	struct itimerspec in = { { 0, 0 }, { 0, 0 } };
	struct __kernel_timespec ts = after_ms(ms);
	struct io_uring_sqe *sqe;
	unsigned i;

	if (!nr)
		return;
	if (timer < 0)
		timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	in.it_value.tv_sec = ts.tv_sec;
	in.it_value.tv_nsec = ts.tv_nsec;
	if (timer < 0 || timerfd_settime(timer, 0, &in, NULL))
		must(-errno, "timerfd");
	for (i = 0; i < nr; i++) {
		/* More than the SQ holds goes in several submissions. */
		if (!io_uring_sq_space_left(ring))
			submit_all(ring);
		sqe = next_sqe(ring, 0);
		io_uring_prep_poll_add(sqe, timer, POLLIN);
		sqe->user_data = UD_LATE + i;
	}
	submit_all(ring);
}

void drain(struct io_uring *ring)
{
	io_uring_cq_advance(ring, io_uring_cq_ready(ring));
}

void make_ring(struct io_uring *ring, unsigned entries, unsigned flags)
{
	must(io_uring_queue_init(entries, ring, flags), "io_uring_queue_init");
}

struct io_uring_params map_ring_by_hand(struct io_uring *ring, unsigned entries, unsigned flags)
{
	struct io_uring_params p = { .flags = flags };
	int fd = io_uring_setup(entries, &p);
	unsigned i;

	must(fd, "io_uring_setup");
	must(io_uring_queue_mmap(fd, &p, ring), "io_uring_queue_mmap");
	for (i = 0; ring->sq.array && i < p.sq_entries; i++)
		ring->sq.array[i] = i;
	return p;
}

void make_ring_by_hand(struct io_uring *ring, unsigned entries, unsigned flags)
{
	struct io_uring_params p = map_ring_by_hand(ring, entries, flags);

	ring->flags = p.flags;
	ring->features = p.features;
	ring->enter_ring_fd = ring->ring_fd;
}

int enable_ring(struct io_uring *ring)
{
#if LIBURING_AT_LEAST(4)
	return io_uring_enable_rings(ring);
#else
	/* 2.3 declares io_uring_enable_rings and does not export it. */
	return io_uring_register(ring->ring_fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0);
#endif
}
