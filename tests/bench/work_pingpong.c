/* SPDX-License-Identifier: MIT */
/*
 * Two threads of one process, each with a ring, pass 64 bytes back and forth: through two pipes or
 * over TCP on loopback. One operation is one round: each side enters once (its write, its next read, and
 * the wait for both), and sleeps in it. By bare enters it waits for one completion at a time, as a loop
 * does that serves what comes, and sleeps in the second. Both are pinned to one CPU.
 */
#include <unistd.h>

#include "entries.h"
#include "tcp.h"

struct transport {
	void (*read)(struct io_uring_sqe *sqe, int fd, void *buffer);
	void (*write)(struct io_uring_sqe *sqe, int fd, const void *buffer);
};

static void pipe_read(struct io_uring_sqe *sqe, int fd, void *buffer)
{
	io_uring_prep_read(sqe, fd, buffer, MESSAGE, 0);
}

static void pipe_write(struct io_uring_sqe *sqe, int fd, const void *buffer)
{
	io_uring_prep_write(sqe, fd, buffer, MESSAGE, 0);
}

static void tcp_read(struct io_uring_sqe *sqe, int fd, void *buffer)
{
	io_uring_prep_recv(sqe, fd, buffer, MESSAGE, MSG_WAITALL);
}

static void tcp_write(struct io_uring_sqe *sqe, int fd, const void *buffer)
{
	io_uring_prep_send(sqe, fd, buffer, MESSAGE, MSG_NOSIGNAL);
}

static const struct transport over_pipe = { pipe_read, pipe_write };
static const struct transport over_tcp = { tcp_read, tcp_write };

/* The blocking ends must stay blocking: io_uring answers -EAGAIN on O_NONBLOCK files. */
static int pipe_open(struct lane *lanes)
{
	int there[2], back[2];

	if (pipe(there) || pipe(back))
		return lane_fail(&lanes[0], "pipe", -errno);
	lanes[0].out = there[1];
	lanes[1].in = there[0];
	lanes[1].out = back[1];
	lanes[0].in = back[0];
	return 0;
}

static int tcp_open(struct lane *lanes)
{
	int pair[2] = { -1, -1 };
	int ret = tcp_pair(pair);

	if (ret)
		return lane_fail(&lanes[0], "a TCP connection over loopback", ret);
	lanes[0].in = lanes[0].out = pair[0];
	lanes[1].in = lanes[1].out = pair[1];
	return 0;
}

/* Waits for nr completions and checks that each moved a whole message. */
static always_inline int settle(struct lane *lane, struct io_uring *ring, unsigned int nr,
				enum kind kind)
{
	struct io_uring_cqe *cqe;
	unsigned int head, ready = 0;
	int ret = submit_and_wait(lane, ring, &cqe, nr, kind);

	if (ret < 0 || !cqe)
		return lane_fail(lane, "ping-pong", ret);
	io_uring_for_each_cqe(ring, head, cqe) {
		if (cqe->res != (int)MESSAGE)
			return lane_fail(lane, "passing a message", cqe->res);
		ready++;
	}
	if (ready != nr)
		return lane_fail(lane, "ping-pong", -ETIME);
	io_uring_cq_advance(ring, nr);
	return 0;
}

static always_inline int settle_bare(struct lane *lane, struct io_uring *ring, unsigned int nr,
				     bare_call *enter)
{
	unsigned int submit = show_sqes(ring), head;
	struct io_uring_cqe *cqe;

	while (nr) {
		int ret = enter(lane, submit, 1);
		unsigned int ready = 0;

		if (ret != (int)submit)
			return lane_fail(lane, "ping-pong by bare enters", ret);
		io_uring_for_each_cqe(ring, head, cqe) {
			if (cqe->res != (int)MESSAGE)
				return lane_fail(lane, "passing a message", cqe->res);
			ready++;
		}
		if (!ready || ready > nr)
			return lane_fail(lane, "ping-pong by bare enters", -ETIME);
		io_uring_cq_advance(ring, ready);
		nr -= ready;
		submit = 0;
	}
	return 0;
}

/* Lane 0 serves: its time is the time of the rounds. Lane 1 returns. */
static always_inline int pingpong_loop(struct lane *lane, uint64_t ops, enum kind kind,
				       const struct transport *over, bare_call *enter)
{
	struct io_uring *ring = &lane->rings[0];
	char in[MESSAGE], out[MESSAGE] = { 'r', 'e', 'g' };
	uint64_t i, start;

	if (lane->nr == 1) {
		over->read(io_uring_get_sqe(ring), lane->in, in);
		if (enter ? settle_bare(lane, ring, 1, enter) : settle(lane, ring, 1, kind))
			return -1;
	}
	start = now_ns();
	for (i = 0; i < ops; i++) {
		bool last = lane->nr == 1 && i == ops - 1;

		over->write(io_uring_get_sqe(ring), lane->out, out);
		if (!last)
			over->read(io_uring_get_sqe(ring), lane->in, in);
		if (enter ? settle_bare(lane, ring, last ? 1 : 2, enter) :
			    settle(lane, ring, last ? 1 : 2, kind))
			return -1;
	}
	lane->ns += now_ns() - start;
	return 0;
}

static always_inline int pipe_loop(struct lane *lane, uint64_t ops, enum kind kind)
{
	return pingpong_loop(lane, ops, kind, &over_pipe, NULL);
}

static always_inline int tcp_loop(struct lane *lane, uint64_t ops, enum kind kind)
{
	return pingpong_loop(lane, ops, kind, &over_tcp, NULL);
}

static int pipe_run(struct lane *lane, uint64_t ops)
{
	return RUN_KIND(pipe_loop, lane, ops);
}

static int tcp_run(struct lane *lane, uint64_t ops)
{
	return RUN_KIND(tcp_loop, lane, ops);
}

/* These have one kind: the driver asks for no other. */
static int tcp_enter2_run(struct lane *lane, uint64_t ops)
{
	return pingpong_loop(lane, ops, KIND_TIMED, &over_tcp, by_liburing);
}

static int tcp_syscall_run(struct lane *lane, uint64_t ops)
{
	return pingpong_loop(lane, ops, KIND_TIMED, &over_tcp, by_libc);
}

const struct workload work_pipe = {
	.name = "pipe",
	.timeout = { .tv_sec = 5 },
	.pair = true,
	.open = pipe_open,
	.setup = lane_open_rings,
	.run = pipe_run,
};

const struct workload work_tcp = {
	.name = "tcp",
	.timeout = { .tv_sec = 5 },
	.pair = true,
	.open = tcp_open,
	.setup = lane_open_rings,
	.run = tcp_run,
};

const struct workload work_tcp_enter2 = {
	.name = "tcp-enter2",
	.timeout = { .tv_sec = 5 },
	.pair = true,
	.open = tcp_open,
	.setup = lane_open_rings,
	.run = tcp_enter2_run,
};

const struct workload work_tcp_syscall = {
	.name = "tcp-syscall",
	.timeout = { .tv_sec = 5 },
	.pair = true,
	.open = tcp_open,
	.setup = lane_open_rings,
	.run = tcp_syscall_run,
};
