/* SPDX-License-Identifier: MIT */
/*
 * Signal handlers that wait, or leave by a jump: handler CASE [bare]. Signals come when the wait that
 * they are to interrupt sleeps, however long that takes, so that the order is the same in every run.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "program.h"
#include "waker.h"

#ifndef SS_AUTODISARM /* 4.7; the C library may not know it */
#define SS_AUTODISARM (1U << 31)
#endif

static struct io_uring outer, inner;
static volatile int handler_ret = 1, handler_ms, second_ret = 1;
static volatile sig_atomic_t handled;
static sigjmp_buf back;

/* What a wait lasts that nothing ends, and what is too long for the others. */
#define LONG_MS	    60000
#define TOO_LONG_MS 20000

static int alarm_asks[2];

/* A process that sends SIGALRM to this one when the thread that asks for it has gone to sleep. */
static void alarms_start(void)
{
	pid_t us = getpid(), sleeper;

	if (pipe2(alarm_asks, O_CLOEXEC))
		die("pipe2", -errno);
	if (fork())
		return;
	close(alarm_asks[1]);
	while (read(alarm_asks[0], &sleeper, sizeof(sleeper)) == sizeof(sleeper)) {
		waker_until_asleep(sleeper);
		kill(us, SIGALRM);
	}
	_exit(0);
}

static void alarm_when_asleep(void)
{
	pid_t us = syscall(SYS_gettid);

	if (write(alarm_asks[1], &us, sizeof(us)) != sizeof(us))
		die("write", -errno);
}

static void on(int sig, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	sigaction(sig, &sa, NULL);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Prints how a wait ended and whether it took about as long as it should have. */
static void timed(const char *what, int ret, long took, long least)
{
	say("%s: %s, %s", what, name_of(ret),
	    took < least       ? "too short" :
	    took > TOO_LONG_MS ? "too long" :
				 "as long as it should");
}

static int wait_ms(struct io_uring *ring, int ms)
{
	struct io_uring_cqe *cqe;

	return io_uring_wait_cqe_timeout(ring, &cqe, AFTER_MS(ms));
}

/* Without liburing's bookkeeping. */
static int wait_bare(struct io_uring *ring, int ms)
{
	struct io_uring_getevents_arg arg = { .ts = (uintptr_t)AFTER_MS(ms) };

	return io_uring_enter2(ring->ring_fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG,
			       (void *)&arg, sizeof(arg));
}

static int (*inner_wait)(struct io_uring *ring, int ms) = wait_ms;

static void wait_inside(int sig)
{
	long since = now_ms();

	(void)sig;
	handled = 1;
	handler_ret = inner_wait(&inner, 40);
	handler_ms = now_ms() - since;
}

static void wait_on_same(int sig)
{
	long since = now_ms();

	(void)sig;
	handler_ret = wait_ms(&outer, 40);
	handler_ms = now_ms() - since;
}

static void interrupted(void (*handler)(int))
{
	long since;
	int ret, i;

	on(SIGALRM, handler);
	for (i = 0; i < 3; i++) {
		since = now_ms();
		alarm_when_asleep();
		ret = wait_ms(&outer, LONG_MS);
		timed("outer wait", ret, now_ms() - since, 40);
		timed("wait in the handler", handler_ret, handler_ms, 40);
	}
}

static int comes[2];

static void let_it_come_and_wait(int sig)
{
	if (write(comes[1], "", 1) != 1)
		handled = -1;
	wait_inside(sig);
}

/* The handler runs in the kernel's wait for a completion that comes meanwhile. */
static void with_completion(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&outer);

	if (pipe(comes))
		die("pipe", -errno);
	on(SIGALRM, let_it_come_and_wait);
	alarm_when_asleep();
	io_uring_prep_poll_add(sqe, comes[0], POLLIN);
	sqe->user_data = 7;
	WAIT_CALL(&outer, "submit and wait",
		  io_uring_submit_and_wait_timeout(&outer, &cqe, 1, AFTER_MS(LONG_MS), NULL));
	timed("wait in the handler", handler_ret, handler_ms, 40);
	WAIT_CALL(&outer, "wait again", io_uring_wait_cqe_timeout(&outer, &cqe, AFTER_MS(5)));
}

/* A handler in a handler. */
static void wait_in_second(int sig)
{
	(void)sig;
	second_ret = wait_ms(&inner, 10);
}

static void wait_and_raise(int sig)
{
	(void)sig;
	raise(SIGUSR1);
	handler_ret = wait_ms(&inner, 10);
}

static void two_levels(void)
{
	on(SIGUSR1, wait_in_second);
	on(SIGALRM, wait_and_raise);
	alarm_when_asleep();
	show_ret("outer wait", wait_ms(&outer, LONG_MS));
	show_ret("wait in the handler", handler_ret);
	show_ret("wait in the second handler", second_ret);
}

/* While the thread is in no wait, a handler's wait is like any other. */
static void between_waits(void)
{
	on(SIGUSR1, wait_inside);
	raise(SIGUSR1);
	timed("wait in the handler", handler_ret, handler_ms, 40);
}

static void jump(int sig)
{
	(void)sig;
	siglongjmp(back, 1);
}

static void wait_and_jump(int sig)
{
	wait_inside(sig);
	siglongjmp(back, 1);
}

static void jump_out(void (*handler)(int), int times)
{
	volatile int i;
	long since;

	on(SIGALRM, handler);
	for (i = 0; i < times; i++) {
		if (!sigsetjmp(back, 1)) {
			alarm_when_asleep();
			show_ret("this is never said", wait_ms(&outer, LONG_MS));
		}
		say("jumped out");
		since = now_ms();
		timed("next wait", wait_ms(&outer, 15), now_ms() - since, 15);
	}
	wait_round(&outer);
	wait_round(&inner);
}

/* The same code waits and is jumped out of, again and again. */
static void jump_loop(void)
{
	volatile int i;

	on(SIGALRM, jump);
	for (i = 0; i < 10; i++) {
		if (!sigsetjmp(back, 1)) {
			alarm_when_asleep();
			show_ret("this is never said", wait_ms(&outer, LONG_MS));
		}
		say("jumped out");
	}
}

/* A handler that makes a ring, waits on it and ends it. */
static volatile int make_ret = 1;

static void make_inside(int sig)
{
	struct io_uring ring;

	(void)sig;
	make_ret = io_uring_queue_init(4, &ring, 0);
	if (make_ret < 0)
		return;
	handler_ret = wait_ms(&ring, 5);
	io_uring_queue_exit(&ring);
}

static void ring_in_handler(void)
{
	on(SIGALRM, make_inside);
	alarm_when_asleep();
	show_ret("outer wait", wait_ms(&outer, LONG_MS));
	show_ret("ring made in the handler", make_ret);
	show_ret("wait in the handler", handler_ret);
	make_inside(0);
	show_ret("wait outside", handler_ret);
}

/* The mask of a wait lets a signal in that is blocked outside. */
static void with_mask(void)
{
	struct io_uring_cqe *cqe = NULL;
	sigset_t blocked, during;
	int ret;

	on(SIGALRM, wait_inside);
	sigemptyset(&during);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGALRM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	raise(SIGALRM);
	say("before: handled %d", (int)handled);
	ret = io_uring_wait_cqes(&outer, &cqe, 1, AFTER_MS(LONG_MS), &during);
	say("wait with a mask: %s, handled %d, in the handler %s", name_of(ret), (int)handled,
	    name_of(handler_ret));
	ret = io_uring_wait_cqes(&outer, &cqe, 1, AFTER_MS(5), &blocked);
	say("wait with another: %s", name_of(ret));
}

/*
 * A handler with a stack of its own, which lies above that of its thread: by
 * its address alone, its wait looks as if the outer one had been left.
 */
static int stack_flags;

static void *in_low_stack(void *high)
{
	stack_t stack = { .ss_sp = high, .ss_size = 1 << 16, .ss_flags = stack_flags };
	struct sigaction sa = { .sa_handler = wait_inside, .sa_flags = SA_ONSTACK };
	sigset_t set;
	long since;
	int ret, i;

	if (sigaltstack(&stack, NULL))
		die("sigaltstack", -errno);
	sigaction(SIGALRM, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	for (i = 0; i < 3; i++) {
		pthread_sigmask(SIG_UNBLOCK, &set, NULL);
		since = now_ms();
		alarm_when_asleep();
		ret = wait_ms(&outer, LONG_MS);
		timed("outer wait", ret, now_ms() - since, 40);
		timed("wait in the handler", handler_ret, handler_ms, 40);
		pthread_sigmask(SIG_BLOCK, &set, NULL);
	}
	return NULL;
}

static void stack_above(int flags)
{
	size_t half = 1 << 20;
	char *both =
		mmap(NULL, 2 * half, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_attr_t attr;
	sigset_t set;
	pthread_t t;

	stack_flags = flags;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_attr_init(&attr);
	if (both == MAP_FAILED || pthread_attr_setstack(&attr, both, half) ||
	    pthread_create(&t, &attr, in_low_stack, both + half))
		die("a thread with a stack of its own", 0);
	pthread_join(t, NULL);
}

int main(int argc, char **argv)
{
	const char *which = argc > 1 ? argv[1] : "";

	alarms_start();
	must_init(&outer, 8, 0);
	must_init(&inner, 8, 0);
	errno = ERRNO_UNTOUCHED;
	if (argc > 2 && !strcmp(argv[2], "bare"))
		inner_wait = wait_bare;
	if (!strcmp(which, "other-ring"))
		interrupted(wait_inside);
	else if (!strcmp(which, "same-ring"))
		interrupted(wait_on_same);
	else if (!strcmp(which, "completion"))
		with_completion();
	else if (!strcmp(which, "two-levels"))
		two_levels();
	else if (!strcmp(which, "between"))
		between_waits();
	else if (!strcmp(which, "jump"))
		jump_out(jump, 3);
	else if (!strcmp(which, "jump-loop"))
		jump_loop();
	else if (!strcmp(which, "wait-and-jump"))
		jump_out(wait_and_jump, 3);
	else if (!strcmp(which, "stack"))
		stack_above(0);
	else if (!strcmp(which, "disarmed-stack"))
		stack_above(SS_AUTODISARM);
	else if (!strcmp(which, "ring"))
		ring_in_handler();
	else if (!strcmp(which, "mask"))
		with_mask();
	else
		die("usage: handler CASE [bare]", 0);
	io_uring_queue_exit(&outer);
	io_uring_queue_exit(&inner);
	return 0;
}
