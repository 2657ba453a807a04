/* SPDX-License-Identifier: MIT */
/* Operations with another process or another thread in them. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wait.h"

static void child(struct world *w, int out)
{
	size_t from = w->block_from, to = w->block_to;

	/* No child outlives a parent that was killed because it hung. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	w->out = out;
	w->at = 0;
	w->perf = -1;
	w->prefix = "  child: ";
	/* No pages of these, or pages of its own that the kernel does not write to. */
	for (int r = 0; r < NRING; r++) {
		if (w->slot[r].live && (w->slot[r].dontfork || w->slot[r].u->flags & SETUP_NO_MMAP))
			w->slot[r].live = false;
	}
	world_run(w, w->prog, from, to);
	_exit(0);
}

/* n=1: by the system call alone, which no atfork handler sees. */
void op_fork(struct world *w, const struct line *l)
{
	int fds[2], status = -1;
	char buf[4096];
	ssize_t n;
	pid_t pid;

	if (pipe(fds)) {
		say(w, " no-pipe");
		return;
	}
	say(w, " forking");
	say_end(w);
	pid = l->v[K_N] ? (pid_t)syscall(__NR_clone, SIGCHLD, 0, NULL, NULL, 0) : fork();
	if (!pid)
		child(w, fds[1]);
	close(fds[1]);
	while ((n = read(fds[0], buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR)) {
		if (n > 0 && write(w->out, buf, n) != n)
			_exit(3);
	}
	close(fds[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		say(w, "child: killed by signal %d", WTERMSIG(status));
	else
		say(w, "child: exit %d", WEXITSTATUS(status));
}

static void *thread_block(void *arg)
{
	struct world *w = arg;

	world_run(w, w->prog, w->block_from, w->block_to);
	return NULL;
}

void op_thread(struct world *w, const struct line *l)
{
	sigset_t mask = w->mask;
	int perf = w->perf;
	pthread_t t;

	(void)l;
	say(w, " starting");
	say_end(w);
	w->perf = -1;
	w->prefix = "  thread: ";
	if (pthread_create(&t, NULL, thread_block, w))
		say(w, "no-thread");
	else
		pthread_join(t, NULL);
	w->prefix = "";
	w->perf = perf;
	w->mask = mask;
	say(w, "thread: joined");
}

static int waiter_starts;

static void *thread_wait(void *arg)
{
	__atomic_store_n(&waiter_starts, 1, __ATOMIC_RELEASE);
	wait_call(arg);
	return NULL;
}

/* The other thread is in its wait, unless the machine is very busy. */
static void let_it_wait(void)
{
	while (!__atomic_load_n(&waiter_starts, __ATOMIC_ACQUIRE))
		sched_yield();
	sleep_until(now_ns() + 500000);
}

/* A thread waits, and this one submits what it waits for. */
void op_twait(struct world *w, const struct line *l)
{
	static const enum wait_call fns[] = { WAIT_TIMEOUT, WAIT_CQES, WAIT_MIN, ENTER2 };
	struct slot *s = slot_live(w, l->v[K_R]);
	struct call c = {
		.fn = fns[l->v[K_FN] & 3],
		.s = s,
		.cqe = CQE_SENTINEL,
		.nr = l->v[K_NR],
		.mask_word = l->v[K_MASK],
		.ts_word = TS_25MS,
	};
	pthread_t t;
	int ret;

	if (!s)
		return;
	if (FUZZ_LU < wait_property[c.fn].since)
		c.fn = WAIT_CQES;
	wait_mask(&c);
	wait_timeout(&c);
	waiter_starts = 0;
	if (pthread_create(&t, NULL, thread_wait, &c)) {
		say(w, " no-thread");
		return;
	}
	let_it_wait();
	for (unsigned i = 0; i < c.nr; i++) {
		struct io_uring_sqe *sqe = io_uring_get_sqe(s->u);

		if (!sqe)
			break;
		io_uring_prep_nop(sqe);
		sqe->user_data = ++w->ud;
	}
	chain_end(s);
	ret = io_uring_submit(s->u);
	pthread_join(t, NULL);
	say(w, " waiter=%d", c.ret);
	if (wait_property[c.fn].cqe)
		say_cqe(w, s, c.cqe);
	say(w, " submit=%d", s->flags & SETUP_SQPOLL ? 0 : ret);
}

void op_reset(struct world *w, const struct line *l)
{
	(void)l;
	say_end(w);
	world_end(w);
	world_begin(w);
	say(w, "fresh");
}
