/* SPDX-License-Identifier: MIT */
/*
 * Keeps the bytes that say what descriptors stand for.
 */
#include <limits.h>

#include "base/config.h"
#include "base/debug.h"
#include "process/fd_state.h"
#include "process/threads.h"

uint8_t fd_armed_far[FD_STATES / 8];

static void note_highest(unsigned fd)
{
	uint16_t was = __atomic_load_n(&area.kept.fd_highest, __ATOMIC_RELAXED);

	while (fd > was && !__atomic_compare_exchange_n(&area.kept.fd_highest, &was, fd, true,
							__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

static uint8_t *byte_of(unsigned fd)
{
	/* cppcheck-suppress arrayIndexOutOfBoundsCond ; the callers have checked fd */
	return fd < FD_NEAR ? &zone.near_fd_states[fd] : &zone.fd_states[fd];
}

static void set_bit(uint8_t *byte, unsigned fd, bool on)
{
	uint8_t bit = 1 << fd % 8;

	if (on)
		__atomic_fetch_or(byte, bit, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(byte, (uint8_t)~bit, __ATOMIC_RELAXED);
}

void fd_state_write(unsigned fd, unsigned state)
{
	bool looks = state & FD_LOOKS;

	state &= ~FD_LOOKS;
	debug_assert(!state || fd_state_is_armed(state) ||
		     (state & FD_KNOWN && fd_state_reason(state) < REASON_END));
	if (fd >= FD_STATES)
		return;
	if (config.spin)
		set_bit(&zone.fd_looks[fd / 8], fd, looks);
	note_highest(fd);
	set_bit(fd_armed_byte(fd), fd, fd_state_is_armed(state));
	__atomic_store_n(byte_of(fd), state, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&threads_tables_differ, __ATOMIC_SEQ_CST))
		__atomic_store_n(byte_of(fd), 0, __ATOMIC_RELAXED);
}

void fd_states_clear(unsigned first, unsigned last)
{
	unsigned end = __atomic_load_n(&area.kept.fd_highest, __ATOMIC_RELAXED), fd;

	for (fd = first; fd <= last && fd <= end; fd++)
		if (fd_is_noted(fd))
			fd_state_write(fd, 0);
}

/* A thread that writes a byte at the same time reads the flag after that, and clears the byte. */
void fd_tables_part(void)
{
	__atomic_store_n(&threads_tables_differ, true, __ATOMIC_SEQ_CST);
	fd_states_clear(0, UINT_MAX);
}

void fd_tables_unshare(void)
{
	if (!threads_are_none())
		fd_tables_part();
}
