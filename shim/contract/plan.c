/* SPDX-License-Identifier: MIT */
/*
 * Names and checks plans. What a plan says is not trusted here or later: a file may be damaged, and
 * no value may lead to memory outside of the file, or outside of the program's code.
 */
#include <elf.h>
#include <string.h>

#include "contract/plan.h"

#define HASH_FACTOR 0x9e3779b97f4a7c15ULL

/* Eight bytes at a time: a program without a build id is hashed at its start. */
uint64_t plan_hash(uint64_t before, const void *data, size_t size)
{
	const unsigned char *at = data;
	uint64_t h = before ^ size, word;

	for (; size; at += sizeof(word)) {
		size_t n = size < sizeof(word) ? size : sizeof(word);

		word = 0;
		memcpy(&word, at, n);
		h = (h ^ word) * HASH_FACTOR;
		h ^= h >> 29;
		size -= n;
	}
	return h;
}

void plan_key_of_hash(struct plan_key *key, uint64_t hash)
{
	memset(key, 0, sizeof(*key));
	key->kind = PLAN_HASH;
	key->size = sizeof(hash);
	memcpy(key->bytes, &hash, sizeof(hash));
}

bool plan_key_of_build_id(struct plan_key *key, const void *id, size_t size)
{
	memset(key, 0, sizeof(*key));
	if (!size || size > sizeof(key->bytes))
		return false;
	key->kind = PLAN_BUILD_ID;
	key->size = size;
	memcpy(key->bytes, id, size);
	return true;
}

/* A note NT_GNU_PROPERTY_TYPE_0 is padded to 8 bytes, and says so by its size. */
bool plan_key_of_notes(struct plan_key *key, const void *notes, size_t size)
{
	const char *at = notes;
	Elf64_Nhdr n;

	while (size >= sizeof(n)) {
		size_t name, all;

		memcpy(&n, at, sizeof(n));
		if (n.n_namesz > size || n.n_descsz > size)
			return false;
		name = sizeof(n) + ((n.n_namesz + 3) & ~(size_t)3);
		all = name + ((n.n_descsz + 3) & ~(size_t)3);
		if (name + n.n_descsz > size)
			return false;
		if (n.n_type == NT_GNU_BUILD_ID && n.n_namesz == 4 &&
		    !memcmp(at + sizeof(n), "GNU", 4))
			return plan_key_of_build_id(key, at + name, n.n_descsz);
		if (all > size)
			return false;
		at += all;
		size -= all;
	}
	return false;
}

bool plan_key_equal(const struct plan_key *a, const struct plan_key *b)
{
	return !memcmp(a, b, sizeof(*a));
}

void plan_name(char *name, const struct plan_key *key)
{
	static const char digits[] = "0123456789abcdef";
	size_t i, nr = key->size < PLAN_KEY_MAX ? key->size : PLAN_KEY_MAX;

	if (key->kind == PLAN_HASH)
		name = stpcpy(name, "hash-");
	for (i = 0; i < nr; i++) {
		*name++ = digits[key->bytes[i] >> 4];
		*name++ = digits[key->bytes[i] & 15];
	}
	strcpy(name, ".sites");
}

static bool is_sound_x86_64(const struct plan_site *s)
{
	unsigned i;

	if (s->first < PLAN_JUMP_SIZE || s->size > PLAN_RUN_MAX || s->first + 2 > s->size ||
	    s->nr_relative > PLAN_RELATIVES || s->run[s->size - 2] != 0x0f ||
	    s->run[s->size - 1] != 0x05)
		return false;
	for (i = 0; i < s->nr_relative; i++)
		if (s->relative[i] + 4 > s->size - 2)
			return false;
	return true;
}

static bool is_sound_aarch64(const struct plan_site *s)
{
	return s->first == PLAN_A64_SIZE && s->size == PLAN_A64_SIZE &&
	       !(s->offset % PLAN_A64_SIZE) && !s->nr_relative &&
	       !memcmp(s->run, PLAN_A64_SITE, PLAN_A64_SIZE);
}

static bool site_is_sound(const struct plan_site *s, uint16_t machine)
{
	return machine == EM_X86_64  ? is_sound_x86_64(s) :
	       machine == EM_AARCH64 ? is_sound_aarch64(s) :
				       false;
}

const struct plan *plan_check(const void *at, size_t size, size_t *size_of)
{
	const struct plan *p = at;
	size_t rest;
	uint32_t i;

	if (size < sizeof(*p) || memcmp(p->magic, PLAN_MAGIC, sizeof(p->magic)) ||
	    p->version != PLAN_VERSION || !p->nr_sites || p->nr_sites > PLAN_SITES_MAX ||
	    !p->key.size || p->key.size > PLAN_KEY_MAX)
		return NULL;
	rest = p->nr_sites * sizeof(struct plan_site);
	if (rest > size - sizeof(*p) || plan_hash(PLAN_HASH_BEGIN, p + 1, rest) != p->hash)
		return NULL;
	for (i = 0; i < p->nr_sites; i++) {
		const struct plan_site *s = &plan_sites(p)[i], *before = s - 1;

		/* In order, and apart from each other. */
		if (!site_is_sound(s, p->machine) || s->offset + s->size < s->offset ||
		    (i && s->offset < before->offset + before->size))
			return NULL;
	}
	*size_of = sizeof(*p) + rest;
	return p;
}
