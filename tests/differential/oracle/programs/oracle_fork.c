/* SPDX-License-Identifier: MIT */
/*
 * Rings and processes. This program has used a ring before main, so that each
 * scenario, itself a child, begins with what a parent has left behind.
 */
#include <sys/syscall.h>
#include <sys/wait.h>

#include "oracle.h"

#define ENTRIES 4
#define DEFER	(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)

/* A child may wait in vain. */
static const struct question submit_briefly = {
	.call = SAW_TIMEOUT, .nr = 1, .work = ONE_NOP, .limit = T
};

/* ---- before main ---------------------------------------------------------------------- */

static struct {
	struct io_uring ring;
	int made, ret;
	const char *time;
} early;

__attribute__((constructor)) static void before_main(void)
{
	struct __kernel_timespec ts = after_ms(MIN_WAIT_MS);
	struct io_uring_cqe *cqe;
	struct stopwatch watch;

	start_clock(&watch);
	early.made = io_uring_queue_init(ENTRIES, &early.ring, 0);
	if (!early.made)
		early.ret = io_uring_wait_cqe_timeout(&early.ring, &cqe, &ts);
	early.time = elapsed(&watch);
}

__attribute__((destructor)) static void after_main(void)
{
	if (early.made || strcmp(running, "constructor"))
		return;
	put_question(&early.ring, &short_wait, "after main ");
	io_uring_queue_exit(&early.ring);
}

static void constructor(void)
{
	say("/before main: made=%s ret=%s time=%s", errname(early.made), errname(early.ret),
	    early.time);
	put_question(&early.ring, &short_wait, "inherited ");
}

/* ---- children --------------------------------------------------------------------------- */

static pid_t fork_libc(void)
{
	return fork();
}

/* A fork that libc and its atfork handlers do not notice. */
static pid_t fork_raw(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static pid_t start_child(pid_t (*how)(void), void (*body)(void *), void *arg)
{
	pid_t child;

	fflush(stdout);
	child = how();
	if (child < 0)
		must(-errno, "fork");
	if (!child) {
		alarm(10 * slack() + 5);
		body(arg);
		fflush(stdout);
		_exit(0);
	}
	return child;
}

static void join_child(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		say("/child: ended by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		say("/child: ended with %d", WEXITSTATUS(status));
}

static void use_inherited(void *arg)
{
	put_question(arg, &short_wait, "child ");
	put_question(arg, &poll_now, "child ");
	put_question(arg, &submit_briefly, "child ");
	drain(arg);
	put_question(arg, &short_wait, "child again ");
}

static void use_own(void *arg)
{
	struct io_uring own;

	make_ring(&own, ENTRIES, *(unsigned *)arg);
	put_question(&own, &short_wait, "child ");
	put_question(&own, &poll_now, "child ");
	put_question(&own, &submit_briefly, "child ");
	io_uring_queue_exit(&own);
}

static void inherit(pid_t (*how)(void), unsigned flags)
{
	struct io_uring ring;

	make_ring(&ring, 16, flags);
	/* The child must not wait for as long as its parent did. */
	put_question(&ring, &poll_now, "parent ");
	join_child(start_child(how, use_inherited, &ring));
	put_question(&ring, &short_wait, "parent ");
	put_question(&ring, &poll_now, "parent ");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void inherited(void)		{ inherit(fork_libc, 0); }
static void inherited_raw(void)		{ inherit(fork_raw, 0); }
static void inherited_single(void)	{ inherit(fork_libc, IORING_SETUP_SINGLE_ISSUER); }
static void inherited_defer(void)	{ inherit(fork_libc, DEFER); }
static void inherited_iopoll(void)	{ inherit(fork_libc, IORING_SETUP_IOPOLL); }
/* clang-format on */

static void inherited_registered(void)
{
	struct io_uring ring;

	make_ring(&ring, 16, 0);
	must(io_uring_register_ring_fd(&ring), "io_uring_register_ring_fd");
	put_question(&ring, &poll_now, "parent ");
	/* The index means nothing in the child. */
	join_child(start_child(fork_libc, use_inherited, &ring));
	put_question(&ring, &short_wait, "parent ");
	io_uring_queue_exit(&ring);
}

static void own_ring(pid_t (*how)(void))
{
	static unsigned kinds[] = { 0, DEFER, IORING_SETUP_IOPOLL };
	struct io_uring ring;
	int i;

	make_ring(&ring, ENTRIES, 0);
	put_question(&ring, &short_wait, "parent ");
	for (i = 0; i < 3; i++) {
		join_child(start_child(how, use_own, &kinds[i]));
		put_question(&ring, &short_wait, "parent ");
	}
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void own(void)		{ own_ring(fork_libc); }
static void own_raw(void)	{ own_ring(fork_raw); }
/* clang-format on */

static void both(void *arg)
{
	static unsigned plain;

	use_inherited(arg);
	use_own(&plain);
	use_inherited(arg);
	/* And a child of the child. */
	join_child(start_child(fork_libc, use_inherited, arg));
	use_own(&plain);
}

static void inherited_and_own(void)
{
	struct io_uring ring;

	make_ring(&ring, 64, 0);
	put_question(&ring, &short_wait, "parent ");
	join_child(start_child(fork_libc, both, &ring));
	put_question(&ring, &short_wait, "parent ");
	io_uring_queue_exit(&ring);
}

static void make_in_child(void *arg)
{
	(void)arg;
	use_own(&(unsigned){ 0 });
}

/* The parent has never had a ring of its own when the child makes the first. */
static void child_first(void)
{
	struct io_uring ring;

	join_child(start_child(fork_libc, make_in_child, NULL));
	make_ring(&ring, ENTRIES, 0);
	put_question(&ring, &short_wait, "parent ");
	io_uring_queue_exit(&ring);
}

/* ---- at the same time ---------------------------------------------------------------------- */

static void wait_shortly(void *arg)
{
	struct __kernel_timespec ts = after_ms(MIN_WAIT_MS);
	struct io_uring_cqe *cqe;
	int i, odd = 0;

	for (i = 0; i < 5; i++)
		odd += io_uring_wait_cqe_timeout(arg, &cqe, &ts) != -ETIME;
	say("/short waits: odd=%d", odd);
}

/* Parent and child wait on one ring, each for a time of its own. */
static void same_time(void)
{
	struct io_uring ring;
	struct stopwatch watch;
	pid_t child;

	make_ring(&ring, ENTRIES, 0);
	put_question(&ring, &short_wait, "parent ");
	start_clock(&watch);
	child = start_child(fork_libc, wait_shortly, &ring);
	put_question(&ring, &short_wait, "parent meanwhile ");
	join_child(child);
	/* Five times ten, and not five times thirty: the child's own limit. */
	say("/time together: %s", strcmp(elapsed(&watch), "long") ? "in time" : "too late");
	io_uring_queue_exit(&ring);
}

static void wait_own(void *arg)
{
	struct __kernel_timespec ts = after_ms(T_MS);
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	int ret = io_uring_queue_init(ENTRIES, &ring, 0);

	(void)arg;
	if (!ret)
		ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	if (ret != -ETIME)
		say("/one of twenty: ret=%s", errname(ret));
}

static void twenty_children(void)
{
	struct io_uring ring;
	pid_t children[20];
	int i;

	make_ring(&ring, ENTRIES, 0);
	for (i = 0; i < 20; i++)
		children[i] = start_child(fork_libc, wait_own, NULL);
	put_question(&ring, &short_wait, "parent ");
	for (i = 0; i < 20; i++)
		join_child(children[i]);
	io_uring_queue_exit(&ring);
}

/* ---- odd forks --------------------------------------------------------------------------- */

static volatile pid_t forked;

static void fork_in_handler(int sig)
{
	(void)sig;
	forked = fork();
}

/* The fork happens during a wait, which then ends twice. */
static void in_the_middle(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct __kernel_timespec ts = after_ms(ARRIVE_MS);
	struct itimerspec in = { { 0, 0 }, { ts.tv_sec, ts.tv_nsec } };
	struct question q = short_wait;
	struct io_uring ring;
	struct sight s;
	timer_t timer;
	int ret;

	make_ring(&ring, ENTRIES, 0);
	signal(SIGUSR1, fork_in_handler);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		must(-errno, "timer_create");
	prepare(&s, &ring, &q, "interrupted ");
	fflush(stdout);
	timer_settime(timer, 0, &in, NULL);
	ret = ask(&s, &q);
	if (!forked) {
		alarm(10 * slack() + 5);
		say("/child: ret=%s", errname(ret));
		use_inherited(&ring);
		_exit(0);
	}
	join_child(forked);
	s.no_clock = true;
	tell(&s, ret);
	put_question(&ring, &short_wait, "parent ");
	io_uring_queue_exit(&ring);
}

static void end_it(void *arg)
{
	put_question(arg, &poll_now, "child ");
	io_uring_queue_exit(arg);
	use_own(&(unsigned){ 0 });
}

/* What the child unmaps and closes, the parent still has. */
static void child_ends_it(void)
{
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	put_question(&ring, &poll_now, "parent ");
	join_child(start_child(fork_libc, end_it, &ring));
	put_question(&ring, &short_wait, "parent ");
	put_question(&ring, &submit_briefly, "parent ");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "constructor", constructor },
	{ "inherited", inherited },
	{ "inherited.raw", inherited_raw },
	{ "inherited.single", inherited_single },
	{ "inherited.defer", inherited_defer },
	{ "inherited.iopoll", inherited_iopoll },
	{ "inherited.registered", inherited_registered },
	{ "own", own },
	{ "own.raw", own_raw },
	{ "inherited_and_own", inherited_and_own },
	{ "child_first", child_first },
	{ "same_time", same_time },
	{ "twenty_children", twenty_children },
	{ "in_the_middle", in_the_middle },
	{ "child_ends_it", child_ends_it },
	{ NULL, NULL }
};
/* clang-format on */
