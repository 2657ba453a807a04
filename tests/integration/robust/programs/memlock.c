/* SPDX-License-Identifier: MIT */
/*
 * How many rings can a user have, whose locked memory is limited? memlock share PROCESSES RINGS: so
 * many processes with so many rings each. memlock drop WANTED: root gives up its capabilities, and
 * keeps its id; then rings until one is refused, or WANTED. memlock lower WANTED: a process without
 * capabilities lowers its limit after its first ring. Prints how many were refused.
 *
 * The kernel gives memory back some time after a ring is gone: what is refused is tried again,
 * anew.
 */
#include <liburing.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ENTRIES 8
#define TRIES	8
#define MOST	2048

static struct io_uring rings[MOST];

static int make_rings(int wanted)
{
	int n = 0;

	while (n < wanted && !io_uring_queue_init(ENTRIES, &rings[n], 0))
		n++;
	return n;
}

struct shared {
	int refused, ready, over;
};

static int share_once(int processes, int each)
{
	struct shared *s =
		mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i, made, refused;

	for (i = 0; i < processes; i++) {
		if (fork())
			continue;
		made = make_rings(each);
		__atomic_fetch_add(&s->refused, each - made, __ATOMIC_SEQ_CST);
		__atomic_fetch_add(&s->ready, 1, __ATOMIC_SEQ_CST);
		while (!__atomic_load_n(&s->over, __ATOMIC_SEQ_CST))
			usleep(1000);
		_exit(0);
	}
	while (__atomic_load_n(&s->ready, __ATOMIC_SEQ_CST) < processes)
		usleep(1000);
	refused = s->refused;
	__atomic_store_n(&s->over, 1, __ATOMIC_SEQ_CST);
	while (wait(NULL) > 0)
		;
	return refused;
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (syscall(SYS_capset, &header, data))
		exit(77);
}

static void limit(rlim_t bytes)
{
	struct rlimit r = { bytes, bytes };

	if (setrlimit(RLIMIT_MEMLOCK, &r))
		exit(77);
}

/* In a child, whose rings end with it. */
static int alone_once(const char *how, int wanted)
{
	struct io_uring first;
	int refused, answer[2];

	if (pipe(answer))
		exit(77);
	if (!fork()) {
		if (*how == 'l')
			drop_capabilities();
		if (io_uring_queue_init(ENTRIES, &first, 0))
			_exit(1);
		if (*how == 'l')
			limit(4 << 20);
		else
			drop_capabilities();
		refused = wanted - make_rings(wanted);
		_exit(write(answer[1], &refused, sizeof(refused)) != sizeof(refused));
	}
	close(answer[1]);
	if (read(answer[0], &refused, sizeof(refused)) != sizeof(refused))
		exit(1);
	close(answer[0]);
	wait(NULL);
	return refused;
}

int main(int argc, char **argv)
{
	struct rlimit files = { 4096, 4096 };
	int i, refused = 0;

	if (argc < 3 || setrlimit(RLIMIT_NOFILE, &files))
		return 77;
	for (i = 0; i < TRIES; i++) {
		refused = argc == 4 ? share_once(atoi(argv[2]), atoi(argv[3])) :
				      alone_once(argv[1], atoi(argv[2]));
		if (!refused)
			break;
		usleep(200000);
	}
	printf("refused: %d\n", refused);
	return 0;
}
