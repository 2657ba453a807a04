/* SPDX-License-Identifier: MIT */
/*
 * Makes its first ring when no memory is left: short_of_memory data|as|start|none
 * data: no private page more (a ring's are shared); as: room for the ring and little else; start:
 * the caller has set a limit; none: the same, and no ring.
 */
#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* Bytes, of a line of /proc/self/status. */
static unsigned long used(const char *key)
{
	FILE *f = fopen("/proc/self/status", "r");
	unsigned long kilobytes = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			sscanf(line + strlen(key), ": %lu", &kilobytes);
	if (f)
		fclose(f);
	return kilobytes * 1024;
}

static void limit(int resource, unsigned long bytes)
{
	struct rlimit r = { bytes, bytes };

	if (setrlimit(resource, &r))
		perror("setrlimit");
}

int main(int argc, char **argv)
{
	static char buffer[4096];
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_cqe *cqe = NULL;
	struct io_uring ring;
	int i, ret;

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	if (argc > 1 && !strcmp(argv[1], "data"))
		limit(RLIMIT_DATA, used("VmData"));
	else if (argc > 1 && !strcmp(argv[1], "as"))
		limit(RLIMIT_AS, used("VmSize") + 65536);
	for (i = 0; i < 2 && (argc < 2 || strcmp(argv[1], "none")); i++) {
		ret = io_uring_queue_init(4, &ring, 0);
		printf("init %d\n", ret);
		if (ret)
			return 0;
		printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
		io_uring_prep_nop(io_uring_get_sqe(&ring));
		ret = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &ts, NULL);
		printf("nop %d %d\n", ret, !!cqe);
		io_uring_queue_exit(&ring);
	}
	return 0;
}
