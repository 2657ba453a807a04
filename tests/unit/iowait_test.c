/* SPDX-License-Identifier: MIT */
/* Which rings are marked, by which bit, and which bare enters get the flag. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "process/process.h"
#include "ring/iowait.h"

#define FLAG	IORING_ENTER_NO_IOWAIT
#define FEATURE IORING_FEAT_NO_IOWAIT
#define TIMED	ENTER_TIMED

static struct io_uring ring;
static struct next next;

/* As the library of a release is known. */
static const struct next *liburing(unsigned version)
{
	next = (struct next){ .version = version, .known = true };
	return &next;
}

static int fresh(void **state)
{
	(void)state;
	memset(&ring, 0, sizeof(ring));
	config.no_iowait = true;
	return 0;
}

/* What is learned of the kernel and the program is learned once: each case in a process of its own. */
static void alone(void (*body)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		body();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define check(condition) \
	do { \
		if (!(condition)) \
			_exit(1); \
	} while (0)

static void mark_bits(void)
{
	check(iowait_keep_out(&ring, FEATURE, liburing(203)));
	check(ring.int_flags == INT_FLAG_NO_IOWAIT_OLD);
	ring.int_flags = INT_FLAG_REG_RING_OLD;
	check(iowait_keep_out(&ring, FEATURE, liburing(207)));
	check(ring.int_flags == (INT_FLAG_REG_RING_OLD | INT_FLAG_NO_IOWAIT_OLD));
	ring.int_flags = 0;
	check(iowait_keep_out(&ring, FEATURE, liburing(208)));
	check(ring.int_flags == FLAG);
	ring.int_flags = INT_FLAG_CQ_ENTER;
	check(iowait_keep_out(&ring, FEATURE, liburing(215)));
	check(ring.int_flags == (INT_FLAG_CQ_ENTER | FLAG));
}

static void marks_are_the_release_s(void **state)
{
	(void)state;
	alone(mark_bits);
}

static void not_marked(void)
{
	check(!iowait_keep_out(&ring, ~FEATURE, liburing(215)));
	liburing(216);
	next.known = false;
	check(!iowait_keep_out(&ring, FEATURE, &next));
	/* Another preload's functions make the waits of this one; its bit would say nothing to them. */
	liburing(209);
	next.interposed = true;
	check(!iowait_keep_out(&ring, FEATURE, &next));
	config.no_iowait = false;
	check(!iowait_keep_out(&ring, FEATURE, liburing(215)));
	check(!ring.int_flags);
	config.no_iowait = true;
	liburing(210);
	next.interposed = true;
	check(iowait_keep_out(&ring, FEATURE, &next));
	check(ring.int_flags == FLAG);
}

static void some_are_not_marked(void **state)
{
	(void)state;
	alone(not_marked);
}

static void marks_tell_the_release(void **state)
{
	unsigned quirks;

	(void)state;
	assert_false(iowait_is_kept_out(&ring, &quirks));
	ring.int_flags = 1 | 2 | 4; /* of a release before 2.8 */
	assert_false(iowait_is_kept_out(&ring, &quirks));
	ring.int_flags |= INT_FLAG_NO_IOWAIT_OLD;
	assert_true(iowait_is_kept_out(&ring, &quirks));
	assert_int_equal(quirks, liburing_quirks(203));
	assert_int_equal(quirks, liburing_quirks(207));
	ring.int_flags = FLAG | IORING_ENTER_REGISTERED_RING | 1;
	assert_true(iowait_is_kept_out(&ring, &quirks));
	assert_int_equal(quirks, liburing_quirks(208));
	assert_int_equal(quirks, liburing_quirks(209));
}

static void bare(void)
{
	check(iowait_bare.looks == ENTER_LOOKS);
	check(iowait_keep_out(NULL, FEATURE, liburing(0)));
	check(iowait_bare.looks == (ENTER_LOOKS | FLAG));
	check(iowait_bare.by_slot == (IORING_ENTER_EXT_ARG_REG | FLAG));
	check(iowait_flags(TIMED) == (TIMED | FLAG));
	check(iowait_flags(IORING_ENTER_GETEVENTS) == (IORING_ENTER_GETEVENTS | FLAG));
	/* What does not wait. */
	check(iowait_flags(0) == 0);
	check(iowait_flags(IORING_ENTER_SQ_WAKEUP) == IORING_ENTER_SQ_WAKEUP);
	process_sandboxed = 1;
	check(iowait_flags(TIMED) == TIMED);
	process_sandboxed = 0;
	/* From here on the program decides. */
	check(iowait_flags(TIMED | FLAG) == (TIMED | FLAG));
	check(iowait_flags(TIMED) == TIMED);
	check(iowait_bare.looks == ENTER_LOOKS);
	check(iowait_bare.by_slot == IORING_ENTER_EXT_ARG_REG);
	check(!iowait_keep_out(NULL, FEATURE, liburing(0)));
	/* A ring with a structure has a bit of its own. */
	check(iowait_keep_out(&ring, FEATURE, liburing(215)));
	check(iowait_bare.looks == ENTER_LOOKS);
}

static void bare_enters(void **state)
{
	(void)state;
	alone(bare);
}

static void lacking(void)
{
	check(!iowait_keep_out(NULL, ~FEATURE, liburing(0)));
	check(iowait_bare.looks == ENTER_LOOKS);
	check(iowait_flags(TIMED) == TIMED);
}

static void no_ring_yet(void)
{
	bool knows = kernel_enter(-1, 0, 0, FLAG, 0, 0) == -EBADF;

	check(iowait_flags(TIMED) == (knows ? TIMED | FLAG : TIMED));
	check(iowait_bare.looks == (knows ? ENTER_LOOKS | FLAG : ENTER_LOOKS));
}

static void what_the_kernel_knows(void **state)
{
	(void)state;
	alone(lacking);
	alone(no_ring_yet);
}

#define each(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		each(marks_are_the_release_s), each(some_are_not_marked),
		each(marks_tell_the_release),  each(bare_enters),
		each(what_the_kernel_knows),
	};

	return cmocka_run_group_tests_name("iowait", tests, NULL, NULL);
}
