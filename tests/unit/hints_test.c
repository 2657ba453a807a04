/* SPDX-License-Identifier: MIT */
/* Code that enters io_uring by itself is noticed, for either machine, and other code is not. */
#include <elf.h>
#include <stdint.h>
#include <string.h>

#include "check/hints.h"
#include "unit.h"

#define NUMBER 426

static uint32_t words[64];

/* A function of arm64 that does nothing, but for two instructions so many words apart. */
static struct hints of_arm64(uint32_t first, uint32_t second, unsigned apart)
{
	struct hints f = { 0 };
	unsigned i;

	for (i = 0; i < 64; i++)
		words[i] = 0xd503201f; /* nop */
	words[3] = first;
	words[3 + apart] = second;
	hints_look(EM_AARCH64, (const unsigned char *)words, sizeof(words), &f);
	return f;
}

#define SVC	     0xd4000001
#define BL	     0x94000010
#define BLR_X3	     0xd63f0060
#define MOV_W(r, nr) (0x52800000 | (nr) << 5 | (r))
#define MOV_X(r, nr) (0xd2800000 | (nr) << 5 | (r))

static void of_the_kernel_on_arm64(void **state)
{
	(void)state;
	assert_true(of_arm64(MOV_W(8, NUMBER), SVC, 1).at_enter);
	assert_true(of_arm64(MOV_X(8, NUMBER), SVC, 15).at_enter);
	assert_false(of_arm64(MOV_X(8, NUMBER), SVC, 16).at_enter);
	assert_false(of_arm64(MOV_X(8, NUMBER), SVC, 15).at_libc_enter);
	assert_false(of_arm64(MOV_X(8, NUMBER - 1), SVC, 1).at_enter);
	assert_false(of_arm64(MOV_X(9, NUMBER), SVC, 1).at_enter);
	assert_false(of_arm64(SVC, MOV_X(8, NUMBER), 1).at_enter);
	assert_false(of_arm64(MOV_X(8, NUMBER), BL, 1).at_enter);
}

static void of_libc_on_arm64(void **state)
{
	(void)state;
	assert_true(of_arm64(MOV_W(0, NUMBER), BL, 1).at_libc_enter);
	assert_true(of_arm64(MOV_X(0, NUMBER), BLR_X3, 15).at_libc_enter);
	assert_false(of_arm64(MOV_X(0, NUMBER), BL, 16).at_libc_enter);
	assert_false(of_arm64(MOV_X(0, NUMBER), BL, 1).at_enter);
	assert_false(of_arm64(MOV_X(1, NUMBER), BL, 1).at_libc_enter);
	assert_false(of_arm64(MOV_X(0, NUMBER), SVC, 1).at_libc_enter);
}

static void of_x86_64(void **state)
{
	static const unsigned char to_kernel[] = { 0x90, 0xb8, 0xaa, 1, 0, 0, 0x90, 0x0f, 5 };
	static const unsigned char to_libc[] = { 0xbf, 0xaa, 1, 0, 0, 0xe8, 1, 2, 3, 4 };
	struct hints f = { 0 }, g = { 0 }, h = { 0 };

	(void)state;
	hints_look(EM_X86_64, to_kernel, sizeof(to_kernel), &f);
	assert_true(f.at_enter);
	assert_false(f.at_libc_enter);
	hints_look(EM_X86_64, to_libc, sizeof(to_libc), &g);
	assert_true(g.at_libc_enter);
	assert_false(g.at_enter);
	/* The same bytes are nothing to another machine, and a file may end anywhere. */
	hints_look(EM_AARCH64, to_kernel, sizeof(to_kernel), &h);
	hints_look(EM_RISCV, to_libc, sizeof(to_libc), &h);
	hints_look(EM_X86_64, to_libc, 7, &h);
	hints_look(EM_X86_64, to_kernel, sizeof(to_kernel) - 1, &h);
	assert_false(h.at_enter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_the_kernel_on_arm64),
		cmocka_unit_test(of_libc_on_arm64),
		cmocka_unit_test(of_x86_64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
