/* SPDX-License-Identifier: MIT */
/*
 * Signals: SIGUSR1 is raised by the program itself, SIGALRM comes from a timer while a
 * wait sleeps, SIGURG comes so too and is ignored.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "world.h"

#define ARRIVE_NS 1500000

static struct world *the_world;
static volatile sig_atomic_t usr1s, alarms;
static volatile sig_atomic_t nested;
static char nested_text[256];

static sigjmp_buf jump;
static volatile sig_atomic_t jump_armed;

static timer_t timer;
static pthread_t helper;
static bool helper_runs;

sigjmp_buf *jump_arm(void)
{
	jump_armed = 1;
	return &jump;
}

void jump_disarm(void)
{
	jump_armed = 0;
}

/* A wait inside of a handler, on the ring that may be the one waited on outside. */
static void wait_in_handler(struct world *w)
{
	struct slot *s = &w->slot[w->handler_ring];
	struct __kernel_timespec ts = { .tv_nsec = 300000 };
	struct io_uring_cqe *cqe = CQE_SENTINEL;
	int ret;

	/* What an SQPOLL thread has done by now differs from run to run. */
	if (!s->live || nested || s->flags & SETUP_SQPOLL)
		return;
	nested = 1;
	if (w->mode == MODE_SUBMIT) {
		struct io_uring_sqe *sqe = io_uring_get_sqe(s->u);

		if (sqe) {
			io_uring_prep_nop(sqe);
			sqe->user_data = 999999;
		}
		ret = io_uring_submit_and_wait_timeout(s->u, &cqe, 1, &ts, NULL);
	} else {
		ret = io_uring_wait_cqe_timeout(s->u, &cqe, &ts);
	}
	snprintf(nested_text, sizeof(nested_text), " nested=%d,%s", ret,
		 !cqe		     ? "NULL" :
		 cqe == CQE_SENTINEL ? "untouched" :
				       "cqe");
	nested = 0;
}

static void on_usr1(int sig)
{
	int err = errno;

	(void)sig;
	usr1s++;
	if (the_world->mode == MODE_WAIT || the_world->mode == MODE_SUBMIT)
		wait_in_handler(the_world);
	errno = err;
	if (the_world->mode == MODE_JUMP && jump_armed) {
		jump_armed = 0;
		siglongjmp(jump, 1);
	}
}

static void on_alarm(int sig)
{
	(void)sig;
	alarms++;
}

void signals_open(void)
{
	struct sigaction sa = { .sa_handler = on_usr1, .sa_flags = SA_RESTART };

	sigaction(SIGUSR1, &sa, NULL);
	sa.sa_handler = on_alarm;
	sa.sa_flags = 0;
	sigaction(SIGALRM, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGURG, &sa, NULL);
	sigaction(SIGPIPE, &sa, NULL);
}

void signals_begin(struct world *w)
{
	struct timespec none = { 0 };
	sigset_t all;

	the_world = w;
	w->mode = MODE_COUNT;
	w->handler_ring = 0;
	w->arrive = ARRIVE_NONE;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	while (sigtimedwait(&all, NULL, &none) > 0)
		;
	sigemptyset(&w->mask);
	pthread_sigmask(SIG_SETMASK, &w->mask, NULL);
	usr1s = alarms = 0;
	nested_text[0] = '\0';
}

/* An alarm needs to be set only once: it repeats until the wait is over. */
void say_signals(struct world *w)
{
	sigset_t now, pend;

	if (usr1s || alarms)
		say(w, " sig=%d,%d%s", (int)usr1s, alarms ? 1 : 0, nested_text);
	usr1s = alarms = 0;
	nested_text[0] = '\0';
	pthread_sigmask(SIG_BLOCK, NULL, &now);
	for (int sig = 1; sig < 32; sig++) {
		if (sigismember(&now, sig) != sigismember(&w->mask, sig))
			say(w, " mask(%d)=%d", sig, sigismember(&now, sig));
	}
	sigpending(&pend);
	if (sigismember(&pend, SIGUSR1))
		say(w, " pending");
}

/* n: 1 blocks, 0 unblocks; how: 0 SIGUSR1, 1 SIGALRM. */
void op_sig(struct world *w, const struct line *l)
{
	int sig = l->v[K_HOW] ? SIGALRM : SIGUSR1;

	if (l->v[K_N])
		sigaddset(&w->mask, sig);
	else
		sigdelset(&w->mask, sig);
	say(w, " %d", pthread_sigmask(SIG_SETMASK, &w->mask, NULL));
}

void op_raise(struct world *w, const struct line *l)
{
	(void)l;
	say(w, " %ld", syscall(__NR_tgkill, getpid(), syscall(__NR_gettid), SIGUSR1));
}

void op_handler(struct world *w, const struct line *l)
{
	w->mode = l->v[K_MODE];
	w->handler_ring = l->v[K_R] & (NRING - 1);
}

void op_arrive(struct world *w, const struct line *l)
{
	w->arrive = ARRIVE_ALARM + l->v[K_HOW] % ARRIVE_MSG;
	w->arrive_p = l->v[K_P];
}

bool arrival_interrupts(struct world *w, const sigset_t *mask)
{
	return w->arrive == ARRIVE_ALARM && !sigismember(mask ? mask : &w->mask, SIGALRM);
}

static void timer_start(int sig)
{
	struct itimerspec its = { .it_value.tv_nsec = ARRIVE_NS };
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = sig };

	/* An alarm that comes before the wait sleeps would be lost: it comes again. */
	its.it_interval.tv_nsec = ARRIVE_NS;
	ev._sigev_un._tid = syscall(__NR_gettid);
	if (timer_create(CLOCK_MONOTONIC, &ev, &timer) || timer_settime(timer, 0, &its, NULL))
		_exit(3);
}

/* A message from a ring of another thread, which that thread makes and ends. */
static void send_msg(struct world *w)
{
	struct slot *to = &w->slot[w->arrive_p & (NRING - 1)];
	struct io_uring u;
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe;

	if (!to->live || io_uring_queue_init(2, &u, 0))
		return;
	sqe = io_uring_get_sqe(&u);
	io_uring_prep_nop(sqe);
	sqe->opcode = OP_MSG_RING;
	sqe->fd = to->u->ring_fd;
	sqe->len = 4242;
	sqe->off = 424242;
	io_uring_submit_and_wait_timeout(&u, &cqe, 1, &(struct __kernel_timespec){ .tv_sec = 1 },
					 NULL);
	io_uring_queue_exit(&u);
}

static void *help(void *arg)
{
	struct world *w = arg;

	sleep_until(now_ns() + ARRIVE_NS);
	if (w->arrive == ARRIVE_MSG)
		send_msg(w);
	else if (write(w->pipe[w->arrive_p % NPIPE][1], "a", 1) != 1)
		_exit(3);
	return NULL;
}

void arrival_start(struct world *w)
{
	sigset_t all, old;

	if (w->arrive == ARRIVE_ALARM || w->arrive == ARRIVE_IGNORED) {
		timer_start(w->arrive == ARRIVE_ALARM ? SIGALRM : SIGURG);
	} else if (w->arrive == ARRIVE_WRITE || w->arrive == ARRIVE_MSG) {
		if (w->arrive == ARRIVE_WRITE)
			pipe_end(w, w->arrive_p, 1);
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &old);
		helper_runs = !pthread_create(&helper, NULL, help, w);
		pthread_sigmask(SIG_SETMASK, &old, NULL);
	}
}

void arrival_stop(struct world *w)
{
	if (w->arrive == ARRIVE_ALARM || w->arrive == ARRIVE_IGNORED)
		timer_delete(timer);
	if (helper_runs)
		pthread_join(helper, NULL);
	helper_runs = false;
	w->arrive = ARRIVE_NONE;
}
