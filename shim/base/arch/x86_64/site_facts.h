/* SPDX-License-Identifier: MIT */
/*
 * What site_entry() knows of others' structures, for the assembly. sites/enter.c asserts it.
 */
#ifndef REGWAIT_SITE_FACTS_H
#define REGWAIT_SITE_FACTS_H

/* struct getevents_arg (base/kernel.h), its size, and a registered wait's. */
#define ARG_SIGMASK   0
#define ARG_MIN_WAIT  12
#define ARG_TS	      16
#define ARG_SIZE      24
#define SLOT_NSEC     8
#define SLOT_MIN_WAIT 16
#define SLOT_SIGMASK  24
#define SLOT_SIZE     64

/* struct thread (process/thread.h) */
#define ME_NONCE    0
#define ME_SLOT	    8
#define ME_COUNTS   16
#define ME_BUSY	    32
#define ME_OFFSET   48
#define ME_TS_PAGE  64
#define ME_ARG_PAGE 72

/* struct zone (process/process.h) */
#define ZONE_SERVING   8
#define ZONE_FD_STATES 0x220

/* struct iowait_bare (ring/iowait.h) */
#define IOWAIT_LOOKS   0
#define IOWAIT_BY_SLOT 4

/* What is compared with these. */
#define TIMED	    9	 /* ENTER_TIMED (base/kernel.h) */
#define BY_INDEX    16	 /* IORING_ENTER_REGISTERED_RING */
#define STATES_NEAR 256	 /* FD_NEAR */
#define STATE_ARMED 0xfe /* FD_ARMED, and what is above */
#define PAGE_SHIFT  12	 /* TS_PAGE_SHIFT */
#define MODE_IS_ON  0	 /* MODE_ON */

#endif
