/* SPDX-License-Identifier: MIT */
/*
 * A signal handler in the middle of what makes, changes or ends rings: interrupted OPERATION
 * HANDLER
 *
 * HANDLER: enter (another ring), wait (on another ring, with a timeout), ring (makes one and ends
 * it), close (ends one by its descriptor), jump (leaves by siglongjmp; what the operation had
 * made by then is closed), thread (leaves by siglongjmp, and then it is another thread that makes
 * a ring and waits) OPERATION: see the table. Whatever happened, rings can be made, waited on and
 * ended afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "marks.h"

#define ENABLE_RINGS 12
#define PROBE	     8

static struct io_uring other, ring;
static int fd;	  /* of a ring made by hand, or the ring's */
static int spare; /* any descriptor */
static const char *how;
static sigjmp_buf out;
static volatile sig_atomic_t may_jump;

static void fail(const char *what, int ret)
{
	printf("%s: %d\n", what, ret);
	exit(1);
}

static int timed_wait(struct io_uring *r)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_cqe *cqe;

	return io_uring_wait_cqe_timeout(r, &cqe, &ts);
}

static void make_and_end(bool by_descriptor)
{
	struct io_uring r;
	int ret = io_uring_queue_init(2, &r, 0);

	if (ret)
		fail("a ring", ret);
	ret = timed_wait(&r);
	if (ret != -ETIME)
		fail("a ring's wait", ret);
	if (!by_descriptor) {
		io_uring_queue_exit(&r);
		return;
	}
	munmap(r.sq.sqes, *r.sq.kring_entries * sizeof(struct io_uring_sqe));
	munmap(r.sq.ring_ptr, r.sq.ring_sz);
	close(r.ring_fd);
}

static void handler(int sig)
{
	int ret, saved = errno;

	(void)sig;
	interrupted = 1;
	switch (*how) {
	case 'e':
		ret = io_uring_enter(other.ring_fd, 0, 0, IORING_ENTER_GETEVENTS, NULL);
		if (ret)
			fail("a handler's enter", ret);
		break;
	case 'w':
		ret = timed_wait(&other);
		if (ret != -ETIME)
			fail("a handler's wait", ret);
		break;
	case 'r':
	case 'c':
		make_and_end(*how == 'c');
		break;
	default:
		if (may_jump)
			siglongjmp(out, 1);
	}
	errno = saved;
}

/* The operations, and what they need. None of them may fail. */
static int plain_ring(void)
{
	int ret = io_uring_queue_init(2, &ring, 0);

	fd = ring.ring_fd;
	return ret;
}

static int disabled_ring(void)
{
	int ret = io_uring_queue_init(2, &ring, IORING_SETUP_R_DISABLED);

	fd = ring.ring_fd;
	return ret;
}

static int indexed_ring(void)
{
	int ret = plain_ring();

	return ret ? ret : io_uring_register_ring_fd(&ring) - 1;
}

static int op_init(void)
{
	return plain_ring();
}

static int op_init_single(void)
{
	return io_uring_queue_init(2, &ring,
				   IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
}

static int op_params(void)
{
	struct io_uring_params p = { 0 };

	return io_uring_queue_init_params(2, &ring, &p);
}

/* liburing 2.3 leaves the features to its caller, 2.9 the descriptors as well. */
static int map(struct io_uring_params *p)
{
	int ret = io_uring_queue_mmap(fd, p, &ring);

	ring.features = p->features;
	ring.ring_fd = ring.enter_ring_fd = fd;
	return ret;
}

static int op_setup(void)
{
	struct io_uring_params p = { 0 };

	fd = io_uring_setup(2, &p);
	return fd < 0 ? fd : map(&p);
}

static int op_setup_libc(void)
{
	struct io_uring_params p = { 0 };

	fd = syscall(__NR_io_uring_setup, 2, &p);
	return fd < 0 ? -errno : map(&p);
}

static int op_enable(void)
{
	return io_uring_register(fd, ENABLE_RINGS, NULL, 0);
}

static int op_enable_libc(void)
{
	return syscall(__NR_io_uring_register, fd, ENABLE_RINGS, NULL, 0);
}

static int op_probe(void)
{
	static unsigned long probe[512];

	memset(probe, 0, sizeof(probe));
	return io_uring_register(fd, PROBE, probe, 16);
}

static int op_index(void)
{
	return io_uring_register_ring_fd(&ring) - 1;
}

static int op_unindex(void)
{
	return io_uring_unregister_ring_fd(&ring) - 1;
}

static int op_wait(void)
{
	return timed_wait(&ring) == -ETIME ? 0 : 1;
}

static int op_exit(void)
{
	io_uring_queue_exit(&ring);
	return 0;
}

static int op_close(void)
{
	return close(fd);
}

static int op_close_other(void)
{
	return close(spare);
}

static int op_close_libc(void)
{
	return syscall(__NR_close, fd);
}

static int op_dup2(void)
{
	return dup2(spare, fd) == fd ? 0 : -errno;
}

static int op_dup3(void)
{
	return dup3(spare, fd, O_CLOEXEC) == fd ? 0 : -errno;
}

static int op_range(void)
{
	return close_range(fd, fd + 100, 0);
}

static int op_from(void)
{
	closefrom(fd);
	return 0;
}

static const struct operation {
	const char *name;
	int (*before)(void);
	int (*operation)(void);
	bool ends;
	bool in_thread; /* what a jump leaves registered with the thread goes with it */
} operations[] = {
	{ "init", NULL, op_init, false, false },
	{ "init-single", NULL, op_init_single, false, false },
	{ "params", NULL, op_params, false, false },
	{ "setup", NULL, op_setup, false, false },
	{ "setup-libc", NULL, op_setup_libc, false, false },
	{ "enable", disabled_ring, op_enable, false, false },
	{ "enable-libc", disabled_ring, op_enable_libc, false, false },
	{ "probe", plain_ring, op_probe, false, false },
	{ "index", plain_ring, op_index, false, true },
	{ "unindex", indexed_ring, op_unindex, false, true },
	{ "wait", plain_ring, op_wait, false, false },
	{ "exit", plain_ring, op_exit, true, false },
	{ "exit-index", indexed_ring, op_exit, true, true },
	{ "close", plain_ring, op_close, true, false },
	{ "close-other", plain_ring, op_close_other, false, false },
	{ "close-libc", plain_ring, op_close_libc, true, false },
	{ "dup2", plain_ring, op_dup2, true, false },
	{ "dup3", plain_ring, op_dup3, true, false },
	{ "range", plain_ring, op_range, true, false },
	{ "from", plain_ring, op_from, true, false },
};

/* As far as it was made; what was mapped stays. */
static void sweep_up(void)
{
	int i;

	for (i = other.ring_fd + 1; i < other.ring_fd + 12; i++)
		syscall(__NR_close, i);
}

static void *in_thread(void *unused)
{
	make_and_end(false);
	make_and_end(true);
	return unused;
}

static void afterwards(void)
{
	pthread_t t;
	int ret;

	if (*how == 't' && interrupted) {
		if (pthread_create(&t, NULL, in_thread, NULL))
			fail("a thread", errno);
		pthread_join(t, NULL);
	}
	in_thread(NULL);
	ret = timed_wait(&other);
	if (ret != -ETIME)
		fail("the other ring's wait", ret);
}

static void one_part(const struct operation *op)
{
	int ret;

	new_part();
	spare = dup(1);
	ret = op->before ? op->before() : 0;
	if (ret)
		fail("what the operation needs", ret);
	if (!sigsetjmp(out, 1)) {
		may_jump = 1;
		mark();
		ret = op->operation();
		mark();
		may_jump = 0;
		if (ret)
			fail(op->name, ret);
		if (!op->ends && (ret = timed_wait(&ring)) != -ETIME)
			fail("a wait", ret);
		if (!op->ends)
			io_uring_queue_exit(&ring);
	} else {
		may_jump = 0;
		mark();
	}
	sweep_up();
	afterwards();
}

static void *part_in_thread(void *op)
{
	one_part(op);
	return NULL;
}

/* Returns whether it was interrupted. */
static bool part(const struct operation *op)
{
	pthread_t t;

	if (!op->in_thread) {
		one_part(op);
	} else {
		if (pthread_create(&t, NULL, part_in_thread, (void *)op))
			fail("a thread", errno);
		pthread_join(t, NULL);
	}
	return interrupted;
}

int main(int argc, char **argv)
{
	unsigned i, parts = 0;

	how = argc == 3 ? argv[2] : "none";
	for (i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		if (argc == 3 && !strcmp(operations[i].name, argv[1]))
			break;
	if (i == sizeof(operations) / sizeof(*operations))
		return 2;
	/* Numbers near standard error's may be used again: ours are above. */
	if (io_uring_queue_init(8, &other, 0))
		return 77;
	on_interrupt(handler);
	do
		parts++;
	while (part(&operations[i]));
	fprintf(stderr, "%u parts\n", parts);
	puts("all went well");
	return 0;
}
