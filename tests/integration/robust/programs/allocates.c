/* SPDX-License-Identifier: MIT */
/*
 * A program that brings its own allocator, which counts: liburing's functions allocate nothing,
 * so that they may be used in signal handlers and in the child of a process with threads. Of
 * each: how often was memory asked for? In the program, in a thread's first calls, and in
 * children of each kind of fork.
 */
#include <errno.h>
#include <liburing.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEYS 40 /* the first 32 lie in a thread's descriptor, the others do not */

static __thread int watched __attribute__((tls_model("initial-exec")));
static __thread int asked __attribute__((tls_model("initial-exec")));

/* A bump allocator: what is given back is lost. */
static void *get(size_t size)
{
	static char heap[16 << 20];
	static size_t used;
	size_t at;

	if (watched)
		asked++;
	at = __atomic_fetch_add(&used, (size + 31) & ~15UL, __ATOMIC_RELAXED);
	if (at + size + 32 > sizeof(heap)) {
		errno = ENOMEM;
		return NULL;
	}
	*(size_t *)(heap + at) = size;
	return heap + at + 16;
}

void *malloc(size_t size)
{
	return get(size);
}

void *calloc(size_t n, size_t size)
{
	return get(n * size); /* never used before, so zero */
}

void *realloc(void *old, size_t size)
{
	void *fresh = get(size);

	if (fresh && old)
		memcpy(fresh, old, ((size_t *)old)[-2] < size ? ((size_t *)old)[-2] : size);
	return fresh;
}

void *memalign(size_t alignment, size_t size)
{
	uintptr_t p = (uintptr_t)get(size + alignment);

	return (void *)((p + alignment - 1) & ~(alignment - 1));
}

void free(void *p)
{
	if (p && watched)
		asked++;
}

struct said {
	const char *what;
	int asked;
	int ret;
};

/* In memory that children share with us. */
static struct said *list;
static int *nr_said;
static struct io_uring ring; /* of the process that watches */

static void watch(void)
{
	asked = 0;
	watched = 1;
}

static void say(const char *what, int ret)
{
	watched = 0;
	list[(*nr_said)++] = (struct said){ what, asked, ret };
}

#define WATCH(what, call) \
	do { \
		int ret_; \
		watch(); \
		ret_ = call; \
		say(what, ret_); \
	} while (0)

static int timed_wait(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_cqe *cqe;

	return io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
}

static int timed_enter(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&ts };

	return syscall(__NR_io_uring_enter, ring.ring_fd, 0, 1,
		       IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &arg, sizeof(arg));
}

static void use(const char *where)
{
	struct io_uring_params p = { 0 };
	int fd;

	say(where, 0);
	WATCH("queue_init", io_uring_queue_init(4, &ring, 0));
	WATCH("wait", timed_wait());
	WATCH("wait again", timed_wait());
	WATCH("enter", timed_enter());
	WATCH("register_ring_fd", io_uring_register_ring_fd(&ring));
	WATCH("wait by index", timed_wait());
	WATCH("queue_exit", (io_uring_queue_exit(&ring), 0));
	WATCH("queue_init_params", io_uring_queue_init_params(4, &ring, &p));
	WATCH("close", close(ring.ring_fd));
	memset(&p, 0, sizeof(p));
	watch();
	fd = io_uring_setup(4, &p);
	say("setup", fd < 0 ? fd : 0);
	WATCH("queue_mmap", io_uring_queue_mmap(fd, &p, &ring));
	WATCH("queue_exit", (io_uring_queue_exit(&ring), 0));
	memset(&p, 0, sizeof(p));
	watch();
	fd = syscall(__NR_io_uring_setup, 4, &p);
	say("setup by libc", fd < 0 ? fd : 0);
	WATCH("close by libc", syscall(__NR_close, fd));
}

/* A handler's first wait in a thread. */
static void handler(int sig)
{
	(void)sig;
	WATCH("a handler's wait", timed_wait());
}

static void *thread(void *unused)
{
	raise(SIGUSR1);
	use("a thread");
	return unused;
}

static void in_child(const char *what, pid_t child)
{
	int status;

	if (!child) {
		use(what);
		_exit(0);
	}
	while (waitpid(child, &status, 0) < 0)
		;
	if (status)
		say("the child's end", status);
}

int main(void)
{
	static struct io_uring shared;
	pthread_key_t key;
	pthread_t t;
	int i;

	list = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (list == MAP_FAILED)
		return 1;
	nr_said = (int *)((char *)list + 65536 - 64);
	for (i = 0; i < KEYS; i++)
		pthread_key_create(&key, NULL);
	signal(SIGUSR1, handler);
	use("the program");
	if (io_uring_queue_init(4, &shared, 0))
		return 77;
	ring = shared;
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	in_child("a child of _Fork", _Fork());
	in_child("a child of SYS_clone", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	in_child("a child of fork", fork());
	for (i = 0; i < *nr_said; i++)
		printf("%s: %d, memory asked for %d times\n", list[i].what, list[i].ret,
		       list[i].asked);
	return 0;
}
