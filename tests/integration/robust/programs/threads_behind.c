/* SPDX-License-Identifier: MIT */
/*
 * A program of one thread, which ends its ring in a thread that libc or the kernel makes behind
 * everybody's back: threads_behind HOW. A read that is pending in the ring ends with it, so that
 * the pipe has no reader any more.
 *
 * HOW: timer, mqueue, lookup (SIGEV_THREAD of timer_create, mq_notify, getaddrinfo_a), clone (a raw
 * one), pthread, thrd, callback (main thread, for comparison); shares, vfork: a process that shares the
 * descriptors, in memory of its own or while its parent stands still, closes the ring's
 */
#include <errno.h>
#include <liburing.h>
#include <mqueue.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static struct io_uring ring;
static volatile int done;

static void end_ring(void)
{
	io_uring_queue_exit(&ring);
	done = 1;
}

static void notified(union sigval unused)
{
	(void)unused;
	end_ring();
}

static void *in_pthread(void *unused)
{
	end_ring();
	return unused;
}

static int in_thrd(void *unused)
{
	(void)unused;
	end_ring();
	return 0;
}

static struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notified };

static int by_timer(void)
{
	struct itimerspec soon = { .it_value.tv_nsec = 1000000 };
	timer_t t;

	return timer_create(CLOCK_MONOTONIC, &event, &t) || timer_settime(t, 0, &soon, NULL);
}

static int by_mqueue(void)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 8 };
	char name[64];
	mqd_t q;

	snprintf(name, sizeof(name), "/threads-behind-%d", getpid());
	q = mq_open(name, O_CREAT | O_RDWR, 0600, &attr);
	if (q == (mqd_t)-1)
		return 1;
	mq_unlink(name);
	return mq_notify(q, &event) || mq_send(q, "x", 1, 0);
}

static int by_lookup(void)
{
	static struct addrinfo hints = { .ai_flags = AI_NUMERICHOST };
	static struct gaicb request = { .ar_name = "127.0.0.1", .ar_request = &hints };
	static struct gaicb *list[] = { &request };

	return getaddrinfo_a(GAI_NOWAIT, list, 1, &event);
}

/* Without thread-local storage of its own: the parent sleeps meanwhile. */
static int by_clone(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
		    CLONE_SYSVSEM;

	return clone(in_thrd, stack + sizeof(stack), flags, NULL) < 0;
}

static int closes_descriptor(void *unused)
{
	(void)unused;
	_exit(close(ring.ring_fd));
}

static int by_process(int flags)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	pid_t child = clone(closes_descriptor, stack + sizeof(stack), flags | CLONE_FILES | SIGCHLD,
			    NULL);
	struct io_uring_cqe *cqe;
	int status = 1;

	if (child < 0 || waitpid(child, &status, 0) != child || status)
		return 1;
	printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	end_ring();
	return 0;
}

static int by_sharing(void)
{
	return by_process(0);
}

static int by_vfork(void)
{
	return by_process(CLONE_VM | CLONE_VFORK);
}

static int by_pthread(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, in_pthread, NULL);
}

static int by_thrd(void)
{
	thrd_t t;

	return thrd_create(&t, in_thrd, NULL);
}

static int by_nobody(void)
{
	end_ring();
	return 0;
}

static int start(const char *how)
{
	/* clang-format off */
	static const struct {
		const char *name;
		int (*start)(void);
	} ways[] = {
		{ "timer", by_timer }, { "mqueue", by_mqueue }, { "lookup", by_lookup },
		{ "clone", by_clone }, { "pthread", by_pthread }, { "thrd", by_thrd },
		{ "callback", by_nobody }, { "shares", by_sharing }, { "vfork", by_vfork },
	};
	/* clang-format on */
	unsigned i;

	for (i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(how, ways[i].name))
			return ways[i].start();
	return 1;
}

int main(int argc, char **argv)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct pollfd end = { .events = 0 };
	struct io_uring_cqe *cqe;
	static char buffer[8];
	int fds[2];

	if (argc != 2 || pipe(fds) || io_uring_queue_init(8, &ring, IORING_SETUP_SINGLE_ISSUER)) {
		fprintf(stderr, "no SINGLE_ISSUER ring here\n");
		return 77;
	}
	io_uring_prep_read(io_uring_get_sqe(&ring), fds[0], buffer, sizeof(buffer), 0);
	if (io_uring_submit(&ring) != 1)
		return 1;
	close(fds[0]);
	printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	if (start(argv[1])) {
		fprintf(stderr, "no such thread here: %s\n", strerror(errno));
		return 77;
	}
	while (!done)
		usleep(1000);
	/* POLLERR: the pipe has no reader. */
	end.fd = fds[1];
	printf("the read %s\n", poll(&end, 1, 60000) == 1 ? "has ended" : "is still pending");
	return 0;
}
