/* SPDX-License-Identifier: MIT */
/*
 * The other end of an HTTP stream, on plain sockets and the loopback interface.
 *
 *	server FILE BYTES_PER_SECOND
 *
 * prints its port and serves until it is killed: a request for /never is read
 * and never answered, any other gets the file, at that pace, ten pieces a second.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int listen_somewhere(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, len) || listen(fd, 16))
		fail("listening on the loopback interface");
	getsockname(fd, (struct sockaddr *)&addr, &len);
	printf("%u\n", ntohs(addr.sin_port));
	fflush(stdout);
	return fd;
}

static void send_all(int client, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(client, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			exit(0); /* the player has heard enough */
		data += n;
		len -= n;
	}
}

/* Reads up to the empty line that ends a request. */
static void read_request(int client, char *request, size_t size)
{
	size_t len = 0;
	ssize_t n;

	do {
		n = recv(client, request + len, size - 1 - len, 0);
		if (n <= 0)
			exit(0);
		len += n;
		request[len] = '\0';
	} while (len < size - 1 && !strstr(request, "\r\n\r\n"));
}

static void answer(int client, const char *file, size_t per_second)
{
	char request[4096], head[256], *piece = malloc(per_second / 10 + 1);
	struct stat about;
	ssize_t n;
	int fd;

	read_request(client, request, sizeof(request));
	if (!strncmp(request, "GET /never ", 11)) {
		while (recv(client, request, sizeof(request), 0) > 0)
			;
		exit(0);
	}

	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (!piece || fd < 0 || fstat(fd, &about))
		fail(file);
	n = snprintf(head, sizeof(head),
		     "HTTP/1.0 200 OK\r\nContent-Type: audio/x-wav\r\n"
		     "Content-Length: %lld\r\nConnection: close\r\n\r\n",
		     (long long)about.st_size);
	send_all(client, head, n);
	while ((n = read(fd, piece, per_second / 10)) > 0) {
		send_all(client, piece, n);
		usleep(100000);
	}
	exit(0);
}

int main(int argc, char **argv)
{
	int listener, client;

	if (argc != 3 || atol(argv[2]) < 10) {
		fprintf(stderr, "usage: server FILE BYTES_PER_SECOND	(10 or more)\n");
		return 1;
	}
	signal(SIGCHLD, SIG_IGN);
	listener = listen_somewhere();
	while ((client = accept(listener, NULL, NULL)) >= 0) {
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (!child) {
			close(listener);
			answer(client, argv[1], atol(argv[2]));
		}
		close(client);
	}
	fail("accept");
}
