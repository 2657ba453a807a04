/* SPDX-License-Identifier: MIT */
/* What a wait that looks goes by: that a handler ran, that a ring is about to go, who may look. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "base/config.h"
#include "process/thread.h"
#include "process/threads.h"
#include "wait/gate.h"
#include "wait/look.h"
#include "wait/marks.h"

static volatile int handled;

static void on_signal(int sig)
{
	(void)sig;
	handled++;
}

#if LOOK_IS_BUILT
/* The marks belong to a frame, in which nothing is called. */
static __attribute__((noinline, flatten)) bool marks_after(uintptr_t top, long call, long a, long b)
{
	marks_put(top);
	kernel_call(call, a, b, 0, 0, 0, 0);
	return marks_are_gone(top);
}

/* By a signal to itself, with and without a handler. */
static void notices(uintptr_t top, int flags)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = flags };
	pid_t tid = kernel_call(SYS_gettid, 0, 0, 0, 0, 0, 0);
	int i;

	handled = 0;
	sigaction(SIGUSR1, &act, NULL);
	for (i = 0; i < 100; i++) {
		assert_false(marks_after(top, SYS_sched_yield, 0, 0));
		assert_true(marks_after(top, SYS_tkill, tid, SIGUSR1));
		assert_int_equal(handled, i + 1);
	}
	signal(SIGUSR1, SIG_IGN);
	assert_false(marks_after(top, SYS_tkill, tid, SIGUSR1));
}

static void a_handler_is_noticed(void **state)
{
	static char memory[65536 + 8];
	const stack_t none = { .ss_flags = SS_DISABLE };
	unsigned shift;
	uintptr_t top;

	(void)state;
	notices(0, 0);
	/* Wherever the stack ends, and whether or not the handler is on it. */
	for (shift = 0; shift < 8; shift++) {
		stack_t stack = { .ss_sp = memory, .ss_size = 65536 + shift };

		assert_int_equal(sigaltstack(&stack, NULL), 0);
		me.stack = STACK_UNKNOWN;
		assert_true(thread_knows_stack(&top));
		assert_int_equal(top, (uintptr_t)memory + 65536 + shift);
		notices(top, SA_ONSTACK);
		notices(top, 0);
	}
	sigaltstack(&none, NULL);
	me.stack = STACK_UNKNOWN;
	assert_true(thread_knows_stack(&top));
	assert_int_equal(top, 0);
}
#else
static void a_handler_is_noticed(void **state)
{
	(void)state;
	(void)on_signal;
	skip();
}
#endif

static struct io_uring ring;
static unsigned head, tail, kflags, lost, entries = 8;
static struct gate *gate;

static volatile int told;

/* As one that looks: until it sees that it should not. */
static void *leave_when_closed(void *arg)
{
	(void)arg;
	while (!gate_is_closed(gate) && !told)
		sched_yield();
	gate_leave(gate);
	return NULL;
}

static void who_unmaps_waits_for_those_who_look(void **state)
{
	int64_t start;
	pthread_t t;

	(void)state;
	gate = gate_of(&ring);
	assert_true(gate_enter(gate));
	pthread_create(&t, NULL, leave_when_closed, NULL);
	start = kernel_time(CLOCK_MONOTONIC);
	gate_close(gate);
	/* On a busy machine the other may not run for so long. */
	if (__atomic_load_n(&gate->inside, __ATOMIC_SEQ_CST))
		assert_true(kernel_time(CLOCK_MONOTONIC) - start >= 2000000);
	told = 1;
	pthread_join(t, NULL);
	assert_int_equal(gate->inside, 0);
	assert_false(gate_enter(gate));
	assert_int_equal(gate->inside, 0);
	gate_open(gate);
	/* One that never leaves holds nobody up for long. */
	assert_true(gate_enter(gate));
	assert_true(gate_enter(gate));
	gate_close(gate);
	gate_open(gate);
	gate_leave(gate);
	gate_leave(gate);
}

/* A ring of this process, as a wait finds it. */
static uint64_t tag_of(enum regwait_reason why)
{
	return tag_make(this_process.nonce, why, 0);
}

static int begin(void **state)
{
	static struct io_uring_params params;

	(void)state;
	ring.cq.khead = &head;
	ring.cq.ktail = &tail;
	ring.cq.kring_entries = &entries;
	ring.cq.koverflow = &lost;
	ring.sq.kflags = &kflags;
	/* A real one for those that look, since they enter. -1: none may be made here. */
	ring.enter_ring_fd = ring.ring_fd = (int)syscall(SYS_io_uring_setup, 8, &params);
	config.spin = 50;
	return !process_get();
}

#define LOOK_FOR(nr, ...) \
	(&(struct look){ \
		.ring = &ring, .wait_nr = (nr), .way.fd = ring.enter_ring_fd, ##__VA_ARGS__ })
#define LOOK(...) LOOK_FOR(1, ##__VA_ARGS__)

/* It does not look, and is counted for that reason and for no other; or is none that could have. */
static void sleeps(struct look *l, uint64_t tag, enum look_reason why)
{
	uint64_t before[LOOK_REASON_END];
	int i;

	memcpy(before, me.counts->unspun, sizeof(before));
	if (why)
		before[why]++;
	assert_false(look_may(l, tag));
	for (i = 0; i < LOOK_REASON_END; i++)
		assert_int_equal(me.counts->unspun[i], before[i]);
}

static void who_may_look(void **state)
{
	uint64_t armed = tag_of(REASON_NONE);

	(void)state;
	assert_true(look_may(LOOK(), armed));
	assert_true(look_may(LOOK(.timed = true, .nsec = 1), armed));
	assert_true(look_may(LOOK(), tag_by_index(armed)));
	assert_true(look_may(LOOK(), tag_of(REASON_TOO_MANY_RINGS)));
	sleeps(LOOK(), tag_of(REASON_UNSEEN), LOOK_REASON_NONE);
	sleeps(LOOK(), tag_of(REASON_LIBURING), LOOK_REASON_NONE);
	sleeps(LOOK(), tag_of(REASON_INTERPOSED), LOOK_REASON_NONE);
	sleeps(LOOK(), tag_of(REASON_DISABLED), LOOK_REASON_NONE);
	sleeps(LOOK(), armed ^ (uint64_t)1 << NONCE_SHIFT, LOOK_REASON_NONE);
	sleeps(LOOK(), 0, LOOK_REASON_NONE);
	sleeps(LOOK(), armed | TAG_NAPI, LOOK_POLLING);
	sleeps(LOOK_FOR(0), armed, LOOK_REASON_NONE);
	sleeps(LOOK(.reason = LOOK_SIGMASK), armed, LOOK_SIGMASK);
	sleeps(LOOK(.reason = LOOK_MIN_WAIT), armed, LOOK_MIN_WAIT);
	sleeps(LOOK(.reason = LOOK_MIN_WAIT), 0, LOOK_REASON_NONE);
	sleeps(LOOK_FOR(2), armed, LOOK_SEVERAL);
	assert_true(look_may(LOOK_FOR(2, .submit = 1), armed));
	sleeps(LOOK_FOR(3, .submit = 1), armed, LOOK_SEVERAL);
	tail = head + 1;
	assert_true(look_may(LOOK_FOR(2), armed));
	sleeps(LOOK_FOR(3), armed, LOOK_SEVERAL);
	tail = head;
	lost = 1;
	sleeps(LOOK(), armed, LOOK_OVERFLOW);
	lost = 0;
	kflags = IORING_SQ_CQ_OVERFLOW;
	sleeps(LOOK(), armed, LOOK_OVERFLOW);
	kflags = 0;
	sleeps(LOOK(.timed = true), armed, LOOK_REASON_NONE);
	sleeps(LOOK(.timed = true, .sec = -1), armed, LOOK_REASON_NONE);
	sleeps(LOOK(.timed = true, .nsec = -1), armed, LOOK_REASON_NONE);
	sleeps(LOOK(.timed = true, .nsec = 1000000000), armed, LOOK_REASON_NONE);
	ring.flags = IORING_SETUP_IOPOLL;
	sleeps(LOOK(), armed, LOOK_POLLING);
	ring.flags |= IORING_SETUP_SQPOLL;
	assert_true(look_may(LOOK(), armed));
	ring.flags = 0;
	*live_mode = MODE_OFF;
	sleeps(LOOK(), armed, LOOK_REASON_NONE);
	*live_mode = MODE_ON;
	me.stack = STACK_UNKNOWN;
	threads_disarm_stacks = true;
	sleeps(LOOK(), armed, LOOK_SIGNALS);
	threads_disarm_stacks = false;
	threads_simulated = true;
	sleeps(LOOK(), armed, LOOK_SIGNALS);
	threads_simulated = false;
	assert_true(look_may(LOOK(), armed));
	assert_int_equal(me.stack, STACK_NONE);
	process_sandboxed = 1;
	sleeps(LOOK(), armed, LOOK_REASON_NONE);
	process_sandboxed = 0;
}

static void what_is_left_of_the_time(void **state)
{
	static const struct {
		uint64_t sec, nsec;
	} cases[] = { { 5, 0 }, { 1, 500 }, { 3, 999999999 }, { 0, 900000000 } };
	unsigned i;

	(void)state;
	if (ring.enter_ring_fd < 0)
		skip();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct look l = *LOOK(.timed = true, .sec = cases[i].sec, .nsec = cases[i].nsec);
		int64_t start = kernel_time(CLOCK_MONOTONIC), took, gone;

		head = 3;
		tail = 3;
		assert_false(look(&l));
		took = kernel_time(CLOCK_MONOTONIC) - start;
		assert_int_equal(l.ret, 0);
		gone = (cases[i].sec - l.sec) * 1000000000 + cases[i].nsec - l.nsec;
		assert_true(l.nsec < 1000000000);
		assert_true(gone <= took);
		assert_true(!LOOK_IS_BUILT || gone >= 50000);
	}
}

static void what_is_there_is_found(void **state)
{
	struct look l = *LOOK_FOR(2);

	(void)state;
	if (ring.enter_ring_fd < 0)
		skip();
	/* Of those that are there, and of all that the ring can hold. */
	head = -1U;
	tail = 1;
	assert_int_equal(look(&l), LOOK_IS_BUILT);
	head = 2;
	tail = head + entries;
	l = *LOOK_FOR(100);
	assert_int_equal(look(&l), LOOK_IS_BUILT);
	assert_int_equal(l.ret, 0);
}

static void what_the_kernel_refuses_is_not_found(void **state)
{
	struct look l = *LOOK();

	(void)state;
	if (ring.enter_ring_fd < 0)
		skip();
	l.way.fd = -1;
	tail = head + 1;
	assert_int_equal(look(&l), LOOK_IS_BUILT);
	assert_int_equal(l.ret, LOOK_IS_BUILT ? -EBADF : 0);
	tail = head;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handler_is_noticed),
		cmocka_unit_test(who_unmaps_waits_for_those_who_look),
		cmocka_unit_test(who_may_look),
		cmocka_unit_test(what_is_left_of_the_time),
		cmocka_unit_test(what_is_there_is_found),
		cmocka_unit_test(what_the_kernel_refuses_is_not_found),
	};

	return cmocka_run_group_tests_name("look", tests, begin, NULL);
}
