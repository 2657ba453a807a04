/* SPDX-License-Identifier: MIT */
/*
 * x86-64: plans, and one site of this program that is patched: each way of saving the vector
 * registers, of which a processor has one.
 */
#if defined(__x86_64__)

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plans.h"

#include "base/arch/site_entry.h"
#include "../integration/sites/programs/site.h"

extern uint8_t site_vectors_by;
extern uint32_t site_vectors_mask;
extern uint64_t site_vectors_size;

#define RUN_SIZE 9 /* mov site_in(%rip), %rax; syscall */

/* A plan for the site of site.h. */
static void make_plan(void)
{
	begin_plan(EM_X86_64);
	assert_ptr_equal(site_run + RUN_SIZE, site_behind);
	made.sites[0].offset = offset_of((uintptr_t)site_run);
	made.sites[0].call = PLAN_ANY_CALL;
	made.sites[0].size = RUN_SIZE;
	made.sites[0].first = RUN_SIZE - 2;
	made.sites[0].nr_relative = 1;
	made.sites[0].relative[0] = 3;
	memcpy(made.sites[0].run, site_run, RUN_SIZE);
	seal(1);
}

static void sound(void **state)
{
	(void)state;
	make_plan();
	assert_ptr_equal(check(ONE), &made);
	assert_ptr_equal(check(sizeof(made)), &made); /* another may follow */
	assert_null(check(ONE - 1));
	assert_null(check(0));
}

/* What is wrong with a plan is found whatever its hash says. */
static void unsound(void **state)
{
	(void)state;
#define WRONG(change) \
	make_plan(); \
	change; \
	seal(made.plan.nr_sites); \
	assert_null(check(ONE))
	WRONG(made.sites[0].first = 4);
	WRONG(made.sites[0].first = RUN_SIZE);
	WRONG(made.sites[0].size = PLAN_RUN_MAX + 1);
	WRONG(made.sites[0].size = RUN_SIZE - 1);
	WRONG(made.sites[0].nr_relative = PLAN_RELATIVES + 1);
	WRONG(made.sites[0].relative[0] = 4);
	WRONG(made.sites[0].offset = UINT64_MAX - 1);
	WRONG(made.plan.version++);
	WRONG(made.plan.machine = EM_AARCH64);
	WRONG(made.plan.key.size = 0);
	WRONG(made.plan.key.size = PLAN_KEY_MAX + 1);
	WRONG(made.plan.nr_sites = 0);
#undef WRONG
	make_plan();
	made.plan.hash++;
	assert_null(check(ONE));
}

static void overlapping(void **state)
{
	(void)state;
	make_plan();
	made.sites[1] = made.sites[0];
	made.sites[1].offset += RUN_SIZE;
	seal(2);
	assert_ptr_equal(check(sizeof(made)), &made);
	made.sites[1].offset--;
	seal(2);
	assert_null(check(sizeof(made)));
}

static void keys(void **state)
{
	/* A note of another kind, padded; then a build id of 4 bytes. */
	static const unsigned char notes[] = { 4, 0,   0,   0,	 5,   0,   0, 0,    5,	  0, 0,
					       0, 'G', 'N', 'U', 0,   1,   2, 3,    4,	  5, 0,
					       0, 0,   4,   0,	 0,   0,   4, 0,    0,	  0, 3,
					       0, 0,   0,   'G', 'N', 'U', 0, 0xab, 0xcd, 1, 2 };
	char name[PLAN_NAME_SIZE];
	struct plan_key key, other;
	size_t n;

	(void)state;
	assert_true(plan_key_of_notes(&key, notes, sizeof(notes)));
	plan_name(name, &key);
	assert_string_equal(name, "abcd0102.sites");
	for (n = 0; n < sizeof(notes); n++)
		assert_false(plan_key_of_notes(&other, notes, n));
	plan_key_of_hash(&other, 0x0123456789abcdef);
	plan_name(name, &other);
	assert_string_equal(name, "hash-efcdab8967452301.sites");
	assert_false(plan_key_equal(&key, &other));
}

static void fill_vectors(unsigned round)
{
	size_t i;

	site_parts = site_vectors_mask;
	__asm__ volatile("xsave64 %0" : "=m"(site_vectors_in) : "a"((uint32_t)site_parts), "d"(0));
	memcpy(site_vectors_in + 512, &site_parts, 8);
	for (i = 160; i < 416; i++) /* xmm0 to xmm15 */
		site_vectors_in[i] = i * 7 + round;
	for (i = 576; site_parts & 4 && i < 832; i++) /* the upper halves of ymm0 to ymm15 */
		site_vectors_in[i] = i * 11 + round;
}

static long call(long nr, long a)
{
	static char stack[16384];

	memset(site_in, 0, sizeof(site_in));
	site_in[RAX] = nr;
	site_in[RDI] = a;
	site_in[RSP] = (uintptr_t)stack + sizeof(stack) - 256;
	site_in[FLAGS] = 0x202;
	site_call();
	return site_out[RAX];
}

static void patched(void **state)
{
	const uint8_t bys[] = { SITE_BY_XSAVEC, SITE_BY_XSAVE, SITE_BY_FXSAVE };
	struct patched done;
	uint8_t best;
	size_t i;

	(void)state;
	make_plan();
	if (!site_start())
		skip();
	best = site_vectors_by;
	assert_int_equal(code_patch(&program, &made.plan, &done), SITE_REASON_NONE);
	/* It is not the code of the plan any more. */
	assert_int_equal(code_patch(&program, &made.plan, &done), SITE_BYTES);
	site_vectors_size = 4096;
	for (i = 0; i < sizeof(bys); i++) {
		if (bys[i] > best)
			continue;
		site_vectors_by = bys[i];
		fill_vectors(i);
		assert_int_equal(call(SYS_close, -1), -EBADF);
		assert_memory_equal(site_vectors_in + 160, site_vectors_out + 160, 256);
		if (bys[i] != SITE_BY_FXSAVE && site_parts & 4)
			assert_memory_equal(site_vectors_in + 576, site_vectors_out + 576, 256);
	}
	assert_int_equal(call(SYS_getpid, 0), getpid());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound), cmocka_unit_test(unsound), cmocka_unit_test(overlapping),
		cmocka_unit_test(keys),	 cmocka_unit_test(patched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

#include <stdio.h>

int main(void)
{
	puts("this is of x86-64: nothing to test");
	return 0;
}

#endif
