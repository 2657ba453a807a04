/* SPDX-License-Identifier: MIT */
/*
 * Little stack: small_stack WHAT WHERE BYTES [waits]
 *
 * WHAT: exit, init (makes and ends a ring), wait, close, setup. WHERE: thread, signal (on an
 * alternate stack of that size). waits: after a first wait of the main thread.
 */
#include <liburing.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct io_uring ring;
static const char *what;

static void timed_wait(struct io_uring *r)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_cqe *cqe;

	io_uring_wait_cqe_timeout(r, &cqe, &ts);
}

static void act(void)
{
	struct io_uring_params p = { 0 };
	static struct io_uring other;

	switch (*what) {
	case 'e':
		exit(0);
	case 'i':
		if (!io_uring_queue_init(4, &other, 0))
			io_uring_queue_exit(&other);
		break;
	case 'w':
		timed_wait(&ring);
		break;
	case 'c':
		close(dup(1));
		break;
	case 's':
		close(io_uring_setup(4, &p));
	}
	_exit(0);
}

static void *thread(void *unused)
{
	act();
	return unused;
}

static void handler(int sig)
{
	(void)sig;
	act();
}

int main(int argc, char **argv)
{
	size_t size = argc > 3 ? strtoul(argv[3], NULL, 10) : 0, page = sysconf(_SC_PAGESIZE);
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	stack_t stack = { .ss_size = size };
	pthread_attr_t attr;
	char *memory;
	pthread_t t;

	if (argc < 4 || io_uring_queue_init(4, &ring, 0))
		return 77;
	what = argv[1];
	if (argc > 4)
		timed_wait(&ring);
	if (*argv[2] == 't') {
		pthread_attr_init(&attr);
		if (pthread_attr_setstacksize(&attr, size) ||
		    pthread_create(&t, &attr, thread, NULL))
			return 77;
		pthread_join(t, NULL);
		return 1;
	}
	/* Below the stack nothing is mapped. */
	memory = mmap(NULL, size + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	if (memory == MAP_FAILED)
		return 1;
	stack.ss_sp = memory + page;
	mprotect(memory, page, PROT_NONE);
	if (sigaltstack(&stack, NULL))
		return 77;
	sigaction(SIGTERM, &action, NULL);
	raise(SIGTERM);
	return 1;
}
