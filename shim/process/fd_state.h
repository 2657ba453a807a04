/* SPDX-License-Identifier: MIT */
/*
 * What a descriptor stands for: one byte for each descriptor, read without a lock by bare enters,
 * which have nothing but the descriptor.
 *
 * A byte is written when a ring is made, enabled or first seen, and cleared before the descriptor
 * is closed or replaced (symbols/close.c). A descriptor whose byte is zero is looked up once
 * (ring/find.c).
 *
 * The bytes lie in memory that fork wipes: in a child all are zero. A second table, of one bit for
 * each descriptor, is not wiped: it says which descriptors the parent knew to be armed rings.
 */
#ifndef REGWAIT_FD_STATE_H
#define REGWAIT_FD_STATE_H

#include "contract/reasons.h"
#include "process/process.h"

#define FD_KNOWN 0x80 /* together with a reason */
/* The two highest values are armed rings, so that one comparison tells them from all others. */
#define FD_ARMED	  0xfe
#define FD_ARMED_POLLABLE 0xff /* timeouts of zero may be polled by bare enters */
_Static_assert(FD_KNOWN + REASON_END <= FD_ARMED, "a reason must fit beside the bit");
/* Beside the byte: its bare enters may look before they sleep. Kept only where waits look. */
#define FD_LOOKS 0x100

static inline bool fd_state_is_armed(unsigned state)
{
	return state >= FD_ARMED;
}

/* For a state that is not 0. */
static inline enum regwait_reason fd_state_reason(unsigned state)
{
	return fd_state_is_armed(state) ? REASON_NONE : state ^ FD_KNOWN;
}

static inline unsigned fd_state_read(unsigned fd)
{
	if (__builtin_expect(fd < FD_NEAR, 1))
		return __atomic_load_n(&zone.near_fd_states[fd], __ATOMIC_RELAXED);
	return fd < FD_STATES ? __atomic_load_n(&zone.fd_states[fd], __ATOMIC_RELAXED) : 0;
}

extern uint8_t fd_armed_far[FD_STATES / 8] __attribute__((visibility("hidden")));

static inline uint8_t *fd_armed_byte(unsigned fd)
{
	return fd < FD_ARMED_NEAR ? &area.kept.fd_armed_near[fd / 8] : &fd_armed_far[fd / 8];
}

static inline bool fd_armed_bit(unsigned fd)
{
	return fd < FD_STATES && __atomic_load_n(fd_armed_byte(fd), __ATOMIC_RELAXED) >> fd % 8 & 1;
}

/* Is it a descriptor that was inherited as an armed ring, and has not been looked up since? */
static inline bool fd_is_inherited(unsigned fd)
{
	return fd_armed_bit(fd) && !fd_state_read(fd);
}

/* Is anything kept of this descriptor that must be cleared when it is closed? */
static inline bool fd_is_noted(unsigned fd)
{
	return fd_state_read(fd) || fd_armed_bit(fd);
}

void fd_state_write(unsigned fd, unsigned state);

/* Clears what is kept of these descriptors. */
void fd_states_clear(unsigned first, unsigned last);

/* A thread has its own descriptor table now, or will have it at once. */
void fd_tables_part(void);

/* The process calls unshare(2) or close_range(2) for that; with one thread nothing changes. */
void fd_tables_unshare(void);

/* A ring of a kind whose bare enters may look before they sleep (wait/look_bare.c). */
static inline bool fd_may_look(unsigned fd)
{
	return fd < FD_STATES &&
	       __atomic_load_n(&zone.fd_looks[fd / 8], __ATOMIC_RELAXED) >> fd % 8 & 1;
}

static inline unsigned fd_state_for(enum regwait_reason why, bool pollable)
{
	return why ? FD_KNOWN | why : pollable ? FD_ARMED_POLLABLE : FD_ARMED;
}

#endif
