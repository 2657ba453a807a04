/* SPDX-License-Identifier: MIT */
/*
 * A plan: which system call instructions of one ELF file can be given to us, and how. regwait sites
 * makes it, and the library (sites/) follows it (REGWAIT_SITES).
 *
 * A site is a system call instruction, together with the straight run of instructions before it that
 * is copied. The first instruction of the run is replaced by a jump; all other bytes stay. On x86-64
 * that instruction has 5 bytes or more. On aarch64 all have 4, and it is the call itself.
 *
 * A plan is a header and its sites. A file of plans holds one plan after another; in a directory of
 * plans, each plan has a file of its own, named by its key (plan_name()).
 */
#ifndef REGWAIT_CONTRACT_PLAN_H
#define REGWAIT_CONTRACT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_MAGIC     "regwPLAN"
#define PLAN_VERSION   1
#define PLAN_KEY_MAX   32
#define PLAN_RUN_MAX   64 /* bytes of a run; more would not be worth copying */
#define PLAN_RELATIVES 6
#define PLAN_SITES_MAX 65536
#define PLAN_NAME_SIZE (2 * PLAN_KEY_MAX + 32)

#define PLAN_JUMP_SIZE 5  /* jmp rel32 */
#define PLAN_ANY_CALL  -1 /* the number of the call is known only when it is made */

#define PLAN_A64_SITE  "\x01\x00\x00\xd4" /* svc #0 */
#define PLAN_A64_SIZE  4

/* What a plan is found by. */
enum plan_key_kind {
	PLAN_BUILD_ID = 1,
	PLAN_HASH, /* of the executable segments (plan_hash()), in a file without a build id */
};

struct plan_key {
	uint8_t kind;
	uint8_t size;
	uint8_t bytes[PLAN_KEY_MAX]; /* the rest is zero */
};

struct plan {
	char magic[8];
	uint32_t version;
	uint32_t nr_sites;
	uint16_t machine; /* EM_X86_64, EM_AARCH64 */
	struct plan_key key;
	uint8_t pad[4];
	uint64_t hash; /* of the sites, by plan_hash() */
};
_Static_assert(sizeof(struct plan) == 64, "the same for all compilers");

struct plan_site {
	uint64_t offset; /* of the run in the file */
	int32_t call;	 /* which call it makes, as far as is known, or PLAN_ANY_CALL */
	uint8_t size;	 /* of the run; its end is the system call instruction */
	uint8_t first;	 /* of the instruction that is replaced */
	uint8_t nr_relative;
	/*
	 * Where in the run there are displacements of 32 bits from the next instruction: these
	 * change with the place of the run.
	 */
	uint8_t relative[PLAN_RELATIVES];
	uint8_t pad[3];
	uint8_t run[PLAN_RUN_MAX];
};
_Static_assert(sizeof(struct plan_site) == 88, "the same for all compilers");

#define PLAN_HASH_BEGIN 0xcbf29ce484222325ULL

/* Not a cryptographic one: it finds what was changed by chance, or by another version. */
uint64_t plan_hash(uint64_t before, const void *data, size_t size);

/* The key of a file whose executable segments have this hash. */
void plan_key_of_hash(struct plan_key *key, uint64_t hash);

/* Makes a key of the description of a note NT_GNU_BUILD_ID. False: it is longer than any we know. */
bool plan_key_of_build_id(struct plan_key *key, const void *id, size_t size);

/*
 * Finds the build id in the contents of a PT_NOTE segment. Whatever the bytes are, nothing outside
 * of them is read.
 */
bool plan_key_of_notes(struct plan_key *key, const void *notes, size_t size);

bool plan_key_equal(const struct plan_key *a, const struct plan_key *b);

/* The name of the file for this key in a directory of plans, of PLAN_NAME_SIZE bytes. */
void plan_name(char *name, const struct plan_key *key);

/*
 * The plan at this address, of which size bytes are readable, with its sites; size_of: how long it
 * is. NULL: it is none, of another version, or damaged.
 */
const struct plan *plan_check(const void *at, size_t size, size_t *size_of);

/* With its sites. */
static inline size_t plan_size(const struct plan *p)
{
	return sizeof(*p) + p->nr_sites * sizeof(struct plan_site);
}

static inline const struct plan_site *plan_sites(const struct plan *p)
{
	return (const struct plan_site *)(p + 1);
}

#endif
