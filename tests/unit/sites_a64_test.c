/* SPDX-License-Identifier: MIT */
/*
 * aarch64: what a plan of it may say, on any machine; there also trampolines, the rights of code, and
 * one site of this program that is patched.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plans.h"

static void make_plan(uint64_t offset)
{
	begin_plan(EM_AARCH64);
	made.sites[0].offset = offset;
	made.sites[0].call = PLAN_ANY_CALL;
	made.sites[0].size = PLAN_A64_SIZE;
	made.sites[0].first = PLAN_A64_SIZE;
	memcpy(made.sites[0].run, PLAN_A64_SITE, PLAN_A64_SIZE);
	seal(1);
}

static void sound(void **state)
{
	(void)state;
	make_plan(0x1000);
	assert_ptr_equal(check(ONE), &made);
	assert_null(check(ONE - 1));
}

static void unsound(void **state)
{
	(void)state;
#define WRONG(change) \
	make_plan(0x1000); \
	change; \
	seal(1); \
	assert_null(check(ONE))
	WRONG(made.sites[0].first = 8);
	WRONG(made.sites[0].size = 8);
	WRONG(made.sites[0].offset++);
	WRONG(made.sites[0].offset += 2);
	WRONG(made.sites[0].nr_relative = 1);
	WRONG(made.sites[0].run[0] = 2);
	WRONG(made.sites[0].run[3] = 0xd5);
	WRONG(made.plan.machine = EM_X86_64);
	WRONG(made.plan.machine = EM_RISCV);
#undef WRONG
}

#if defined(__aarch64__)

#include <sys/auxv.h>

#include "base/arch/site_entry.h"
#include "../integration/sites/programs/site.h"

#define REACH (128L << 20)

static void reach(void **state)
{
	const struct {
		long from, to;
		bool reaches;
	} rows[] = {
		{ 0x10000000, 0x10000000 + REACH - 4, true },
		{ 0x10000000, 0x10000000 + REACH, false },
		{ 0x10000000, 0x10000000 - REACH, true },
		{ 0x10000000, 0x10000000 - REACH - 4, false },
	};
	uint32_t word;
	size_t i;

	(void)state;
	make_plan(0x1000);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(site_jump((unsigned char *)&word, &made.sites[0], rows[i].from,
					   rows[i].to),
				 rows[i].reaches);
		if (rows[i].reaches)
			assert_int_equal((int32_t)(word << 6) >> 6 << 2, rows[i].to - rows[i].from);
		assert_int_equal(word >> 26, 5);
	}
}

/* Within what a trampoline may take, whatever call it is for. */
static void trampolines(void **state)
{
	static unsigned char memory[1024] __attribute__((aligned(8)));
	const int calls[] = { PLAN_ANY_CALL, SYS_io_uring_enter, SYS_getpid };
	uintptr_t entry = 0x123456789abcdef0, run = (uintptr_t)memory + 512;
	size_t i;

	(void)state;
	make_plan(0x1000);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		unsigned char *at = memory;

		made.sites[0].call = calls[i];
		assert_true(site_trampoline(&at, &made.sites[0], run, (uintptr_t)&entry));
		assert_between(at - memory, 1, site_trampoline_size());
		assert_int_equal(((uintptr_t *)at)[-1], entry);
		assert_int_equal(((uintptr_t *)at)[-2], run + PLAN_A64_SIZE);
		at = memory;
		assert_false(site_trampoline(&at, &made.sites[0], run + REACH, (uintptr_t)&entry));
	}
}

static void rights(void **state)
{
	uint32_t notes[] = {
		4, 32, NT_GNU_PROPERTY_TYPE_0, 0x554e47, 0xc0008002, 4, 7, 0, 0xc0000000, 4, 3, 0
	};
	int bti = getauxval(AT_HWCAP2) & 1 << 17 ? 0x10 : 0;
	size_t n;

	(void)state;
	assert_int_equal(site_rights(notes, sizeof(notes)), bti);
	for (n = 0; n < 44; n++)
		assert_int_equal(site_rights(notes, n), 0);
	notes[10] = 2; /* signs return addresses, and nothing else */
	assert_int_equal(site_rights(notes, sizeof(notes)), 0);
	notes[10] = 1, notes[2]++;
	assert_int_equal(site_rights(notes, sizeof(notes)), 0);
	notes[2]--, notes[1] = 16;
	assert_int_equal(site_rights(notes, sizeof(notes)), 0);
	notes[1] = 32, notes[5] = -1U;
	assert_int_equal(site_rights(notes, sizeof(notes)), 0);
}

static long call(long nr, long a)
{
	static char stack[16384] __attribute__((aligned(16)));

	memset(site_in, 0, sizeof(site_in));
	site_in[X8] = nr;
	site_in[X0] = a;
	site_in[SP] = (uintptr_t)stack + sizeof(stack) - 256;
	site_call();
	return site_out[X0];
}

static void patched(void **state)
{
	struct patched done;
	size_t i;

	(void)state;
	make_plan(0);
	made.sites[0].offset = offset_of((uintptr_t)site_run);
	seal(1);
	assert_ptr_equal(check(ONE), &made);
	assert_true(site_start());
	assert_int_equal(code_patch(&program, &made.plan, &done), SITE_REASON_NONE);
	/* It is not the code of the plan any more. */
	assert_int_equal(code_patch(&program, &made.plan, &done), SITE_BYTES);
	for (i = 0; i < sizeof(site_vectors_in); i++)
		site_vectors_in[i] = i * 7;
	assert_int_equal(call(SYS_close, -1), -EBADF);
	assert_memory_equal(site_vectors_in, site_vectors_out, sizeof(site_vectors_in));
	assert_int_equal(call(SYS_getpid, 0), getpid());
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound),
		cmocka_unit_test(unsound),
#if defined(__aarch64__)
		cmocka_unit_test(reach),
		cmocka_unit_test(trampolines),
		cmocka_unit_test(rights),
		cmocka_unit_test(patched),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
