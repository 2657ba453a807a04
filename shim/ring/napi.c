/* SPDX-License-Identifier: MIT */
/*
 * Notes in the tags and rows of rings whether their waits poll network devices.
 */
#include <limits.h>

#include "ring/index.h"
#include "ring/napi.h"
#include "ring/tag.h"

static void set(uint64_t *place, bool on)
{
	uint64_t tag = __atomic_load_n(place, __ATOMIC_RELAXED);

	__atomic_store_n(place, on ? tag | TAG_NAPI : tag & ~TAG_NAPI, __ATOMIC_RELAXED);
}

/*
 * The tag of this row's ring; NULL: none that can be read. The program may have unmapped the ring.
 */
static uint64_t *tag_of(const struct process *p, const struct ring_row *row)
{
	uint64_t *place = (uint64_t *)row->place;

	if (!place || (!process_sandboxed && !is_readable(place)) ||
	    (__atomic_load_n(place, __ATOMIC_RELAXED) & NONCE_MASK) != p->nonce)
		return NULL;
	return place;
}

void ring_napi(struct ring_ref ref, bool on)
{
	struct process *p = process_peek();
	struct ring_row *row;
	uint64_t *place;

	if (!table_lock(p))
		return;
	row = table_by_ref(ref);
	if (!row && !ref.ring && !ref.is_index)
		row = table_by_inode(ref.fd);
	if (row) {
		row->info.napi = on;
		/*
		 * The ring may have several numbers, so all states are cleared and will be looked
		 * up again.
		 */
		fd_states_clear(0, UINT_MAX);
		place = tag_of(p, row);
		if (place)
			set(place, on);
	}
	table_unlock(p);
}

void napi_tagged(const struct ring_row *row, struct io_uring *ring)
{
	if (row->info.napi)
		set(tag_place(ring), true);
}
