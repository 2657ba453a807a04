/* SPDX-License-Identifier: MIT */
/*
 * The rule by which sites are patched. shim/sites/README.md argues that it is safe.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "common/message.h"
#include "mapping.h"

static const struct {
	const char *name, *text;
} lefts[] = {
#define X(id, name, text) [LEFT_##id] = { name, text },
	REGWAIT_LEFT(X)
#undef X
};

const char *left_name(enum left why)
{
	return lefts[why].name;
}

const char *left_text(enum left why)
{
	return lefts[why].text;
}

static bool is_of_ring(int nr)
{
	return nr == PLAN_ANY_CALL || (nr >= 425 && nr <= 427);
}

/* The instruction before this one. at must begin one that is not the first. */
static size_t before(const struct decoded *d, size_t at)
{
	do
		at--;
	while (!d->length[at]);
	return at;
}

/* Can the run be begun one instruction earlier? */
static bool extends(const struct decoded *d, size_t run)
{
	return run && !(d->kind[before(d, run)] & KIND_BREAKS);
}

/*
 * Which call it is, if that is the same on every way to the site. What is copied is executed as a
 * whole; before that, somebody may jump in between.
 */
static int call_of(const struct machine *m, const struct decoded *d, size_t site, size_t copied)
{
	bool joined = d->kind[site] & KIND_TARGET;
	size_t at = site;
	int value = 0;

	while (extends(d, at)) {
		at = before(d, at);
		switch (m->decoder()->rax(d, at, &value)) {
		case RAX_SET:
			return at < copied && (joined || d->jumps_indirectly) ? PLAN_ANY_CALL :
										value;
		case RAX_UNKNOWN:
			return PLAN_ANY_CALL;
		case RAX_KEPT:
			joined |= d->kind[at] & KIND_TARGET;
		}
	}
	return PLAN_ANY_CALL;
}

/*
 * The shortest run: from the nearest instruction that holds a jump, which may be the call itself.
 * False: there is none.
 */
static bool find_run(const struct machine *m, const struct decoded *d, size_t site, size_t *run)
{
	size_t at = site, end = site + d->length[site];
	unsigned relatives = 0;

	while (d->length[at] < m->jump_size) {
		if (!extends(d, at))
			return false;
		at = before(d, at);
		relatives += !!(d->kind[at] & KIND_RELATIVE);
		if (d->kind[at] & KIND_UNMOVED || end - at > PLAN_RUN_MAX ||
		    relatives > PLAN_RELATIVES)
			return false;
	}
	*run = at;
	return true;
}

static void plan(struct site *s, const struct machine *m, const struct decoded *d, size_t run,
		 size_t at, const struct segment *in)
{
	struct plan_site *p = &s->plan;
	size_t i;

	s->run = d->start + run;
	p->offset = in->offset + (s->run - in->address);
	p->call = s->call;
	p->first = d->length[run];
	p->size = at + d->length[at] - run;
	memcpy(p->run, d->bytes + run, p->size);
	for (i = run; i < at; i += d->length[i])
		if (d->kind[i] & KIND_RELATIVE)
			p->relative[p->nr_relative++] = i - run + m->decoder()->displacement(d, i);
	for (i = run + d->length[run]; i <= at; i += d->length[i])
		s->joined |= !!(d->kind[i] & KIND_TARGET);
	m->decoder()->text(d, run, s->replaced, sizeof(s->replaced));
}

static void decode(struct decoded *d, const struct code *c, const struct segment *in,
		   const struct function *f)
{
	memset(d, 0, sizeof(*d));
	d->start = f->start;
	d->size = f->end - f->start;
	d->bytes = segment_at(in, f->start);
	d->length = must(calloc(2, d->size));
	d->kind = d->length + d->size;
	c->machine->decoder()->decode(d);
	d->sound &= !mapping_has_data(c, f->start, f->end);
}

static struct site *add(struct sites *sites, uint64_t address)
{
	struct site *s;

	sites->site = must(realloc(sites->site, (sites->nr + 1) * sizeof(*s)));
	s = &sites->site[sites->nr++];
	memset(s, 0, sizeof(*s));
	s->address = address;
	s->call = PLAN_ANY_CALL;
	return s;
}

/* A system call instruction that was found by decoding its function. */
static void add_decoded(struct sites *sites, const struct machine *m, const struct decoded *d,
			size_t at, const struct segment *in)
{
	size_t run = at;
	bool found = find_run(m, d, at, &run);
	int call = call_of(m, d, at, run);
	struct site *s;

	if (call != PLAN_ANY_CALL && !call_name(m, call))
		return;
	s = add(sites, d->start + at);
	s->call = call;
	if (!found) {
		s->left = LEFT_NO_ROOM;
		return;
	}
	plan(s, m, d, run, at, in);
	sites->nr_possible++;
}

/* All sites of a function of which one is at this address, if that is one. Returns its end. */
static uint64_t look_at_function(struct sites *sites, const struct code *c,
				 const struct segment *in, const struct function *f,
				 uint64_t address)
{
	struct decoded d;
	size_t at;

	decode(&d, c, in, f);
	if (!d.sound)
		add(sites, address)->left = LEFT_BOUNDARIES;
	for (at = 0; d.sound && at < d.size; at += d.length[at])
		if (d.kind[at] & KIND_SYSCALL)
			add_decoded(sites, c->machine, &d, at, in);
	free(d.length);
	return f->end;
}

/*
 * Looks for the bytes of the instruction: few functions have them, and only these are decoded.
 * Outside of functions, the bytes need not be one.
 */
static void look_at_segment(struct sites *sites, const struct code *c, const struct segment *in)
{
	const unsigned char *at = in->bytes, *end = in->bytes + in->size;
	const struct machine *m = c->machine;

	while ((at = memmem(at, end - at, m->site, m->site_size))) {
		uint64_t address = in->address + (at - in->bytes), next = address + m->site_size;
		const struct function *f = code_function(c, address);

		if (address % m->align)
			next = address + 1;
		else if (!f && code_may_be(c, address))
			add(sites, address)->left = LEFT_NO_FUNCTION;
		else if (f && code_segment(c, f->start, f->end - f->start) == in)
			next = look_at_function(sites, c, in, f, address);
		at = in->bytes + (next - in->address);
	}
}

/* Does the file make calls of io_uring, as far as that is known? */
static bool has_of_ring(const struct sites *sites)
{
	size_t i;

	for (i = 0; i < sites->nr; i++)
		if (is_of_ring(sites->site[i].call))
			return true;
	return false;
}

static void leave_all(struct sites *sites, enum left why)
{
	size_t i;

	for (i = 0; i < sites->nr; i++)
		sites->site[i].left = why;
	sites->nr_possible = 0;
}

void sites_find(struct sites *sites, const struct code *c)
{
	size_t i;

	memset(sites, 0, sizeof(*sites));
	if (!c->machine->decoder())
		return;
	for (i = 0; i < c->nr_segments; i++)
		if (c->segments[i].code)
			look_at_segment(sites, c, &c->segments[i]);
	if (!has_of_ring(sites))
		sites_free(sites);
	if (code_is_libc(c))
		leave_all(sites, LEFT_LIBC);
}

void sites_free(struct sites *sites)
{
	free(sites->site);
	memset(sites, 0, sizeof(*sites));
}
