/* SPDX-License-Identifier: MIT */
#include "ring/index.h"
#include "ring/napi.h"

static void set(uint64_t *place, bool on)
{
	uint64_t tag = __atomic_load_n(place, __ATOMIC_RELAXED);

	__atomic_store_n(place, on ? tag | TAG_NAPI : tag & ~TAG_NAPI, __ATOMIC_RELAXED);
}

/* By a descriptor it may be called whose ring's memory the program has given back. */
static uint64_t *tag_of(const struct process *p, const struct ring_entry *e)
{
	uint64_t *place = (uint64_t *)e->place;

	if (!place || (!p->sandboxed && !is_readable(place)) ||
	    (__atomic_load_n(place, __ATOMIC_RELAXED) & TAG_NONCE_MASK) != p->nonce)
		return NULL;
	return place;
}

void ring_napi(struct io_uring *ring, int fd, bool is_index, bool on)
{
	struct process *p = process_peek();
	struct ring_entry *e;
	uint64_t *place;

	if (!table_lock(p))
		return;
	e = ring ? table_by_ring(p, ring) :
	    is_index ? table_by_handle(p, index_handle(fd)) : table_by_live_fd(p, fd);
	if (!e && !ring && !is_index)
		e = table_by_inode(p, fd);
	if (e) {
		e->info.napi = on;
		place = tag_of(p, e);
		if (place)
			set(place, on);
	}
	table_unlock(p);
}

void napi_tagged(const struct ring_entry *e, struct io_uring *ring)
{
	if (e->info.napi)
		set(tag_place(ring), true);
}
