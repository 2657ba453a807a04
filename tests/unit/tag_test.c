/* SPDX-License-Identifier: MIT */
/* The tag in a ring's memory: where there is room for it, and what it holds. */
#include <string.h>

#include "unit.h"

#include "ring/ring.h"
#include "ring/tag.h"

/* A ring's header and CQEs, as the kernel lays them out. */
static char memory[4096] __attribute__((aligned(4096)));
static struct io_uring ring;

static unsigned *at(size_t offset)
{
	return (unsigned *)(memory + offset);
}

/* Linux 6.18: all fields in the first 48 bytes, CQEs at 64. */
static void packed(void)
{
	memset(memory, 0, sizeof(memory));
	memset(&ring, 0, sizeof(ring));
	ring.sq.khead = at(0);
	ring.sq.ktail = at(4);
	ring.cq.khead = at(8);
	ring.cq.ktail = at(12);
	ring.sq.kring_mask = at(16);
	ring.cq.kring_mask = at(20);
	ring.sq.kring_entries = at(24);
	ring.cq.kring_entries = at(28);
	ring.sq.kdropped = at(32);
	ring.sq.kflags = at(36);
	ring.cq.kflags = at(40);
	ring.cq.koverflow = at(44);
	ring.cq.cqes = (struct io_uring_cqe *)at(64);
}

/* Linux 5.10: heads and tails on cache lines of their own, CQEs at 320. */
static void spread(void)
{
	packed();
	ring.sq.ktail = at(64);
	ring.cq.khead = at(128);
	ring.cq.ktail = at(192);
	ring.sq.kring_mask = at(256);
	ring.cq.kring_mask = at(260);
	ring.sq.kring_entries = at(264);
	ring.cq.kring_entries = at(268);
	ring.sq.kdropped = at(272);
	ring.sq.kflags = at(276);
	ring.cq.kflags = at(280);
	ring.cq.koverflow = at(284);
	ring.cq.cqes = (struct io_uring_cqe *)at(320);
}

static void fits_known_layouts(void **state)
{
	(void)state;
	packed();
	assert_true(tag_fits(&ring));
	assert_ptr_equal(tag_address(&ring), memory + 56);
	spread();
	assert_true(tag_fits(&ring));
	assert_ptr_equal(tag_address(&ring), memory + 312);
}

/* The fields that must be known not to lie where the tag goes. */
static unsigned **const fields[] = {
	&ring.sq.khead,	     &ring.sq.ktail,	     &ring.sq.kring_mask, &ring.sq.kring_entries,
	&ring.sq.kflags,     &ring.sq.kdropped,	     &ring.cq.khead,	  &ring.cq.ktail,
	&ring.cq.kring_mask, &ring.cq.kring_entries, &ring.cq.koverflow,
};
#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

static void refuses_a_field_in_its_place(void **state)
{
	unsigned i;
	size_t offset;

	(void)state;
	for (i = 0; i < NR_FIELDS; i++)
		for (offset = 53; offset < 64; offset++) {
			packed();
			*fields[i] = at(offset);
			assert_false(tag_fits(&ring));
		}
	for (i = 0; i < NR_FIELDS; i++) {
		packed();
		*fields[i] = at(52); /* right before it */
		assert_true(tag_fits(&ring));
	}
}

static void refuses_what_lies_elsewhere(void **state)
{
	unsigned i, elsewhere;

	(void)state;
	for (i = 0; i < NR_FIELDS; i++) {
		packed();
		*fields[i] = at(2000); /* behind the CQEs */
		assert_false(tag_fits(&ring));
		*fields[i] = NULL;
		assert_false(tag_fits(&ring));
		*fields[i] = &elsewhere; /* on the stack */
		assert_false(tag_fits(&ring));
	}
	packed();
	ring.cq.cqes = (struct io_uring_cqe *)at(3008); /* far behind the fields */
	assert_false(tag_fits(&ring));
}

static void refuses_cqes_that_are_askew(void **state)
{
	(void)state;
	packed();
	ring.cq.cqes = NULL;
	assert_false(tag_fits(&ring));
	packed();
	ring.cq.cqes = (struct io_uring_cqe *)at(68);
	assert_false(tag_fits(&ring));
	memset(&ring, 0, sizeof(ring));
	assert_false(tag_fits(&ring));
	memset(&ring, 0xaa, sizeof(ring));
	assert_false(tag_fits(&ring));
}

/* After io_uring_resize_rings(): the SQ's fields are mapped a second time. */
static void fits_two_mappings(void **state)
{
	unsigned **const sq[] = {
		&ring.sq.khead,		&ring.sq.ktail,	 &ring.sq.kring_mask,
		&ring.sq.kring_entries, &ring.sq.kflags, &ring.sq.kdropped,
	};
	unsigned i;

	(void)state;
	packed();
	ring.cq.ring_ptr = memory;
	ring.sq.ring_ptr = memory + 3072;
	for (i = 0; i < sizeof(sq) / sizeof(sq[0]); i++)
		*sq[i] = (unsigned *)((char *)*sq[i] + 3072);
	assert_true(tag_fits(&ring));
	assert_ptr_equal(tag_address(&ring), memory + 56);
	for (i = 0; i < sizeof(sq) / sizeof(sq[0]); i++) {
		unsigned *was = *sq[i];

		*sq[i] = at(3072 + 56); /* where the tag goes, seen by the other mapping */
		assert_false(tag_fits(&ring));
		*sq[i] = (unsigned *)((char *)was - 3072);
		assert_false(tag_fits(&ring));
		*sq[i] = NULL;
		assert_false(tag_fits(&ring));
		*sq[i] = was;
	}
}

/* Writing it touches its eight bytes and nothing else. */
static void is_written_in_its_place(void **state)
{
	static char before[sizeof(memory)];

	(void)state;
	packed();
	memset(memory, 0x11, sizeof(memory));
	memcpy(before, memory, sizeof(memory));
	tag_write(&ring, 0x0123456789abcdefULL);
	assert_int_equal(tag_read(&ring), 0x0123456789abcdefULL);
	assert_memory_equal(memory, before, 56);
	assert_memory_equal(memory + 64, before + 64, sizeof(memory) - 64);
}

static void holds_what_was_put_in(void **state)
{
	static const uint64_t nonces[] = {
		(uint64_t)1 << NONCE_SHIFT,
		0x123456789abc0000ULL,
		NONCE_MASK,
	};
	unsigned n, quirks;
	enum regwait_reason why;

	(void)state;
	for (n = 0; n < 3; n++)
		for (why = REASON_NONE; why < REASON_END; why++)
			for (quirks = 0; quirks < 16; quirks++) {
				uint64_t tag = tag_make(nonces[n], why, quirks);

				assert_int_equal(tag & NONCE_MASK, nonces[n]);
				assert_int_equal(tag_reason(tag), why);
				assert_int_equal((tag & TAG_REASON_MASK) == TAG_ARMED, !why);
				assert_int_equal(tag & ~(NONCE_MASK | TAG_REASON_MASK),
						 TAG_QUIRK(quirks));
				assert_false(tag_is_by_index(tag));
				assert_int_equal(tag_with_reason(tag, REASON_NONE),
						 tag_make(nonces[n], REASON_NONE, quirks));
			}
}

/* What the kernel gives, and what fork leaves of a nonce, is nobody's armed ring. */
static void zero_is_not_armed(void **state)
{
	(void)state;
	assert_int_not_equal(tag_reason(0), REASON_NONE);
	assert_int_not_equal(tag_make(0, REASON_NONE, 0), 0);
}

/* Armed to whoever asks for the reason, but not to the comparison of the hot path. */
static void goes_by_index(void **state)
{
	uint64_t armed = tag_make(NONCE_MASK, REASON_NONE, QUIRK_SKIPS | QUIRK_REWINDS);
	uint64_t by_index = tag_by_index(armed);

	(void)state;
	assert_true(tag_is_by_index(by_index));
	assert_int_equal(tag_reason(by_index), REASON_NONE);
	assert_int_not_equal(by_index & TAG_REASON_MASK, TAG_ARMED);
	assert_int_equal(by_index & ~TAG_REASON_MASK, armed & ~TAG_REASON_MASK);
	assert_int_equal(tag_with_reason(by_index, REASON_NONE), armed);
}

/* What is there already is ours, or was not there for us: a kernel, or another process, uses it. */
static void is_put_where_zeroes_were(void **state)
{
	struct process *p = process_get();
	uint64_t others = tag_make(p->nonce ^ (uint64_t)1 << NONCE_SHIFT, REASON_NONE, 0);

	(void)state;
	packed();
	assert_true(ring_put_tag(p, &ring, REASON_DISABLED, QUIRK_SKIPS));
	assert_int_equal(tag_read(&ring), tag_make(p->nonce, REASON_DISABLED, QUIRK_SKIPS));
	assert_true(ring_put_tag(p, &ring, REASON_IOPOLL, 0));
	assert_int_equal(tag_read(&ring), tag_make(p->nonce, REASON_IOPOLL, 0));
	tag_write(&ring, others);
	assert_false(ring_put_tag(p, &ring, REASON_IOPOLL, 0));
	assert_int_equal(tag_read(&ring), others);
	tag_write(&ring, 1);
	assert_false(ring_put_tag(p, &ring, REASON_IOPOLL, 0));
	assert_int_equal(tag_read(&ring), 1);
}

/* The quirks of the releases, as far as they differ. */
static void quirks_of_releases(void **state)
{
	static const unsigned versions[] = {
		203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215,
	};
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		unsigned v = versions[i], q = liburing_quirks(v);

		assert_int_equal(!!(q & QUIRK_OLD_INT_FLAGS), v <= 207);
		assert_int_equal(!!(q & QUIRK_IOPOLL_ENTERS), v <= 209);
		assert_int_equal(!!(q & QUIRK_SKIPS), v >= 213);
		assert_int_equal(!!(q & QUIRK_REWINDS), v >= 214);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits_known_layouts),
		cmocka_unit_test(refuses_a_field_in_its_place),
		cmocka_unit_test(refuses_what_lies_elsewhere),
		cmocka_unit_test(fits_two_mappings),
		cmocka_unit_test(refuses_cqes_that_are_askew),
		cmocka_unit_test(is_written_in_its_place),
		cmocka_unit_test(is_put_where_zeroes_were),
		cmocka_unit_test(holds_what_was_put_in),
		cmocka_unit_test(zero_is_not_armed),
		cmocka_unit_test(goes_by_index),
		cmocka_unit_test(quirks_of_releases),
	};

	return cmocka_run_group_tests_name("tag", tests, NULL, NULL);
}
