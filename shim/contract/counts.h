/* SPDX-License-Identifier: MIT */
/*
 * What is counted: one list for the library and the tools.
 */
#ifndef REGWAIT_CONTRACT_COUNTS_H
#define REGWAIT_CONTRACT_COUNTS_H

#include <stdint.h>

#include "look_reasons.h"
#include "reasons.h"
#include "site_reasons.h"

/* clang-format off */
/* X(field, name in statistics, meaning) */
#define REGWAIT_WAIT_COUNTS(X) \
	X(registered, "waits.registered", "timed waits made as registered waits") \
	X(polled,     "waits.polled",	  "timed waits with a timeout of zero, made without a timer") \
	X(answered,   "waits.answered",	  "timed waits that needed no waiting: completions were there, or nothing to wait for")

/* With REGWAIT_SPIN, of the waits counted above and of those without a timeout. */
#define REGWAIT_SPIN_COUNTS(X) \
	X(spun,		"waits.spun",	      "waits that looked before they slept, and found their completions") \
	X(spun_in_vain, "waits.spun-in-vain", "waits that looked, and then slept")

/*
 * Under REGWAIT=observe: what the timed waits would have been under REGWAIT=on, and how long those slept
 * that have no timeout.
 */
#define REGWAIT_OBSERVED_COUNTS(X) \
	X(would_register, "observed.would-register", "would have been registered waits") \
	X(would_poll,	  "observed.would-poll",     "had a timeout of zero and would have been polled") \
	X(would_answer,	  "observed.would-answer",   "needed no waiting") \
	X(timed_out,	  "observed.timed-out",	     "of the first two: returned -ETIME") \
	X(slept,	  "observed.slept",	     "of the first: took 10 us or longer, so most likely slept") \
	X(slept_50,	  "observed.slept-50us",     "of these: less than 50 us") \
	X(slept_200,	  "observed.slept-200us",    "of these: 50 to 200 us") \
	X(untimed,	  "observed.untimed",	     "waits without a timeout whose completions were not there; all bare ones") \
	X(untimed_slept,  "observed.untimed-slept",  "of these: took 10 us or longer, so most likely slept") \
	X(untimed_50,	  "observed.untimed-50us",   "of these: less than 50 us") \
	X(untimed_200,	  "observed.untimed-200us",  "of these: 50 to 200 us")

#define REGWAIT_RING_COUNTS(X) \
	X(seen,	      "rings.seen",	  "rings the program made") \
	X(armed,      "rings.armed",	  "rings with which the wait area was registered") \
	X(indexed,    "rings.indexed",	  "rings whose maker's waits went by a registered descriptor") \
	X(no_iowait,  "rings.no-iowait",  "rings whose waits were kept out of iowait")

/* Of the system call instructions that a plan names (contract/plan.h). */
#define REGWAIT_SITE_COUNTS(X) \
	X(patched,    "sites.patched",	  "system call instructions that call the shim")

struct regwait_wait_counts {
#define X(field, name, text) uint64_t field;
	REGWAIT_WAIT_COUNTS(X)
	REGWAIT_SPIN_COUNTS(X)
	REGWAIT_OBSERVED_COUNTS(X)
#undef X
	uint64_t plain[REASON_END];
	uint64_t unspun[LOOK_REASON_END]; /* with REGWAIT_SPIN: might have slept, and did not look */
};

struct regwait_ring_counts {
#define X(field, name, text) uint64_t field;
	REGWAIT_RING_COUNTS(X)
#undef X
	uint64_t plain[REASON_END];
};

struct regwait_site_counts {
#define X(field, name, text) uint64_t field;
	REGWAIT_SITE_COUNTS(X)
#undef X
	uint64_t left[SITE_REASON_END]; /* not patched */
};
/* clang-format on */

#endif
