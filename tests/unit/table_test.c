/* SPDX-License-Identifier: MIT */
/* The table of rings: who is found by what, and what is left when a descriptor goes. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "unit.h"

#include "process/fd_state.h"
#include "ring/table.h"
#include "child.h"
#include "mallocs.h"

#define MANY 5000

static struct process *p;
static const struct ring_info armed = { .why = REASON_NONE, .quirks = 5 };

/* Of rings of which nothing but the address is looked at: their tags lie before these. */
static uint64_t memory[16];

static struct io_uring ring_at(unsigned i, int fd)
{
	return (struct io_uring){
		.cq.cqes = (struct io_uring_cqe *)&memory[i + 1],
		.ring_fd = fd,
	};
}

/* A file with an inode of its own, as every ring is. */
static int file(void)
{
	int fd = memfd_create("ring", 0);

	assert_true(fd >= 0);
	return fd;
}

static int lock(void **state)
{
	(void)state;
	return !table_lock(p);
}

/* Each test leaves the table empty. */
static int unlock(void **state)
{
	bool empty = !HASH_COUNT(this_rings->rows);

	(void)state;
	table_unlock(p);
	return !empty;
}

static void none_without_a_process(void **state)
{
	(void)state;
	assert_false(table_lock(NULL));
}

static void found_by_all_that_it_has(void **state)
{
	int fd = file(), copy = dup(fd), other = file();
	struct io_uring ring = ring_at(0, fd), elsewhere = ring_at(1, fd);
	struct ring_row *row = table_add(fd, &armed, &memory[0]);

	(void)state;
	assert_non_null(row);
	assert_int_equal(row->fd, fd);
	assert_int_equal(row->info.quirks, 5);
	assert_int_equal(fd_state_read(fd), FD_ARMED);
	assert_ptr_equal(table_by_fd(fd), row);
	assert_ptr_equal(table_by_current_fd(fd), row);
	assert_ptr_equal(table_by_handle(row->handle), row);
	assert_ptr_equal(table_by_ring(&ring), row);
	assert_null(table_by_ring(&elsewhere));
	/* The copy is another number for the same ring. */
	assert_null(table_by_fd(copy));
	assert_null(table_by_current_fd(copy));
	assert_ptr_equal(table_by_inode(copy), row);
	assert_null(table_by_inode(other));
	assert_null(table_by_inode(-1));
	assert_null(table_by_current_fd(-1));
	assert_null(table_by_handle(NO_HANDLE));
	table_remove(row);
	assert_int_equal(fd_state_read(fd), 0);
	assert_null(table_by_fd(fd));
	assert_null(table_by_inode(copy));
	close(fd), close(copy), close(other);
}

/* The number was closed and used again, unseen: the row is there, but not for this file. */
static void a_number_used_again(void **state)
{
	int fd = file(), other = file();
	struct ring_row *row = table_add(fd, &armed, &memory[0]);

	(void)state;
	assert_ptr_equal(table_by_current_fd(fd), row);
	kernel_call(SYS_dup3, other, fd, 0, 0, 0, 0);
	assert_ptr_equal(table_by_fd(fd), row);
	assert_null(table_by_current_fd(fd));
	assert_null(table_by_inode(other));
	kernel_close(fd);
	errno = 4242;
	assert_null(table_by_current_fd(fd));
	assert_int_equal(errno, 4242);
	table_remove(row);
	close(other);
}

/* Nobody was asked for its inode while that was still its own: then it is not asked any more. */
static void closed_before_it_was_asked(void **state)
{
	int fd = file();
	struct ring_row *row = table_add(fd, &armed, &memory[0]);

	(void)state;
	fd_state_write(fd, 0); /* as at a close() of which the row did not hear */
	assert_null(table_by_current_fd(fd));
	assert_null(table_by_inode(fd));
	table_remove(row);
	close(fd);
}

/* It lives on by its index, and in a structure that names no descriptor any more. */
static void without_its_descriptor(void **state)
{
	int fd = file(), handle;
	struct io_uring with = ring_at(0, fd), without = ring_at(0, -1);
	struct ring_row *row = table_add(fd, &armed, &memory[0]), *next, *born;

	(void)state;
	assert_null(table_by_ring(&without));
	handle = row->handle;
	table_drop_fd(row);
	assert_int_equal(fd_state_read(fd), 0);
	assert_null(table_by_fd(fd));
	assert_ptr_equal(table_by_handle(handle), row);
	assert_ptr_equal(table_by_ring(&without), row);
	assert_null(table_by_inode(fd));
	/* Its number is free for another ring. */
	next = table_add(fd, &armed, &memory[1]);
	assert_non_null(next);
	assert_null(table_by_ring(&with));
	/* One without descriptor from its birth, where the first had its memory: the newer. */
	born = table_add(-1, &armed, &memory[0]);
	assert_ptr_equal(table_by_ring(&without), born);
	table_remove(born);
	assert_ptr_equal(table_by_ring(&without), row);
	table_remove(row);
	table_remove(next);
	close(fd);
}

/* What an index stands for: never another ring, nor what says that there is none. */
static void handles_are_not_used_again(void **state)
{
	int last = -1, i;

	(void)state;
	for (i = 0; i < 100; i++) {
		struct ring_row *row = table_add(-1, &armed, NULL);

		assert_true(row->handle < last);
		assert_int_equal(row->fd, row->handle);
		last = row->handle;
		table_remove(row);
	}
}

/* A descriptor beyond those that are followed is told apart by its inode from the start. */
static void beyond_the_states(void **state)
{
	struct rlimit limit, more;
	struct ring_row *row;
	int low = file(), fd;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &limit);
	more = limit;
	more.rlim_cur = FD_STATES + 10;
	if (more.rlim_max < more.rlim_cur)
		more.rlim_max = more.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &more)) {
		close(low);
		skip();
	}
	fd = fcntl(low, F_DUPFD, FD_STATES);
	assert_true(fd >= FD_STATES);
	row = table_add(fd, &armed, &memory[0]);
	assert_ptr_equal(table_by_current_fd(fd), row);
	assert_ptr_equal(table_by_inode(low), row);
	table_remove(row);
	close(fd), close(low);
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* First some are there, then none; twice, the second time without more memory. */
static void many(unsigned n)
{
	static struct ring_row *rows[MANY];
	unsigned i, k;

	mallocs = 0;
	for (k = 0; k < 2; k++) {
		struct rlimit none = { 0, 0 };

		for (i = 0; i < n; i++) {
			rows[i] = table_add(1000 + i, &armed, NULL);
			CHILD_ASSERT(rows[i]);
		}
		for (i = 0; i < n; i++)
			CHILD_ASSERT(table_by_fd(1000 + i) == rows[i]);
		for (i = 0; i < n; i++)
			table_remove(rows[i]);
		CHILD_ASSERT(!this_rings->rows && !table_by_fd(1000));
		CHILD_ASSERT(!setrlimit(RLIMIT_AS, &none) && !setrlimit(RLIMIT_DATA, &none));
	}
	CHILD_ASSERT(!mallocs);
}

/* Then the caller is told. Those that are there stay, with or without their descriptors. */
static void memory_for(unsigned at_least)
{
	static struct ring_row *rows[MANY];
	struct rlimit none = { 0, 0 };
	unsigned n, i;

	for (n = 0; n < MANY; n++) {
		if (n == at_least)
			CHILD_ASSERT(!setrlimit(RLIMIT_AS, &none) &&
				     !setrlimit(RLIMIT_DATA, &none));
		rows[n] = table_add(1000 + n, &armed, NULL);
		if (!rows[n])
			break;
	}
	CHILD_ASSERT(n >= at_least && n < MANY);
	CHILD_ASSERT(!table_by_fd(1000 + n) && !fd_state_read(1000 + n));
	for (i = 0; i < n; i++)
		CHILD_ASSERT(table_by_fd(1000 + i) == rows[i]);
	for (i = 0; i < n; i++) {
		int handle = rows[i]->handle;

		table_drop_fd(rows[i]);
		CHILD_ASSERT(table_by_handle(handle) == rows[i]);
	}
	table_remove(rows[0]);
	CHILD_ASSERT(table_add(1000, &armed, NULL));
}

static void in_a_child(void (*test)(unsigned), unsigned n)
{
	pid_t pid = fork();

	if (!pid) {
		/* Nothing of the parent's, though it has the lock and a row. */
		CHILD_ASSERT(table_lock(process_get()));
		CHILD_ASSERT(!this_rings->rows);
		test(n);
		table_unlock(p);
		_exit(0);
	}
	assert_child_is_content(pid);
}

static void children(void **state)
{
	struct ring_row *row = table_add(1000, &armed, NULL);

	(void)state;
	in_a_child(memory_for, 4);
	in_a_child(memory_for, 300);
	in_a_child(memory_for, 3000);
	in_a_child(many, MANY);
	table_remove(row);
}

static int set_up(void **state)
{
	(void)state;
	p = process_get();
	return !p;
}

int main(void)
{
#define LOCKED(test) cmocka_unit_test_setup_teardown(test, lock, unlock)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_without_a_process),
		LOCKED(found_by_all_that_it_has),
		LOCKED(a_number_used_again),
		LOCKED(closed_before_it_was_asked),
		LOCKED(without_its_descriptor),
		LOCKED(handles_are_not_used_again),
		LOCKED(beyond_the_states),
		LOCKED(children),
	};

	return cmocka_run_group_tests_name("table", tests, set_up, NULL);
}
