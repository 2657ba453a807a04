/* SPDX-License-Identifier: MIT */
/*
 * From 2.4 on, two functions return the numbers of the release. Each does nothing else, so their first
 * instruction that loads a number says which. The shim calls them; a check executes nothing of what
 * it checks.
 */
#include <elf.h>
#include <string.h>

#include "contract/releases.h"
#include "release.h"

#define SEARCHED 24 /* bytes of a function: landing pad, frame, number */

enum { NOT_READ = -1, ABSENT = -2 };

struct found {
	const struct dynamic *dynamic;
	unsigned machine;
	bool has_setup;
	int major, minor;
};

/* mov of a number into eax. Before it may be endbr64, push %rbp, and mov %rsp, %rbp. */
static int number_x86_64(const unsigned char *code, size_t size)
{
	static const char *const before[] = { "\xf3\x0f\x1e\xfa", "\x55", "\x48\x89\xe5" };
	size_t i, n, at = 0;
	uint32_t number;

	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		n = strlen(before[i]);
		if (size - at >= n && !memcmp(code + at, before[i], n))
			at += n;
	}
	if (size - at < 5 || code[at] != 0xb8)
		return NOT_READ;
	memcpy(&number, code + at + 1, sizeof(number));
	return number < 100 ? (int)number : NOT_READ;
}

/* movz of a number into w0. Before it may be a hint, as landing pads are. */
static int number_aarch64(const unsigned char *code, size_t size)
{
	uint32_t word = 0, number;
	size_t at;

	for (at = 0; at + 4 <= size; at += 4) {
		memcpy(&word, code + at, sizeof(word));
		if ((word & 0xfffff01f) != 0xd503201f)
			break;
	}
	number = word >> 5 & 0xffff;
	return at + 4 <= size && (word & 0xffe0001f) == 0x52800000 && number < 100 ? (int)number :
										     NOT_READ;
}

static int number_of(const struct found *f, const struct dynamic_symbol *s)
{
	const unsigned char *code;
	size_t size = dynamic_code(f->dynamic, s, &code);

	if (size > SEARCHED)
		size = SEARCHED;
	if (f->machine == EM_X86_64)
		return number_x86_64(code, size);
	return f->machine == EM_AARCH64 ? number_aarch64(code, size) : NOT_READ;
}

static void see(const struct dynamic_symbol *s, void *arg)
{
	struct found *f = arg;

	if (!s->defined)
		return;
	if (!strcmp(s->name, "io_uring_major_version"))
		f->major = number_of(f, s);
	else if (!strcmp(s->name, "io_uring_minor_version"))
		f->minor = number_of(f, s);
	f->has_setup |= !strcmp(s->name, "io_uring_setup");
}

unsigned release_of(struct dynamic *d, unsigned machine)
{
	struct found f = { .dynamic = d, .machine = machine, .major = ABSENT, .minor = ABSENT };

	dynamic_each_symbol(d, see, &f);
	if (f.major == ABSENT || f.minor == ABSENT)
		return f.has_setup ? 203 : 200;
	if (f.major == NOT_READ || f.minor == NOT_READ)
		return 0;
	return 100 * f.major + f.minor;
}

bool release_is_known(unsigned release)
{
	return !release || (release >= LIBURING_OLDEST && release <= LIBURING_NEWEST);
}
