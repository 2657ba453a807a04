/* SPDX-License-Identifier: MIT */
/* Timed waits and signals: masks, pending and arriving signals, restart or not. */
#include "oracle.h"

#define ENTRIES 4

static volatile sig_atomic_t handled;
static timer_t timer;

static void on_signal(int sig)
{
	(void)sig;
	handled++;
}

/* How the signal, the mask of the thread and that of the wait stand to each other. */
enum plan {
	NO_SIGNAL,	/* the wait has a mask and nothing happens */
	ARRIVES,	/* no mask: the signal interrupts */
	ARRIVES_HELD,	/* no mask, and the thread blocks the signal */
	MASK_HOLDS,	/* only the wait's mask blocks it */
	MASK_OPENS,	/* only the wait's mask lets it through */
	PENDING_HELD,	/* pending before the wait, which does not let it through */
	PENDING_OPENED, /* pending before the wait, which lets it through */
	BAD_MASK,
	NR_PLANS
};

/* clang-format off */
static const struct {
	const char *name;
	bool arrives, pending, thread_blocks, mask, mask_blocks;
} plans[NR_PLANS] = {
	[NO_SIGNAL]	 = { "no signal", .mask = true },
	[ARRIVES]	 = { "arrives", .arrives = true },
	[ARRIVES_HELD]	 = { "arrives held", .arrives = true, .thread_blocks = true },
	[MASK_HOLDS]	 = { "mask holds", .arrives = true, .mask = true, .mask_blocks = true },
	[MASK_OPENS]	 = { "mask opens", .arrives = true, .thread_blocks = true, .mask = true },
	[PENDING_HELD]	 = { "pending held", .pending = true, .thread_blocks = true,
			     .mask = true, .mask_blocks = true },
	[PENDING_OPENED] = { "pending opened", .pending = true, .thread_blocks = true,
			     .mask = true },
	[BAD_MASK]	 = { "bad mask", .mask = true },
};
/* clang-format on */

static void set_timer(double ms)
{
	struct __kernel_timespec ts = after_ms(ms);
	struct itimerspec in = { { 0, 0 }, { ts.tv_sec, ts.tv_nsec } };

	if (timer_settime(timer, 0, &in, NULL))
		must(-errno, "timer_settime");
}

static void prepare_signals(int flags)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(SIGUSR1, &action, NULL);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		must(-errno, "timer_create");
}

/* Throws away a signal that came too late for the wait it was meant for. */
static void forget_signal(const sigset_t *usr1)
{
	struct timespec now = { 0, 0 };
	sigset_t held;

	sigprocmask(SIG_BLOCK, usr1, &held);
	set_timer(0);
	while (sigtimedwait(usr1, NULL, &now) > 0)
		;
	sigprocmask(SIG_SETMASK, &held, NULL);
}

static void ask_with_signal(struct question *q, enum plan plan)
{
	sigset_t usr1, pending, mask_was, mask_is, wait_mask;
	struct io_uring ring;
	struct sight s;
	char prefix[40];
	int ret, during;
	bool kept;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigemptyset(&wait_mask);
	if (plans[plan].mask_blocks)
		sigaddset(&wait_mask, SIGUSR1);
	q->sigmask = plan == BAD_MASK ? BAD_POINTER : plans[plan].mask ? &wait_mask : NULL;

	handled = 0;
	sigprocmask(plans[plan].thread_blocks ? SIG_BLOCK : SIG_UNBLOCK, &usr1, NULL);
	sigprocmask(SIG_SETMASK, NULL, &mask_was);
	make_ring(&ring, ENTRIES, 0);
	snprintf(prefix, sizeof(prefix), "%s/", plans[plan].name);
	prepare(&s, &ring, q, prefix);
	if (plans[plan].pending)
		raise(SIGUSR1);
	if (plans[plan].arrives)
		set_timer(ARRIVE_MS);
	ret = ask(&s, q);
	during = handled;
	sigprocmask(SIG_SETMASK, NULL, &mask_is);
	kept = sigismember(&mask_is, SIGUSR1) == sigismember(&mask_was, SIGUSR1);
	sigpending(&pending);
	tell_more(&s, ret, "handled=%d pending=%d mask=%s", during, sigismember(&pending, SIGUSR1),
		  kept ? "kept" : "changed");
	forget_signal(&usr1);
	io_uring_queue_exit(&ring);
}

static void with_signals(enum call call)
{
	static const enum work works[] = { NOTHING, ONE_NOP, ONE_STUCK };
	static const enum limit limits[] = { ZERO, T, NONE };
	struct question q = { .call = call };
	enum plan plan;
	unsigned w, l;

	if (!has_call(call)) {
		skip(call_names[call], "this liburing does not have it");
		return;
	}
	prepare_signals(0);
	for (plan = 0; plan < NR_PLANS; plan++) {
		if (plans[plan].mask && !has_sigmask(call))
			continue;
		for (q.nr = 1; q.nr <= (call == WAIT_CQE_TIMEOUT ? 1 : 2); q.nr++)
			for (q.ready = 0; q.ready < 2; q.ready++)
				for (w = 0; w < 3; w++)
					for (l = 0; l < 3; l++) {
						/* A signal cannot arrive during no wait. */
						if (limits[l] == ZERO && plans[plan].arrives)
							continue;
						/* Arrival of both at once has no order. */
						if (limits[l] == NONE && plans[plan].arrives)
							continue;
						q.work = works[w];
						q.limit = limits[l];
						ask_with_signal(&q, plan);
					}
	}
}

/* clang-format off */
static void wait_cqe_timeout(void)	{ with_signals(WAIT_CQE_TIMEOUT); }
static void wait_cqes(void)		{ with_signals(WAIT_CQES); }
static void submit_and_wait(void)	{ with_signals(SAW_TIMEOUT); }
static void wait_cqes_min(void)		{ with_signals(WAIT_CQES_MIN); }
static void submit_and_wait_min(void)	{ with_signals(SAW_MIN); }
/* clang-format on */

/* SA_RESTART does not restart io_uring_enter. */
static void restart(void)
{
	struct question q = { .call = WAIT_CQE_TIMEOUT, .nr = 1, .limit = T };

	prepare_signals(SA_RESTART);
	ask_with_signal(&q, ARRIVES);
	q.call = SAW_TIMEOUT;
	ask_with_signal(&q, ARRIVES);
	q.work = ONE_STUCK;
	ask_with_signal(&q, ARRIVES);
	q.call = WAIT_CQES;
	ask_with_signal(&q, PENDING_OPENED);
}

/* A signal that nobody wants does not end a wait. */
static void ignored(void)
{
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };

	prepare_signals(0);
	signal(SIGUSR1, SIG_IGN);
	ask_with_signal(&q, ARRIVES);
	ask_with_signal(&q, MASK_OPENS);
}

/* The handler runs on a stack of its own. */
static void other_stack(void)
{
	static char room[64 * 1024];
	stack_t stack = { .ss_sp = room, .ss_size = sizeof(room) };
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };

	sigaltstack(&stack, NULL);
	prepare_signals(SA_ONSTACK);
	ask_with_signal(&q, ARRIVES);
	ask_with_signal(&q, PENDING_OPENED);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "wait_cqe_timeout", wait_cqe_timeout },
	{ "wait_cqes", wait_cqes },
	{ "submit_and_wait_timeout", submit_and_wait },
	{ "wait_cqes_min_timeout", wait_cqes_min },
	{ "submit_and_wait_min_timeout", submit_and_wait_min },
	{ "restart", restart },
	{ "ignored", ignored },
	{ "other_stack", other_stack },
	{ NULL, NULL }
};
/* clang-format on */
