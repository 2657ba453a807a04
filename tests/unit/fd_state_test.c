/* SPDX-License-Identifier: MIT */
/* What is known of descriptors: theirs alone, cleared in ranges, and what a child has of it. */
#include <limits.h>

#include "unit.h"

#include "process/fd_state.h"
#include "process/threads.h"
#include "child.h"

static int begin(void **state)
{
	(void)state;
	fd_states_clear(0, UINT_MAX);
	return !process_get();
}

/* What the test writes for it. */
static unsigned state_of(unsigned fd)
{
	return fd % 3 ? fd_state_for(1 + fd % 5, false) : FD_ARMED;
}

static void one_does_not_touch_another(void **state)
{
	enum regwait_reason why;
	unsigned fd;

	(void)state;
	for (fd = 0; fd < 32; fd++)
		assert_int_equal(fd_state_read(fd), 0);
	for (fd = 0; fd < 32; fd++)
		fd_state_write(fd, state_of(fd));
	fd_state_write(9, 0);
	for (fd = 0; fd < 32; fd++) {
		assert_int_equal(fd_state_read(fd), fd == 9 ? 0 : state_of(fd));
		assert_int_equal(fd_armed_bit(fd), fd != 9 && fd % 3 == 0);
		assert_int_equal(fd_is_noted(fd), fd != 9);
	}
	for (why = REASON_NONE; why < REASON_END; why++)
		assert_true((fd_state_for(why, false) == FD_ARMED) == (why == REASON_NONE));
}

static void cleared_in_ranges(void **state)
{
	(void)state;
	fd_state_write(4, FD_ARMED);
	fd_state_write(5, FD_ARMED);
	fd_state_write(7, FD_ARMED);
	fd_state_write(FD_STATES - 1, FD_ARMED);
	fd_states_clear(5, 6);
	assert_true(fd_state_read(4) && !fd_state_read(5) && fd_state_read(7));
	fd_states_clear(7, UINT_MAX);
	assert_true(fd_state_read(4) && !fd_state_read(7) && !fd_is_noted(FD_STATES - 1));
	fd_states_clear(5, 3);
	assert_true(fd_state_read(4));
}

/* Nothing is known, and nothing written beside the table. */
static void beyond_the_table(void **state)
{
	static const unsigned fds[] = { FD_STATES, FD_STATES + 1, INT_MAX, UINT_MAX };
	unsigned i;

	(void)state;
	fd_state_write(FD_STATES - 1, FD_ARMED);
	for (i = 0; i < 4; i++) {
		fd_state_write(fds[i], FD_ARMED);
		assert_int_equal(fd_state_read(fds[i]), 0);
		assert_false(fd_armed_bit(fds[i]) || fd_is_inherited(fds[i]));
	}
	fd_states_clear(FD_STATES, UINT_MAX);
	assert_int_equal(fd_state_read(FD_STATES - 1), FD_ARMED);
}

/* Only that they are armed rings; until they are known again, or gone. */
static void what_a_child_inherits(void **state)
{
	pid_t pid;

	(void)state;
	fd_state_write(4, FD_ARMED);
	fd_state_write(5, fd_state_for(REASON_KERNEL, false));
	fd_state_write(600, FD_ARMED);
	assert_false(fd_is_inherited(4));
	pid = fork();
	if (!pid) {
		CHILD_ASSERT(!fd_state_read(4) && !fd_state_read(5));
		CHILD_ASSERT(fd_is_inherited(4) && !fd_is_noted(5) && fd_is_inherited(600));
		fd_state_write(4, FD_ARMED);
		CHILD_ASSERT(!fd_is_inherited(4) && fd_is_noted(4));
		fd_state_write(4, 0);
		CHILD_ASSERT(!fd_is_noted(4));
		/* How far the parent went is known, too. */
		fd_states_clear(3, UINT_MAX);
		CHILD_ASSERT(!fd_is_noted(600));
		_exit(0);
	}
	assert_child_is_content(pid);
	assert_int_equal(fd_state_read(4), FD_ARMED);
	assert_int_equal(fd_state_read(600), FD_ARMED);
}

/* A number then stands for this in one thread and for that in another. */
static void where_tables_differ(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		fd_tables_unshare(); /* there is one thread: nothing parts */
		fd_state_write(4, FD_ARMED);
		CHILD_ASSERT(fd_state_read(4) == FD_ARMED);
		fd_tables_part();
		CHILD_ASSERT(!fd_state_read(4));
		fd_state_write(4, FD_ARMED);
		CHILD_ASSERT(!fd_state_read(4));
		_exit(0);
	}
	assert_child_is_content(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_does_not_touch_another, begin),
		cmocka_unit_test_setup(cleared_in_ranges, begin),
		cmocka_unit_test_setup(beyond_the_table, begin),
		cmocka_unit_test_setup(what_a_child_inherits, begin),
		cmocka_unit_test_setup(where_tables_differ, begin),
	};

	return cmocka_run_group_tests_name("fd_state", tests, NULL, NULL);
}
