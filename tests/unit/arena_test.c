/* SPDX-License-Identifier: MIT */
/* Memory for tables: whole, zeroed, used again, and never more of it than is needed. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "unit.h"

#include "base/arena.h"
#include "child.h"

#define PIECES 2000

static char first[1000] __attribute__((aligned(64)));
static struct arena arena;

/* There is one arena, and its chunks stay; each test is as a child that begins anew. */
static int begin(void **state)
{
	(void)state;
	memset(&arena, 0, sizeof(arena));
	memset(first, 0, sizeof(first)); /* as the zone is */
	arena_begin(&arena, first, sizeof(first), NULL, 0);
	return 0;
}

static bool is_zero(const char *memory, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (memory[i])
			return false;
	return true;
}

static bool in_first(const void *memory)
{
	return (uintptr_t)memory - (uintptr_t)first < sizeof(first);
}

/* What the arena is given at first is used up first: 15 pieces of 64 bytes. */
static void begins_with_what_it_is_given(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 15; i++)
		assert_true(in_first(arena_get(&arena, 1 + 4 * i)));
	assert_false(in_first(arena_get(&arena, 1)));
}

/* None overlaps another, each is zeroed and aligned, up to sizes beyond a chunk. */
static void pieces_are_apart(void **state)
{
	static unsigned char *piece[PIECES];
	static size_t size[PIECES];
	unsigned i, round;
	size_t k;

	(void)state;
	srand(1);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < PIECES; i++) {
			size[i] = 1 + rand() % (i % 100 ? 500 : 40000);
			piece[i] = arena_get(&arena, size[i]);
			assert_non_null(piece[i]);
			assert_int_equal((uintptr_t)piece[i] % 16, 0);
			assert_true(is_zero((char *)piece[i], size[i]));
			memset(piece[i], 1 + i % 255, size[i]);
		}
		for (i = 0; i < PIECES; i++) {
			for (k = 0; k < size[i]; k++)
				assert_int_equal(piece[i][k], 1 + i % 255);
			arena_put(&arena, piece[i], size[i]);
		}
	}
}

/* It is used again for any size of the same class, and for no other. */
static void given_back_and_used_again(void **state)
{
	char *small = arena_get(&arena, 64), *large = arena_get(&arena, 65), *other;

	(void)state;
	memset(large, 0xff, 128);
	arena_put(&arena, large, 128);
	other = arena_get(&arena, 64);
	assert_ptr_not_equal(other, large);
	assert_ptr_not_equal(other, small);
	assert_ptr_equal(arena_get(&arena, 100), large);
	assert_true(is_zero(large, 128));
	arena_put(&arena, small, 10);
	arena_put(&arena, other, 20);
	assert_ptr_equal(arena_get(&arena, 1), other);
	assert_ptr_equal(arena_get(&arena, 1), small);
}

static void too_much(void **state)
{
	(void)state;
	assert_null(arena_get(&arena, SIZE_MAX));
	assert_null(arena_get(&arena, (size_t)1 << 40));
	assert_true(in_first(arena_get(&arena, 1)));
}

static void no_more_memory(void)
{
	struct rlimit none = { 0, 0 };

	CHILD_ASSERT(!setrlimit(RLIMIT_AS, &none) && !setrlimit(RLIMIT_DATA, &none));
}

/* Then the caller is told; what there is already still serves. */
static void out_of_memory(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		void *piece = arena_get(&arena, 64);
		unsigned n = 0;

		no_more_memory();
		while (arena_get(&arena, 300) && n < 100000)
			n++;
		CHILD_ASSERT(n < 100000);
		CHILD_ASSERT(!arena_get(&arena, 300));
		arena_put(&arena, piece, 64);
		CHILD_ASSERT(arena_get(&arena, 64) == piece);
		_exit(0);
	}
	assert_child_is_content(pid);
}

static void demand(void)
{
	unsigned i;

	for (i = 0; i < 300; i++)
		CHILD_ASSERT(arena_get(&arena, 100 + i));
	CHILD_ASSERT(arena_get(&arena, 100000));
}

/* A child begins anew in its ancestors' mappings, where the parent's bytes still are. */
static void generations(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		unsigned i;

		begin(NULL);
		demand();
		no_more_memory();
		for (i = 0; i < 50; i++) {
			begin(NULL);
			demand();
		}
		_exit(0);
	}
	assert_child_is_content(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(begins_with_what_it_is_given, begin),
		cmocka_unit_test_setup(pieces_are_apart, begin),
		cmocka_unit_test_setup(given_back_and_used_again, begin),
		cmocka_unit_test_setup(too_much, begin),
		cmocka_unit_test_setup(out_of_memory, begin),
		cmocka_unit_test_setup(generations, begin),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
