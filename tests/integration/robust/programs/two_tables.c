/* SPDX-License-Identifier: MIT */
/*
 * A thread has a descriptor table of its own (unshare(CLONE_FILES)): the same number, two rings.
 * two_tables WAY KIND
 *
 * WAY: liburing, enter2, syscall. KIND of the thread's ring: plain, iopoll, disabled, single.
 * Both wait, by turns; then the thread's ring ends, in each way that a descriptor is closed, and
 * the first's waits go on.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct io_uring first, second;
static const char *way, *kind;
static pthread_barrier_t turn;
static int nr_closing;

static int timed_wait(struct io_uring *r, long ns)
{
	struct __kernel_timespec ts = { .tv_nsec = ns };
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&ts };
	unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
	struct io_uring_cqe *cqe;
	long ret;

	switch (*way) {
	case 'l':
		return io_uring_wait_cqe_timeout(r, &cqe, &ts);
	case 'e':
		return io_uring_enter2(r->ring_fd, 0, 1, flags, (void *)&arg, sizeof(arg));
	default:
		ret = syscall(__NR_io_uring_enter, r->ring_fd, 0, 1, flags, &arg, sizeof(arg));
		return ret < 0 ? -errno : 0;
	}
}

/* A NOP on it, and its completion. */
static int nop(struct io_uring *r)
{
	struct __kernel_timespec ts = { .tv_sec = 1 };
	struct io_uring_cqe *cqe;
	int ret;

	io_uring_prep_nop(io_uring_get_sqe(r));
	ret = io_uring_submit_and_wait_timeout(r, &cqe, 1, &ts, NULL);
	if (ret == 1)
		io_uring_cqe_seen(r, cqe);
	return ret;
}

static void say(const char *whose, struct io_uring *r)
{
	int ret = timed_wait(r, 1000000);

	printf("%s: wait %d, nop %d\n", whose, ret, nop(r));
}

static void close_second(void)
{
	int null = open("/dev/null", O_RDONLY);

	switch (nr_closing) {
	case 0:
		io_uring_queue_exit(&second);
		break;
	case 1:
		close(second.ring_fd);
		break;
	case 2:
		dup2(null, second.ring_fd);
		break;
	case 3:
		close_range(second.ring_fd, second.ring_fd, 0);
		break;
	case 4:
		syscall(__NR_close, second.ring_fd);
	}
}

static void *thread(void *unused)
{
	unsigned flags = *kind == 'i' ? IORING_SETUP_IOPOLL :
			 *kind == 'd' ? IORING_SETUP_R_DISABLED :
			 *kind == 's' ? IORING_SETUP_SINGLE_ISSUER :
					0;

	if (unshare(CLONE_FILES))
		exit(77);
	close(first.ring_fd);
	if (io_uring_queue_init(8, &second, flags))
		exit(77);
	printf("the same number: %d\n", first.ring_fd == second.ring_fd);
	pthread_barrier_wait(&turn); /* 1: it is made */
	pthread_barrier_wait(&turn); /* 2: the first has waited */
	if (*kind == 'd') {
		printf("disabled: wait %d\n", timed_wait(&second, 1000));
		printf("enabled: %d\n", io_uring_register(second.ring_fd, 12, NULL, 0));
	}
	say("second", &second);
	pthread_barrier_wait(&turn); /* 3 */
	pthread_barrier_wait(&turn); /* 4: the first has waited */
	say("second", &second);
	close_second();
	pthread_barrier_wait(&turn); /* 5: it has ended */
	return unused;
}

/* A read that is pending in the first ring, of a pipe that has no other reader. Its writing end. */
static int pending_read(void)
{
	static char buffer[8];
	int fds[2];

	if (pipe(fds))
		exit(77);
	io_uring_prep_read(io_uring_get_sqe(&first), fds[0], buffer, sizeof(buffer), 0);
	io_uring_submit(&first);
	close(fds[0]);
	return fds[1];
}

/* The read ends with its ring. */
static void end_first(int pipe_end)
{
	struct pollfd end = { .fd = pipe_end };

	io_uring_queue_exit(&first);
	printf("%s\n",
	       poll(&end, 1, 60000) == 1 ? "the ring has ended" : "the ring is still there");
	close(pipe_end);
}

int main(int argc, char **argv)
{
	int pipe_end;
	pthread_t t;

	if (argc != 3)
		return 2;
	way = argv[1];
	kind = argv[2];
	setvbuf(stdout, NULL, _IOLBF, 0);
	pthread_barrier_init(&turn, NULL, 2);
	for (nr_closing = 0; nr_closing < 5; nr_closing++) {
		if (io_uring_queue_init(8, &first, 0))
			return 77;
		pipe_end = pending_read();
		say("first", &first);
		if (pthread_create(&t, NULL, thread, NULL))
			return 1;
		pthread_barrier_wait(&turn);
		say("first", &first);
		pthread_barrier_wait(&turn);
		pthread_barrier_wait(&turn);
		say("first", &first);
		pthread_barrier_wait(&turn);
		pthread_barrier_wait(&turn);
		pthread_join(t, NULL);
		say("first", &first);
		end_first(pipe_end);
	}
	return 0;
}
