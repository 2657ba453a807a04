/* SPDX-License-Identifier: MIT */
/*
 * Asserts what the assembly knows of structures (base/arch/x86_64/site_facts.h).
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SITES && ARCH_SITE_ENTRY_CALLS

#include "base/arch/x86_64/site_facts.h"
#include "process/fd_state.h"
#include "process/readable.h"
#include "process/thread.h"
#include "ring/iowait.h"

#define IS(fact, is)	    _Static_assert((fact) == (is), "as the entry knows it")
#define AT(type, field, is) IS(offsetof(type, field), is)

AT(struct getevents_arg, sigmask, ARG_SIGMASK);
AT(struct getevents_arg, min_wait_usec, ARG_MIN_WAIT);
AT(struct getevents_arg, ts, ARG_TS);
IS(sizeof(struct getevents_arg), ARG_SIZE);
AT(struct __kernel_timespec, tv_sec, 0);
AT(struct __kernel_timespec, tv_nsec, SLOT_NSEC);
AT(struct reg_wait, ts.tv_sec, 0);
AT(struct reg_wait, ts.tv_nsec, SLOT_NSEC);
AT(struct reg_wait, min_wait_usec, SLOT_MIN_WAIT);
AT(struct reg_wait, sigmask, SLOT_SIGMASK);
IS(sizeof(struct reg_wait), SLOT_SIZE);
AT(struct thread, nonce, ME_NONCE);
AT(struct thread, slot, ME_SLOT);
AT(struct thread, counts, ME_COUNTS);
AT(struct thread, busy, ME_BUSY);
AT(struct thread, offset, ME_OFFSET);
AT(struct thread, ts_page, ME_TS_PAGE);
AT(struct thread, arg_page, ME_ARG_PAGE);
AT(struct regwait_wait_counts, registered, 0);
AT(struct zone, process.serving, ZONE_SERVING);
AT(struct zone, near_fd_states, ZONE_FD_STATES);
AT(struct iowait_bare, looks, IOWAIT_LOOKS);
AT(struct iowait_bare, by_slot, IOWAIT_BY_SLOT);
IS(ENTER_TIMED, TIMED);
IS(IORING_ENTER_REGISTERED_RING, BY_INDEX);
IS(FD_NEAR, STATES_NEAR);
IS(FD_ARMED, STATE_ARMED);
IS(FD_ARMED_POLLABLE, 0xff);
IS(TS_PAGE_SHIFT, PAGE_SHIFT);
IS(MODE_ON, MODE_IS_ON);

#endif
