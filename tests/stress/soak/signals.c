/* SPDX-License-Identifier: MIT */
/*
 * Signal handlers that jump out of a wait, that wait themselves, that restart
 * system calls; and a process that is stopped in a wait.
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

static struct io_uring ring;
static sigjmp_buf back;

static void timer(int64_t first, int64_t every)
{
	struct itimerval t = {
		.it_value = { first / 1000000, first % 1000000 },
		.it_interval = { every / 1000000, every % 1000000 },
	};

	setitimer(ITIMER_REAL, &t, NULL);
}

static void handle(int sig, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigaction(sig, &action, NULL);
}

static void jump_back(int sig)
{
	siglongjmp(back, sig);
}

static void jump_once(int64_t after)
{
	struct __kernel_timespec ts = timespec_of(60 * 1000000LL);
	struct io_uring_cqe *cqe;
	int64_t start = now_us();

	if (!sigsetjmp(back, 1)) {
		timer(after, 0);
		io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
		/* It may be interrupted before it began; then the jump has been made. */
		CHECK(false, "the wait came back instead of the jump");
	}
	CHECK(now_us() - start < LATE, "jumped out after %lld us", (long long)(now_us() - start));
}

/* After each jump, waits work as before: each ends by its own timeout, and completions arrive. */
void round_jump(int size)
{
	volatile unsigned seed = 3;
	volatile int i;

	ring_make(&ring, 8, 0);
	handle(SIGALRM, jump_back, 0);
	for (i = 0; i < 10 * size; i++) {
		unsigned s = seed;
		int64_t after = 100 + random_below(&s, 3000);

		seed = s;
		jump_once(after);
		nop_round_trip(&ring, i);
		idle_wait(&ring, 300);
		idle_wait(&ring, 700);
	}
	handle(SIGALRM, SIG_DFL, 0);
	ring_end(&ring);
}

/* Handlers that wait on the ring that the thread they interrupt is waiting on. */
static volatile sig_atomic_t in_handler, seen_in_handler;

static void handler_wait(int64_t us)
{
	struct __kernel_timespec ts = timespec_of(us);
	struct io_uring_cqe *cqe = NULL;
	int64_t start = now_us();
	int ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);

	in_handler++;
	CHECK(!ret || ret == -ETIME, "a wait in a handler: %d", ret);
	check_expired(start, us, ret);
}

static void waiting_handler(int sig)
{
	int saved = errno;

	(void)sig;
	handler_wait(in_handler % 3 * 100);
	errno = saved;
}

static void block(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(how, &set, NULL);
}

/* Takes what is there; the handler is kept out while the head moves. */
static int drain(uint64_t expected)
{
	struct io_uring_cqe *cqe;
	int n = 0;

	block(SIG_BLOCK);
	while (!io_uring_peek_cqe(&ring, &cqe)) {
		CHECK(cqe->user_data == expected, "completion %llx instead of %llx",
		      (long long)cqe->user_data, (long long)expected);
		io_uring_cqe_seen(&ring, cqe);
		n++;
	}
	block(SIG_UNBLOCK);
	return n;
}

/* One wait that signals may cut short, then one for a completion. */
static void wait_under_fire(uint64_t n, int64_t us)
{
	struct __kernel_timespec ts = timespec_of(us);
	struct io_uring_cqe *cqe = NULL;
	int64_t start = now_us();
	int ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts), got = 0;

	CHECK(ret == -ETIME || ret == -EINTR, "a wait under signals: %d", ret);
	check_expired(start, us, ret);
	block(SIG_BLOCK);
	nop_submit(&ring, n);
	block(SIG_UNBLOCK);
	start = now_us();
	while (!got && now_us() - start < LATE) {
		ts = timespec_of(us);
		ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
		CHECK(!ret || ret == -ETIME || ret == -EINTR, "a wait under signals: %d", ret);
		got = drain(n);
	}
	CHECK(got == 1, "%d completions of one NOP", got);
}

static void fire(int size, void (*handler)(int), int flags)
{
	unsigned seed = 5;
	int i;

	ring_make(&ring, 8, 0);
	in_handler = 0;
	handle(SIGALRM, handler, flags);
	timer(700, 700);
	for (i = 0; i < 50 * size || in_handler < 10; i++)
		wait_under_fire(i, random_below(&seed, 4000));
	timer(0, 0);
	handle(SIGALRM, SIG_DFL, 0);
	ring_end(&ring);
}

void round_handler(int size)
{
	fire(size, waiting_handler, 0);
	fire(size, waiting_handler, SA_RESTART);
}

/* The same, but aimed at each thread's first steps: its first wait is interrupted. */
static void handler_of_new_thread(int sig)
{
	int saved = errno;

	(void)sig;
	handler_wait(50);
	seen_in_handler++;
	errno = saved;
}

static void *first_wait(void *arg)
{
	struct __kernel_timespec ts = timespec_of(400);
	struct io_uring_cqe *cqe = NULL;
	int64_t start = now_us();
	int ret;

	__atomic_store_n((int *)arg, 1, __ATOMIC_RELEASE);
	ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	CHECK(ret == -ETIME || ret == -EINTR, "the first wait of a thread: %d", ret);
	check_expired(start, 400, ret);
	while (__atomic_load_n((int *)arg, __ATOMIC_ACQUIRE) != 2)
		sleep_us(50);
	idle_wait(&ring, 100);
	return NULL;
}

void round_handler_start(int size)
{
	unsigned seed = 7;
	int i;

	ring_make(&ring, 8, 0);
	handle(SIGUSR1, handler_of_new_thread, SA_RESTART);
	for (i = 0; i < 50 * size; i++) {
		volatile unsigned spin = random_below(&seed, 3000);
		pthread_t thread;
		int state = 0, before = seen_in_handler;

		NEED(!pthread_create(&thread, NULL, first_wait, &state), "pthread_create");
		spin_until(&state);
		while (spin)
			spin--;
		pthread_kill(thread, SIGUSR1);
		while (seen_in_handler == before)
			sleep_us(50);
		__atomic_store_n(&state, 2, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
	}
	handle(SIGUSR1, SIG_DFL, 0);
	ring_end(&ring);
}

static void count_only(int sig)
{
	(void)sig;
	in_handler++;
}

/* io_uring_enter(2) is not restarted, whatever SA_RESTART says: -EINTR at once. */
static void interrupted_once(int flags)
{
	struct __kernel_timespec ts = timespec_of(60 * 1000000LL);
	struct io_uring_cqe *cqe = NULL;
	int64_t start = now_us();
	int ret;

	handle(SIGALRM, count_only, flags);
	in_handler = 0;
	/* Again and again, since on a busy machine the first one may come before the wait. */
	timer(20000, 20000);
	ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	timer(0, 0);
	CHECK(ret == -EINTR && in_handler > 0, "interrupted wait: %d, %d signals", ret,
	      (int)in_handler);
	CHECK(now_us() - start >= 19000 && now_us() - start < LATE, "after %lld us",
	      (long long)(now_us() - start));
}

/* Blocked by the wait's own mask: the wait ends in its own time, then the handler runs. */
static void masked_once(void)
{
	struct __kernel_timespec ts = timespec_of(30000);
	struct io_uring_cqe *cqe = NULL;
	int64_t start = now_us();
	sigset_t mask;
	int ret;

	sigemptyset(&mask);
	sigaddset(&mask, SIGALRM);
	in_handler = 0;
	timer(5000, 0);
	ret = io_uring_wait_cqes(&ring, &cqe, 1, &ts, &mask);
	CHECK(ret == -ETIME, "a wait with its signal blocked: %d", ret);
	check_expired(start, 30000, ret);
	CHECK(in_handler == 1, "%d signals after the wait", (int)in_handler);
}

void round_restart(int size)
{
	ring_make(&ring, 8, 0);
	while (size--) {
		interrupted_once(0);
		interrupted_once(SA_RESTART);
		masked_once();
		nop_round_trip(&ring, size);
	}
	handle(SIGALRM, SIG_DFL, 0);
	ring_end(&ring);
}

static void stopped_child(int ready)
{
	struct __kernel_timespec ts = timespec_of(300000);
	struct io_uring_cqe *cqe = NULL;
	int64_t start;
	int ret;

	ring_make(&ring, 8, 0);
	idle_wait(&ring, 10);
	start = now_us();
	NEED(write(ready, "", 1) == 1, "write");
	ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	CHECK(ret == -EINTR || ret == -ETIME, "a stopped wait: %d", ret);
	check_expired(start, 300000, ret);
	idle_wait(&ring, 1000);
	nop_round_trip(&ring, 1);
	ring_end(&ring);
	_exit(failed());
}

void round_stop(int size)
{
	while (size--) {
		int fds[2], status;
		char byte;
		pid_t pid;

		NEED(!pipe(fds), "pipe");
		pid = fork();
		if (!pid)
			stopped_child(fds[1]);
		NEED(read(fds[0], &byte, 1) == 1, "read");
		sleep_us(30000);
		kill(pid, SIGSTOP);
		waitpid(pid, &status, WUNTRACED);
		sleep_us(20000);
		kill(pid, SIGCONT);
		waitpid(pid, &status, 0);
		CHECK(WIFEXITED(status) && !WEXITSTATUS(status), "stopped child: %x", status);
		close(fds[0]);
		close(fds[1]);
	}
}
