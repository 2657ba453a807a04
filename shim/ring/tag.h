/* SPDX-License-Identifier: MIT */
/*
 * How a wait knows its ring.
 *
 * Three things do not identify a ring: the address of its struct io_uring (programs move and copy
 * it), its descriptor (closed and used again), and the address of its memory (unmapped and mapped
 * again). The content of its memory does: the kernel gives every ring fresh, zeroed pages. So each
 * ring that we see gets a tag of 8 bytes in those pages, which stays with the ring and ends with
 * it. By one load, from a cache line that it reads anyway, a wait learns all that it must know.
 * There is nothing to look up, to lock or to invalidate, however many rings and threads there are.
 *
 * The tag lies directly before the CQEs. The kernel aligns these to a cache line, and before them
 * it has 48 bytes of heads, tails and flags, packed into one line (as of 6.18) or spread over
 * several (as of 5.10). The rest of that space is unused. It is checked for every ring: no field of
 * the header may lie where the tag goes, and the word must be zero. A ring that fails the check
 * stays plain ("layout").
 *
 *	63 ............. 16 |  15  | 14 .. 6 |  5 .. 0
 *	nonce of the process| NAPI | quirks  | reason
 *
 * The reason is stored inverted, so that armed is all ones. Zero, which is what the kernel gives
 * and what fork leaves of a nonce, is then never taken for an armed ring. One value that is no
 * reason (TAG_BY_INDEX) stands for an armed ring whose waits go by a registered index of ours
 * (wait/by_index.h). It fails the hot path's comparison, so the hot path needs no further test for
 * it.
 */
#ifndef REGWAIT_TAG_H
#define REGWAIT_TAG_H

#include <stdbool.h>

#include "base/liburing_abi.h"
#include "contract/reasons.h"
#include "process/process.h"

#define TAG_REASON_MASK ((uint64_t)0x3f)
#define TAG_ARMED	TAG_REASON_MASK
#define TAG_BY_INDEX	((uint64_t)1)
#define TAG_NAPI	((uint64_t)1 << 15) /* ring/napi.h */
#define TAG_QUIRK_SHIFT 6
#define TAG_QUIRK(q)	((uint64_t)(q) << TAG_QUIRK_SHIFT)
_Static_assert(REASON_END <= (TAG_BY_INDEX ^ TAG_ARMED), "a reason must fit into a tag");

static inline uint64_t *tag_address(const struct io_uring *ring)
{
	return (uint64_t *)ring->cq.cqes - 1;
}

static inline uint64_t tag_read(const struct io_uring *ring)
{
	return __atomic_load_n(tag_address(ring), __ATOMIC_RELAXED);
}

static inline void tag_write(const struct io_uring *ring, uint64_t tag)
{
	__atomic_store_n(tag_address(ring), tag, __ATOMIC_RELAXED);
}

/*
 * The distance of the SQ's mapping from the CQ's: after io_uring_resize_rings() the program has two
 * mappings of the same header.
 */
static inline uintptr_t tag_apart(const struct io_uring *ring)
{
	if (!ring->sq.ring_ptr || !ring->cq.ring_ptr)
		return 0;
	return (uintptr_t)ring->cq.ring_ptr - (uintptr_t)ring->sq.ring_ptr;
}

/* Does this field lie before the tag, and close enough to it to belong to the same header? */
static inline bool tag_follows(const struct io_uring *ring, const unsigned *field, uintptr_t apart)
{
	uintptr_t tag = (uintptr_t)tag_address(ring), at = (uintptr_t)field + apart;

	return field && at < tag && tag - at >= sizeof(*field) && tag - at < 1024;
}

/* Is there room for a tag between the fields of the header and the CQEs? */
static inline bool tag_fits(const struct io_uring *ring)
{
	const struct io_uring_sq *sq = &ring->sq;
	const struct io_uring_cq *cq = &ring->cq;
	uintptr_t apart = tag_apart(ring);

	return cq->cqes && (uintptr_t)cq->cqes % 8 == 0 && tag_follows(ring, sq->khead, apart) &&
	       tag_follows(ring, sq->ktail, apart) && tag_follows(ring, sq->kring_mask, apart) &&
	       tag_follows(ring, sq->kring_entries, apart) &&
	       tag_follows(ring, sq->kflags, apart) && tag_follows(ring, sq->kdropped, apart) &&
	       tag_follows(ring, cq->khead, 0) && tag_follows(ring, cq->ktail, 0) &&
	       tag_follows(ring, cq->kring_mask, 0) && tag_follows(ring, cq->kring_entries, 0) &&
	       tag_follows(ring, cq->koverflow, 0);
}

static inline uint64_t tag_make(uint64_t nonce, enum regwait_reason why, unsigned quirks)
{
	return nonce | (why ^ TAG_ARMED) | TAG_QUIRK(quirks);
}

static inline bool tag_is_by_index(uint64_t tag)
{
	return (tag & TAG_REASON_MASK) == TAG_BY_INDEX;
}

static inline enum regwait_reason tag_reason(uint64_t tag)
{
	return tag_is_by_index(tag) ? REASON_NONE : (tag & TAG_REASON_MASK) ^ TAG_ARMED;
}

/* Is this the tag of an armed ring of the process with this nonce? */
static inline bool tag_is_armed_of(uint64_t tag, uint64_t nonce)
{
	return !((tag ^ nonce) & NONCE_MASK) && tag_reason(tag) == REASON_NONE;
}

static inline uint64_t tag_with_reason(uint64_t tag, enum regwait_reason why)
{
	return (tag & ~TAG_REASON_MASK) | (why ^ TAG_ARMED);
}

/* The same tag, of an armed ring, with TAG_BY_INDEX for its reason. */
static inline uint64_t tag_by_index(uint64_t tag)
{
	return (tag & ~TAG_REASON_MASK) | TAG_BY_INDEX;
}

#endif
