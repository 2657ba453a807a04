/* SPDX-License-Identifier: MIT */
/*
 * A client and a server, a thread and a ring each, with as many TCP connections as config.batch says.
 * On each the client sends 64 bytes and gets 64 back: one operation. Both serve what has come, and
 * wait for one completion where nothing has.
 */
#include <sys/socket.h>

#include "tcp.h"
#include "waits.h"

#define ENTRIES (4 * RING_ENTRIES) /* a send and a receive on each connection at a time */

struct connection {
	int fd;
	uint64_t left; /* messages still to be received on it */
	char in[MESSAGE], out[MESSAGE];
};

static struct connection connections[MAX_LANES][RING_ENTRIES];

static int many_open(struct lane *lanes)
{
	unsigned int i;
	int pair[2], ret;

	for (i = 0; i < lanes[0].config->batch; i++) {
		ret = tcp_pair(pair);
		if (ret)
			return lane_fail(&lanes[0], "TCP connections over loopback", ret);
		connections[0][i].fd = pair[0];
		connections[1][i].fd = pair[1];
	}
	return 0;
}

static int many_setup(struct lane *lane)
{
	static struct io_uring rings[MAX_LANES];
	struct io_uring_params p = { 0 };

	lane->rings = &rings[lane->nr];
	return lane_open_ring(lane, lane->rings, ENTRIES, &p);
}

static void receive(struct io_uring *ring, struct connection *c)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_recv(sqe, c->fd, c->in, MESSAGE, MSG_WAITALL);
	io_uring_sqe_set_data(sqe, c);
}

static void send_message(struct io_uring *ring, struct connection *c)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_send(sqe, c->fd, c->out, MESSAGE, MSG_NOSIGNAL);
	io_uring_sqe_set_data(sqe, NULL);
}

/* How many requests it has made. The client has begun already when it receives; the server answers. */
static unsigned int go_on(struct lane *lane, struct connection *c)
{
	bool answers = lane->nr == 1;
	unsigned int made = 0;

	c->left--;
	if (answers || c->left) {
		send_message(lane->rings, c);
		made++;
	}
	if (c->left) {
		receive(lane->rings, c);
		made++;
	}
	return made;
}

static unsigned int begin(struct lane *lane, uint64_t ops)
{
	unsigned int i, nr = lane->config->batch, made = 0;

	for (i = 0; i < nr; i++) {
		struct connection *c = &connections[lane->nr][i];

		c->left = ops / nr + (i < ops % nr);
		if (!c->left)
			continue;
		if (lane->nr == 0) {
			send_message(lane->rings, c);
			made++;
		}
		receive(lane->rings, c);
		made++;
	}
	return made;
}

static int many_run(struct lane *lane, uint64_t ops)
{
	struct io_uring *ring = lane->rings;
	uint64_t start = now_ns();
	unsigned int pending = begin(lane, ops);

	while (pending) {
		struct io_uring_cqe *cqe;
		unsigned int head, seen = 0;
		int ret = submit_and_wait(lane, ring, &cqe, 1, KIND_TIMED);

		if (ret < 0)
			return lane_fail(lane, "many connections", ret);
		io_uring_for_each_cqe(ring, head, cqe) {
			struct connection *c = io_uring_cqe_get_data(cqe);

			if (cqe->res != (int)MESSAGE)
				return lane_fail(lane, "passing a message", cqe->res);
			seen++;
			if (c)
				pending += go_on(lane, c);
		}
		io_uring_cq_advance(ring, seen);
		pending -= seen;
	}
	lane->ns += now_ns() - start;
	return 0;
}

/* It has one kind: the driver asks for no other. */
const struct workload work_many = {
	.name = "tcp-many",
	.timeout = { .tv_sec = 5 },
	.pair = true,
	.open = many_open,
	.setup = many_setup,
	.run = many_run,
};
