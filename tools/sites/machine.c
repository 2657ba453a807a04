/* SPDX-License-Identifier: MIT */
/*
 * The machines, and how they number the calls that concern us (contract/calls.h).
 */
#include <elf.h>

#include "contract/plan.h"
#include "a64.h"
#include "decoder.h"
#include "machine.h"

static const struct machine_call x86_64_calls[] = {
	{ 426, "io_uring_enter" },
	{ 425, "io_uring_setup" },
	{ 427, "io_uring_register" },
	{ 3, "close" },
	{ 33, "dup2" },
	{ 292, "dup3" },
	{ 436, "close_range" },
	{ 317, "seccomp" },
	{ 157, "prctl" },
	{ 272, "unshare" },
	{ 308, "setns" },
	{ 131, "sigaltstack" },
};

static const struct machine_call aarch64_calls[] = {
	{ 426, "io_uring_enter" },
	{ 425, "io_uring_setup" },
	{ 427, "io_uring_register" },
	{ 57, "close" },
	{ 24, "dup3" },
	{ 436, "close_range" },
	{ 277, "seccomp" },
	{ 167, "prctl" },
	{ 97, "unshare" },
	{ 268, "setns" },
	{ 132, "sigaltstack" },
};

#define CALLS(all) .calls = (all), .nr_calls = sizeof(all) / sizeof((all)[0])

static const struct machine machines[] = {
	{
		.elf = EM_X86_64,
		.name = "x86-64",
		.loader = "ld-linux-x86-64.so.2",
		.site = "\x0f\x05",
		.site_size = 2,
		.align = 1,
		.jump_size = PLAN_JUMP_SIZE,
		CALLS(x86_64_calls),
		.decoder = decoder,
	},
	{
		.elf = EM_AARCH64,
		.name = "aarch64",
		.loader = "ld-linux-aarch64.so.1",
		.site = PLAN_A64_SITE,
		.site_size = PLAN_A64_SIZE,
		.align = PLAN_A64_SIZE,
		.jump_size = PLAN_A64_SIZE,
		CALLS(aarch64_calls),
		.decoder = a64_decoder,
	},
};

const struct machine *machine_of(uint16_t elf)
{
	size_t i;

	for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].elf == elf)
			return &machines[i];
	return NULL;
}

const struct machine *machine_here(void)
{
#if defined(__x86_64__) && defined(__LP64__)
	return machine_of(EM_X86_64);
#elif defined(__aarch64__) && defined(__LP64__)
	return machine_of(EM_AARCH64);
#else
	return NULL;
#endif
}

const char *call_name(const struct machine *m, int nr)
{
	size_t i;

	for (i = 0; i < m->nr_calls; i++)
		if (m->calls[i].nr == nr)
			return m->calls[i].name;
	return NULL;
}
