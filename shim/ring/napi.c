/* SPDX-License-Identifier: MIT */
/*
 * Notes in the tags and rows of rings whether their waits poll network devices.
 */
#include <limits.h>

#include "ring/index.h"
#include "ring/napi.h"
#include "ring/tag.h"

static void set(uint64_t *tag, bool on)
{
	uint64_t was = __atomic_load_n(tag, __ATOMIC_RELAXED);

	__atomic_store_n(tag, on ? was | TAG_NAPI : was & ~TAG_NAPI, __ATOMIC_RELAXED);
}

/*
 * The tag of this row's ring; NULL: none that can be read. The program may have unmapped the ring.
 */
static uint64_t *tag_of(const struct process *p, const struct ring_row *row)
{
	uint64_t *tag = (uint64_t *)row->tag;

	if (!tag || (!process_sandboxed && !is_readable(tag)) ||
	    (__atomic_load_n(tag, __ATOMIC_RELAXED) & NONCE_MASK) != p->nonce)
		return NULL;
	return tag;
}

void ring_napi(struct ring_ref ref, bool on)
{
	struct process *p = process_peek();
	struct ring_row *row;
	uint64_t *tag;

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
		tag = tag_of(p, row);
		if (tag)
			set(tag, on);
	}
	table_unlock(p);
}

void napi_tagged(const struct ring_row *row, struct io_uring *ring)
{
	if (row->info.napi)
		set(tag_address(ring), true);
}
