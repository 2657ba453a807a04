/* SPDX-License-Identifier: MIT */
/*
 * spin SCENARIO [FLAGS]: waits on a ring with these setup flags, and what comes while they look.
 *
 *	found	each kind of wait, for what comes a moment later
 *	nothing	waits that end by their timeouts, and are not early
 *	untimed	and idle: many waits without a timeout, for what comes; with one, for nothing
 *	never	waits that must not look, each after the other
 *	signal	a handler runs soon after a wait began
 *	stack	the same of a thread with an alternate signal stack
 *	two	waits for two, of which one is there as soon as it is submitted, or none ever
 *	links	a chain of requests, of which some are waited for
 *	timer	waits for several, which a request's timeout ends
 *	closed	waits by a descriptor that was closed
 *	flags	of two rings
 *	ended	another thread ends the ring while a wait looks at it
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>

#include "kinds.h"
#include "signal_soon.h"

static unsigned ring_flags;

static void found(void)
{
	char what[32];
	int i;

	for (i = 0; i < 70; i++) {
		struct io_uring_cqe *cqe = NULL;
		int ret;

		put_timeout(5);
		errno = ERRNO_UNTOUCHED;
		ret = wait_by(i % KINDS, &cqe, AFTER_MS(10000));
		snprintf(what, sizeof(what), "wait %d", i % KINDS);
		show(what, ret, cqe);
		if (cqe)
			io_uring_cqe_seen(&ring, cqe);
	}
}

static void nothing(void)
{
	static const int us[] = { 1, 40, 300, 999, 1001, 1500, 5000 };
	unsigned i;

	for (i = 0; i < 2 * sizeof(us) / sizeof(us[0]); i++) {
		struct __kernel_timespec ts = { .tv_nsec = us[i / 2] * 1000 };
		struct io_uring_cqe *cqe = NULL;
		int64_t start = now_us();
		int ret;

		/* What is submitted does not complete, and then that is what is returned. */
		if (i == 3)
			put_poll();
		errno = ERRNO_UNTOUCHED;
		ret = wait_by(i % 2, &cqe, &ts);
		show("wait for nothing", ret, cqe);
		if (now_us() - start < us[i / 2])
			say("too early: %lld us of %d", (long long)(now_us() - start), us[i / 2]);
	}
}

/* Waits without a timeout, for what comes a moment later. */
static void untimed(void)
{
	struct io_uring_cqe *cqe;
	int i;

	for (i = 0; i < 200; i++) {
		put_timeout(5);
		io_uring_submit(&ring);
		if (!io_uring_wait_cqe(&ring, &cqe))
			io_uring_cqe_seen(&ring, cqe);
	}
}

/* Waits for nothing, as long as these can look. */
static void idle(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 900000 };
	struct io_uring_cqe *cqe;
	int i;

	for (i = 0; i < 100; i++)
		io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
}

static void never(void)
{
	struct __kernel_timespec zero = { 0 }, past = { .tv_sec = -1 }, odd = { .tv_nsec = -1 };
	sigset_t mask;

	sigemptyset(&mask);
	WAIT_CALL(&ring, "zero", io_uring_wait_cqe_timeout(&ring, &cqe, &zero));
	WAIT_CALL(&ring, "past", io_uring_wait_cqe_timeout(&ring, &cqe, &past));
	WAIT_CALL(&ring, "odd", io_uring_wait_cqe_timeout(&ring, &cqe, &odd));
	WAIT_CALL(&ring, "mask", io_uring_wait_cqes(&ring, &cqe, 1, AFTER_MS(2), &mask));
	WAIT_CALL(&ring, "none asked for", io_uring_wait_cqes(&ring, &cqe, 0, AFTER_MS(2), NULL));
	WAIT_CALL(&ring, "peek", io_uring_peek_cqe(&ring, &cqe));
#if LIBURING_AT_LEAST(8)
	WAIT_CALL(&ring, "minimum",
		  io_uring_wait_cqes_min_timeout(&ring, &cqe, 1, AFTER_MS(2), 1000, NULL));
#endif
	put_nop(&ring, 1);
	io_uring_submit(&ring);
	WAIT_CALL(&ring, "there", io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(2)));
	put_nop(&ring, 2);
	WAIT_CALL(&ring, "submitted and there",
		  io_uring_submit_and_wait_timeout(&ring, &cqe, 1, AFTER_MS(1000), NULL));
	WAIT_CALL(&ring, "bad pointer",
		  io_uring_wait_cqe_timeout(&ring, &cqe, (struct __kernel_timespec *)8));
}

static volatile int handled;

static void on_signal(int sig)
{
	(void)sig;
	__atomic_fetch_add(&handled, 1, __ATOMIC_SEQ_CST);
}

#define ROUNDS 20

/*
 * A wait that the first signal missed, since its thread was too late, has two: but it must be
 * seldom.
 */
static void signals(bool with_stack, int flags)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = flags };
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
	int i, by_first = 0;
	pthread_t t;

	if (with_stack && sigaltstack(&stack, NULL))
		die("sigaltstack", -errno);
	waiter = pthread_self();
	sigaction(SIGUSR1, &act, NULL);
	pthread_create(&t, NULL, signal_soon, NULL);
	for (i = 0; i < ROUNDS; i++) {
		struct io_uring_cqe *cqe = NULL;
		int ret;

		handled = 0;
		__atomic_store_n(&begun, 1, __ATOMIC_SEQ_CST);
		errno = ERRNO_UNTOUCHED;
		ret = wait_by(i % 2 ? 2 : 0, &cqe, AFTER_MS(10000));
		show("interrupted", ret, cqe);
		by_first += handled == 1;
	}
	ended = 1;
	pthread_join(t, NULL);
	say("most by the first signal: %s", by_first > ROUNDS / 2 ? "yes" : "no");
}

static void two(void)
{
	struct io_uring_cqe *cqe;
	int i;

	for (i = 0; i < 40; i++) {
		put_nop(&ring, 1);
		put_timeout(5);
		if (i % 2)
			RING_CALL("two, timed", io_uring_submit_and_wait_timeout(
							&ring, &cqe, 2, AFTER_MS(10000), NULL));
		else
			RING_CALL("two", io_uring_submit_and_wait(&ring, 2));
		say("%u there", io_uring_cq_ready(&ring));
		io_uring_cq_advance(&ring, 2);
	}
	for (i = 0; i < 4; i++) {
		put_poll();
		put_poll();
		RING_CALL("none of two",
			  io_uring_submit_and_wait_timeout(&ring, &cqe, 2, AFTER_MS(1), NULL));
	}
}

/* How many of a chain are there when a wait for two of them ends. */
static void links(void)
{
	struct io_uring_cqe *cqe;
	unsigned nr, i;

	for (nr = 1; nr <= 3; nr++) {
		for (i = 0; i < 6; i++) {
			put_nop(&ring, i);
			ring.sq.sqes[(ring.sq.sqe_tail - 1) & *ring.sq.kring_mask].flags =
				i < 5 ? IOSQE_IO_LINK : 0;
		}
		WAIT_CALL(&ring, "a chain",
			  io_uring_submit_and_wait_timeout(&ring, &cqe, nr, AFTER_MS(1000), NULL));
		say("%u are there for %u", io_uring_cq_ready(&ring), nr);
		RING_CALL("more of it", io_uring_wait_cqe_nr(&ring, &cqe, 2));
		say("%u are there", io_uring_cq_ready(&ring));
		while (!io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(0)))
			io_uring_cqe_seen(&ring, cqe);
	}
}

/*
 * A timeout that travels as a request ends a wait, however many completions it is for; but not if it was
 * over before the wait began, as on a busy machine it may be.
 */
static void timer(void)
{
	struct io_uring_cqe *cqe;
	int i, nr, by_it = 0;

	for (i = 0; i < 20; i++) {
		int64_t start = now_us();

		put_timeout(5);
		nr = i % 2 ? 2 : 8;
		if (i % 4 < 2) {
			RING_CALL("submit and wait", io_uring_submit_and_wait_timeout(
							     &ring, &cqe, nr, AFTER_MS(500), NULL));
		} else {
			io_uring_submit(&ring);
			RING_CALL("wait", io_uring_wait_cqes(&ring, &cqe, nr, AFTER_MS(500), NULL));
		}
		by_it += now_us() - start < 250000;
		say("%u there", io_uring_cq_ready(&ring));
		while (!io_uring_peek_cqe(&ring, &cqe))
			io_uring_cqe_seen(&ring, cqe);
	}
	say("most by the request: %s", by_it > 10 ? "yes" : "no");
}

static void closed(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	int i;

	close(ring.ring_fd);
	for (i = 0; i < KINDS; i++)
		WAIT_CALL(&ring, "of no descriptor", wait_by(i, &cqe, &ts));
	_exit(0);
}

/* What a program sees of its rings' flags. */
static void flags(void)
{
	struct io_uring_params p = { .flags = ring_flags };
	struct io_uring other;

	RING_CALL("a ring by parameters", io_uring_queue_init_params(8, &other, &p));
	say("flags %#x %#x of the parameters %#x, features %#x", ring.flags, other.flags, p.flags,
	    p.features);
	io_uring_queue_exit(&other);
}

static void *wait_for_ever(void *arg)
{
	struct io_uring_cqe *cqe;

	(void)arg;
	__atomic_store_n(&begun, 1, __ATOMIC_SEQ_CST);
	io_uring_wait_cqe(&ring, &cqe);
	return NULL;
}

static void end_it(void)
{
	pthread_t t;
	int64_t end;

	pthread_create(&t, NULL, wait_for_ever, NULL);
	while (!begun)
		;
	for (end = now_us() + SOON_US; now_us() < end;)
		;
	io_uring_queue_exit(&ring);
	for (end = now_us() + 2000; now_us() < end;)
		;
	say("nobody looks any more");
	_exit(0);
}

int main(int argc, char **argv)
{
	ring_flags = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	if (argc < 2 || pipe2(pipe_ends, O_CLOEXEC))
		return 2;
	must_init(&ring, 8, ring_flags);
	if (!strcmp(argv[1], "found"))
		found();
	else if (!strcmp(argv[1], "nothing"))
		nothing();
	else if (!strcmp(argv[1], "untimed"))
		untimed();
	else if (!strcmp(argv[1], "idle"))
		idle();
	else if (!strcmp(argv[1], "never"))
		never();
	else if (!strcmp(argv[1], "signal"))
		signals(false, 0);
	else if (!strcmp(argv[1], "stack"))
		signals(true, SA_ONSTACK);
	else if (!strcmp(argv[1], "flags"))
		flags();
	else if (!strcmp(argv[1], "two"))
		two();
	else if (!strcmp(argv[1], "links"))
		links();
	else if (!strcmp(argv[1], "timer"))
		timer();
	else if (!strcmp(argv[1], "closed"))
		closed();
	else
		end_it();
	io_uring_queue_exit(&ring);
	return 0;
}
