/* SPDX-License-Identifier: MIT */
/*
 * A client for echo_server: opens a number of connections, sends messages of
 * many sizes on each, one at a time, and checks every byte that comes back.
 *
 *	echo_client PORT CONNECTIONS MESSAGES
 *
 * Standard output tells what was echoed, and is the same each time; standard
 * error tells how long it took.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_SIZE 2048
#define PATIENCE 5 /* seconds without any answer */

struct connection {
	int fd;
	bool receiving;	  /* what its one pending request does */
	unsigned message; /* the one on its way, counted from 0 */
	size_t len, done;
	unsigned long long bytes; /* that came back right */
	unsigned hash;		  /* of all that came back */
	unsigned char out[MAX_SIZE], in[MAX_SIZE];
};

static struct io_uring ring;
static struct connection *connections;
static unsigned wanted, messages, finished;

static void fail(const char *what, int error)
{
	fprintf(stderr, "echo_client: %s: %s\n", what, strerror(error));
	exit(1);
}

static unsigned long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static int connect_to(unsigned short port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		fail("connecting to the server", errno);
	return fd;
}

static void start_transfer(struct connection *c)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (!sqe)
		fail("io_uring_get_sqe", EBUSY);
	if (c->receiving)
		io_uring_prep_recv(sqe, c->fd, c->in + c->done, c->len - c->done, 0);
	else
		io_uring_prep_send(sqe, c->fd, c->out + c->done, c->len - c->done, MSG_NOSIGNAL);
	io_uring_sqe_set_data(sqe, c);
}

/* Size and contents follow from who sends which message, so that no two are alike. */
static void start_message(struct connection *c)
{
	unsigned x = (c - connections) * 2654435761u + c->message * 40503u + 1;
	size_t i;

	c->len = 1 + (x >> 7) % MAX_SIZE;
	for (i = 0; i < c->len; i++) {
		x = x * 1664525u + 1013904223u;
		c->out[i] = x >> 24;
	}
	c->done = 0;
	c->receiving = false;
	start_transfer(c);
}

static void finish_message(struct connection *c)
{
	size_t i;

	if (memcmp(c->in, c->out, c->len)) {
		fprintf(stderr, "echo_client: message %u of connection %u came back changed\n",
			c->message, (unsigned)(c - connections));
		exit(1);
	}
	for (i = 0; i < c->len; i++)
		c->hash = c->hash * 31 + c->in[i];
	c->bytes += c->len;
	if (++c->message < messages) {
		start_message(c);
	} else {
		close(c->fd);
		finished++;
	}
}

static void on_transfer(struct connection *c, int res)
{
	if (res <= 0)
		fail(c->receiving ? "receiving" : "sending", res ? -res : ECONNRESET);
	c->done += res;
	if (c->done < c->len) {
		start_transfer(c);
	} else if (!c->receiving) {
		c->receiving = true;
		c->done = 0;
		start_transfer(c);
	} else {
		finish_message(c);
	}
}

static void converse(void)
{
	struct __kernel_timespec patience = { .tv_sec = PATIENCE };
	struct io_uring_cqe *cqe;
	int ret;

	while (finished < wanted) {
		ret = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &patience, NULL);
		if (ret < 0 && ret != -EINTR)
			fail("waiting for the server", -ret);

		while (io_uring_peek_cqe(&ring, &cqe) == 0) {
			struct connection *c = io_uring_cqe_get_data(cqe);
			int res = cqe->res;

			io_uring_cqe_seen(&ring, cqe);
			on_transfer(c, res);
		}
	}
}

int main(int argc, char **argv)
{
	unsigned long long start;
	unsigned i, entries;
	int ret;

	if (argc != 4) {
		fprintf(stderr, "usage: echo_client PORT CONNECTIONS MESSAGES\n");
		return 1;
	}
	wanted = strtoul(argv[2], NULL, 10);
	messages = strtoul(argv[3], NULL, 10);
	if (!wanted || wanted > 4096 || !messages)
		fail("CONNECTIONS (1 to 4096) or MESSAGES (1 or more)", EINVAL);

	connections = calloc(wanted, sizeof(*connections));
	if (!connections)
		fail("memory for the connections", ENOMEM);
	for (entries = 8; entries < wanted; entries *= 2)
		;
	ret = io_uring_queue_init(entries, &ring, 0);
	if (ret)
		fail("io_uring_queue_init", -ret);

	for (i = 0; i < wanted; i++)
		connections[i].fd = connect_to(strtoul(argv[1], NULL, 10));
	start = now_ns();
	for (i = 0; i < wanted; i++)
		start_message(&connections[i]);
	converse();
	fprintf(stderr, "%llu ns per message\n",
		(now_ns() - start) / ((unsigned long long)wanted * messages));

	for (i = 0; i < wanted; i++)
		printf("client %u: %u messages, %llu bytes came back as sent, "
		       "hash %08x\n",
		       i, messages, connections[i].bytes, connections[i].hash);
	io_uring_queue_exit(&ring);
	free(connections);
	return 0;
}
