/* SPDX-License-Identifier: MIT */
/*
 * What a descriptor stands for, where there is nothing but the descriptor: one byte for each,
 * read without a lock by bare enters.
 *
 * A byte is written when a ring is made, enabled or first seen, and cleared before the
 * descriptor is closed or replaced (symbols/close.c). A descriptor whose byte is zero is
 * looked at once (ring/find.c).
 *
 * The bytes lie in memory that fork wipes: a child begins with none. A bit beside it, which is not
 * wiped, says of which descriptors its parent knew that they are armed rings.
 */
#ifndef REGWAIT_FD_STATE_H
#define REGWAIT_FD_STATE_H

#include "contract/reasons.h"
#include "process/process.h"

#define FD_KNOWN 0x80 /* beside a reason */
/* The highest two are armed rings: one comparison tells them from all else. */
#define FD_ARMED	  0xfe
#define FD_ARMED_POLLABLE 0xff /* bare enters with a timeout of zero may be polled */
_Static_assert(FD_KNOWN + REASON_END <= FD_ARMED, "a reason must fit beside the bit");

static inline bool fd_state_is_armed(unsigned state)
{
	return state >= FD_ARMED;
}

/* Of a state that is not 0. */
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

/* Was it inherited, armed? Nothing else is known of it then. */
static inline bool fd_is_inherited(unsigned fd)
{
	return fd_armed_bit(fd) && !fd_state_read(fd);
}

/* Is anything kept about this descriptor that must go when it is closed? */
static inline bool fd_is_noted(unsigned fd)
{
	return fd_state_read(fd) || fd_armed_bit(fd);
}

void fd_state_write(unsigned fd, unsigned state);

/* Forgets these descriptors. */
void fd_states_clear(unsigned first, unsigned last);

/* A thread has, or is about to have, a descriptor table of its own. */
void fd_tables_part(void);

/* The same by unshare(2) or close_range(2), which do nothing where there is one thread. */
void fd_tables_unshare(void);

static inline unsigned fd_state_for(enum regwait_reason why, bool pollable)
{
	return why ? FD_KNOWN | why : pollable ? FD_ARMED_POLLABLE : FD_ARMED;
}

#endif
