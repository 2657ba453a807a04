/* SPDX-License-Identifier: MIT */
/*
 * What a wait reads and writes in a ring's memory, by liburing's rules. Some of these rings need a
 * kernel or a liburing that the machine does not have.
 */
#include <string.h>

#include "unit.h"

#include "wait/engine.h"

#define REWINDS TAG_QUIRK(QUIRK_REWINDS)
#define SKIPS	TAG_QUIRK(QUIRK_SKIPS)

static struct io_uring ring;
static unsigned sq_head, sq_tail, sq_flags, cq_head, cq_tail, cq_overflow;
static struct io_uring_cqe cqes[16];

/* No completion, nothing to submit. */
static int empty(void **state)
{
	(void)state;
	sq_head = sq_tail = sq_flags = cq_head = cq_tail = cq_overflow = 0;
	memset(cqes, 0, sizeof(cqes));
	memset(&ring, 0, sizeof(ring));
	ring.sq.khead = &sq_head;
	ring.sq.ktail = &sq_tail;
	ring.sq.kflags = &sq_flags;
	ring.cq.khead = &cq_head;
	ring.cq.ktail = &cq_tail;
	ring.cq.koverflow = &cq_overflow;
	ring.cq.cqes = cqes;
	ring.cq.ring_mask = 7;
	return 0;
}

/* Two of five were consumed before; the program has prepared three more. */
static void flush_shows_all(void **state)
{
	(void)state;
	sq_head = 2;
	sq_tail = ring.sq.sqe_head = 5;
	ring.sq.sqe_tail = 8;
	assert_int_equal(flush_sq(&ring, 0), 6);
	assert_int_equal(ring.sq.sqe_head, 8);
	assert_int_equal(sq_tail, 8);
	assert_int_equal(flush_sq(&ring, 0), 6);
}

/* The kernel reads from the start each time, and looks at no head or tail. */
static void flush_rewinds(void **state)
{
	(void)state;
	ring.flags = IORING_SETUP_SQ_REWIND;
	ring.sq.sqe_tail = 3;
	assert_int_equal(flush_sq(&ring, REWINDS), 3);
	assert_int_equal(ring.sq.sqe_tail, 0);
	assert_int_equal(sq_tail, 0);
	assert_int_equal(flush_sq(&ring, REWINDS), 0);
	/* Older liburings know no such ring. */
	ring.sq.sqe_tail = 3;
	assert_int_equal(flush_sq(&ring, 0), 3);
	assert_int_equal(ring.sq.sqe_tail, 3);
	assert_int_equal(sq_tail, 3);
}

static void peek_finds_the_first(void **state)
{
	unsigned available;

	(void)state;
	assert_null(peek_cq(&ring, 0, &available));
	assert_int_equal(available, 0);
	cq_head = 9;
	cq_tail = 12;
	assert_ptr_equal(peek_cq(&ring, 0, &available), &cqes[1]);
	assert_int_equal(available, 3);
	ring.flags = IORING_SETUP_CQE32;
	assert_ptr_equal(peek_cq(&ring, 0, &available), &cqes[2]);
	assert_int_equal(available, 3);
	assert_int_equal(cq_head, 9);
}

static void peek_passes_over_padding(void **state)
{
	unsigned available;

	(void)state;
	cq_tail = 4;
	cqes[0].flags = IORING_CQE_F_SKIP;
	cqes[1].flags = IORING_CQE_F_SKIP | IORING_CQE_F_32;
	assert_ptr_equal(peek_cq(&ring, 0, &available), &cqes[0]);
	assert_int_equal(cq_head, 0);
	assert_ptr_equal(peek_cq(&ring, SKIPS, &available), &cqes[3]);
	assert_int_equal(available, 1);
	assert_int_equal(cq_head, 3);
}

static void cq_is_entered_for_what_waits(void **state)
{
	uint64_t old = TAG_QUIRK(QUIRK_IOPOLL_ENTERS);

	(void)state;
	assert_false(cq_needs_enter(&ring, 0));
	sq_flags = IORING_SQ_NEED_WAKEUP;
	assert_false(cq_needs_enter(&ring, 0));
	sq_flags = IORING_SQ_CQ_OVERFLOW;
	assert_true(cq_needs_enter(&ring, 0));
	sq_flags = IORING_SQ_TASKRUN;
	assert_true(cq_needs_enter(&ring, 0));
	sq_flags = 0;
	ring.int_flags = INT_FLAG_CQ_ENTER;
	assert_true(cq_needs_enter(&ring, 0));
	assert_false(cq_needs_enter(&ring, old));
	ring.int_flags = 0;
	ring.flags = IORING_SETUP_IOPOLL;
	assert_false(cq_needs_enter(&ring, 0));
	assert_true(cq_needs_enter(&ring, old));
}

static void sq_is_entered_unless_it_is_polled(void **state)
{
	unsigned flags = IORING_ENTER_NO_IOWAIT;

	(void)state;
	assert_false(sq_needs_enter(&ring, 0, &flags));
	assert_true(sq_needs_enter(&ring, 1, &flags));
	ring.flags = IORING_SETUP_SQPOLL;
	assert_false(sq_needs_enter(&ring, 1, &flags));
	assert_int_equal(flags, IORING_ENTER_NO_IOWAIT);
	sq_flags = IORING_SQ_NEED_WAKEUP;
	assert_false(sq_needs_enter(&ring, 0, &flags));
	assert_int_equal(flags, IORING_ENTER_NO_IOWAIT);
	assert_true(sq_needs_enter(&ring, 1, &flags));
	assert_int_equal(flags, IORING_ENTER_NO_IOWAIT | IORING_ENTER_SQ_WAKEUP);
}

static void flags_are_those_of_the_release(void **state)
{
	uint64_t old = TAG_QUIRK(QUIRK_OLD_INT_FLAGS);

	(void)state;
	assert_int_equal(enter_flags(&ring, 0), 0);
	ring.int_flags = INT_FLAG_REG_RING_OLD | INT_FLAG_CQ_ENTER;
	assert_int_equal(enter_flags(&ring, 0), 0);
	assert_int_equal(enter_flags(&ring, old), IORING_ENTER_REGISTERED_RING);
	ring.int_flags = INT_FLAG_NO_IOWAIT_OLD;
	assert_int_equal(enter_flags(&ring, 0), 0);
	assert_int_equal(enter_flags(&ring, old), IORING_ENTER_NO_IOWAIT);
	/* All that a release of that time may have set, and our mark. */
	ring.int_flags = 1 | 2 | 4 | INT_FLAG_NO_IOWAIT_OLD;
	assert_int_equal(enter_flags(&ring, old), INT_FLAGS_TO_ENTER);
	ring.int_flags = INT_FLAGS_TO_ENTER;
	assert_int_equal(enter_flags(&ring, 0), INT_FLAGS_TO_ENTER);
	assert_int_equal(enter_flags(&ring, old), 0);
}

/* Only a wait with a timeout of zero and nothing else to it. */
static void polls_what_a_look_answers(void **state)
{
	static const unsigned kinds[] = {
		IORING_SETUP_SQPOLL,
		IORING_SETUP_IOPOLL,
		IORING_SETUP_DEFER_TASKRUN,
	};
	struct wait w = { .ring = &ring, .wait_nr = 1 };
	sigset_t mask;
	unsigned i;

	(void)state;
	assert_true(may_poll(&w, 0, 1, 0, 0));
	assert_false(may_poll(&w, 0, 0, 1, 0));
	assert_false(may_poll(&w, 0, 0, 0, 1));
	assert_false(may_poll(&w, TAG_NAPI, 0, 0, 0));
	w.sigmask = &mask;
	assert_false(may_poll(&w, 0, 0, 0, 0));
	w.sigmask = NULL;
	w.min_wait = 1;
	assert_false(may_poll(&w, 0, 0, 0, 0));
	w.min_wait = 0;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		ring.flags = kinds[i];
		assert_false(may_poll(&w, 0, 0, 0, 0));
	}
	ring.flags = IORING_SETUP_SINGLE_ISSUER;
	assert_true(may_poll(&w, 0, 1, 0, 0));
	cq_overflow = 1; /* the next wait may say so */
	assert_false(may_poll(&w, 0, 1, 0, 0));
}

/* On such rings work is run by a wait, in batches: a look is the same only if there is none. */
static void polls_where_no_work_waits(void **state)
{
	struct wait w = { .ring = &ring, .wait_nr = 1 };

	(void)state;
	ring.flags = IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
	assert_true(may_poll(&w, 0, 0, 0, 0));
	assert_false(may_poll(&w, 0, 1, 0, 0));
	sq_flags = IORING_SQ_TASKRUN;
	assert_false(may_poll(&w, 0, 0, 0, 0));
}

/* After an enter: a completion, what the enter returned, or that the time is over. */
static void answers_as_liburing_does(void **state)
{
	struct io_uring_cqe *cqe = &cqes[15];
	struct wait w = { .ring = &ring, .cqe_ptr = &cqe, .wait_nr = 1 };

	(void)state;
	assert_int_equal(answer_after(&w, 0, 0, 0), -ETIME);
	assert_null(cqe);
	assert_int_equal(answer_after(&w, 0, 0, 2), 2);
	w.wait_nr = 0;
	assert_int_equal(answer_after(&w, 0, 0, 0), -EAGAIN);
	assert_int_equal(answer_after(&w, 0, 1, 0), -ETIME);
	ring.flags = IORING_SETUP_SQPOLL;
	assert_int_equal(answer_after(&w, 0, 1, 0), 0);
	cq_tail = 1;
	assert_int_equal(answer_after(&w, 0, 0, 0), 0);
	assert_ptr_equal(cqe, &cqes[0]);
}

#define each(test) cmocka_unit_test_setup(test, empty)

int main(void)
{
	const struct CMUnitTest tests[] = {
		each(flush_shows_all),
		each(flush_rewinds),
		each(peek_finds_the_first),
		each(peek_passes_over_padding),
		each(cq_is_entered_for_what_waits),
		each(sq_is_entered_unless_it_is_polled),
		each(flags_are_those_of_the_release),
		each(polls_what_a_look_answers),
		each(polls_where_no_work_waits),
		each(answers_as_liburing_does),
	};

	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
