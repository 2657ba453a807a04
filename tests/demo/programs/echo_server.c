/* SPDX-License-Identifier: MIT */
/*
 * An echo server on the loopback interface: one thread and one ring. The event
 * loop sleeps until something completes, or for a second at most; then it
 * looks for connections that have fallen silent.
 *
 *	echo_server PORT CONNECTIONS
 *
 * serves so many connections, tells how much it echoed, and ends. With PORT 0
 * the kernel chooses one; standard error tells which.
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

#define MAX_OPEN 64 /* connections at a time */
#define PATIENCE 10 /* seconds that a connection may be silent */

struct connection {
	bool open;
	bool sending; /* what its one pending request does */
	int fd;
	time_t heard; /* when it last said something */
	size_t len, sent;
	char buf[4096];
};

static struct io_uring ring;
static struct connection places[MAX_OPEN];
static int listener;
static bool accepting;
static unsigned wanted, accepted, closed;
static unsigned long long echoed;

static void fail(const char *what, int error)
{
	fprintf(stderr, "echo_server: %s: %s\n", what, strerror(error));
	exit(1);
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static int listen_on(unsigned short port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		fail("socket", errno);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&addr, len) || listen(fd, MAX_OPEN))
		fail("listening on the loopback interface", errno);
	getsockname(fd, (struct sockaddr *)&addr, &len);
	fprintf(stderr, "echo_server: port %u\n", ntohs(addr.sin_port));
	return fd;
}

/* The ring has room for the listener's request and one of each connection. */
static struct io_uring_sqe *next_sqe(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (!sqe)
		fail("io_uring_get_sqe", EBUSY);
	return sqe;
}

static void start_accept(void)
{
	struct io_uring_sqe *sqe;

	if (accepting || accepted == wanted || accepted - closed == MAX_OPEN)
		return;
	sqe = next_sqe();
	io_uring_prep_accept(sqe, listener, NULL, NULL, SOCK_CLOEXEC);
	io_uring_sqe_set_data(sqe, NULL);
	accepting = true;
}

static void start_receive(struct connection *c)
{
	struct io_uring_sqe *sqe = next_sqe();

	io_uring_prep_recv(sqe, c->fd, c->buf, sizeof(c->buf), 0);
	io_uring_sqe_set_data(sqe, c);
	c->sending = false;
}

static void start_send(struct connection *c)
{
	struct io_uring_sqe *sqe = next_sqe();

	io_uring_prep_send(sqe, c->fd, c->buf + c->sent, c->len - c->sent, MSG_NOSIGNAL);
	io_uring_sqe_set_data(sqe, c);
	c->sending = true;
}

static void on_accept(int res)
{
	struct connection *c = places;

	accepting = false;
	if (res < 0)
		fail("accept", -res);
	while (c->open)
		c++;
	accepted++;
	c->open = true;
	c->fd = res;
	c->heard = now();
	start_receive(c);
	start_accept();
}

static void on_close(struct connection *c)
{
	close(c->fd);
	c->open = false;
	closed++;
	start_accept();
}

static void on_transfer(struct connection *c, int res)
{
	if (res <= 0) {
		on_close(c);
		return;
	}
	if (!c->sending) {
		c->heard = now();
		c->len = res;
		c->sent = 0;
	} else {
		c->sent += res;
		echoed += res;
	}
	if (c->sent < c->len)
		start_send(c);
	else
		start_receive(c);
}

/* A shut down socket ends its pending request, and that closes the connection. */
static void drop_the_silent(void)
{
	struct connection *c;

	for (c = places; c < places + MAX_OPEN; c++)
		if (c->open && now() - c->heard > PATIENCE)
			shutdown(c->fd, SHUT_RDWR);
}

static void serve(void)
{
	struct __kernel_timespec second = { .tv_sec = 1 };
	struct io_uring_cqe *cqe;
	int ret;

	start_accept();
	while (closed < wanted) {
		ret = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &second, NULL);
		if (ret == -ETIME)
			drop_the_silent();
		else if (ret < 0 && ret != -EINTR)
			fail("io_uring_submit_and_wait_timeout", -ret);

		while (io_uring_peek_cqe(&ring, &cqe) == 0) {
			struct connection *c = io_uring_cqe_get_data(cqe);
			int res = cqe->res;

			io_uring_cqe_seen(&ring, cqe);
			if (c)
				on_transfer(c, res);
			else
				on_accept(res);
		}
	}
}

int main(int argc, char **argv)
{
	int ret;

	if (argc != 3) {
		fprintf(stderr, "usage: echo_server PORT CONNECTIONS\n");
		return 1;
	}
	wanted = strtoul(argv[2], NULL, 10);
	ret = io_uring_queue_init(2 * MAX_OPEN, &ring, 0);
	if (ret)
		fail("io_uring_queue_init", -ret);
	listener = listen_on(strtoul(argv[1], NULL, 10));
	serve();
	io_uring_queue_exit(&ring);
	printf("server: %u connections, %llu bytes echoed\n", closed, echoed);
	return 0;
}
