/* SPDX-License-Identifier: MIT */
/*
 * With REGWAIT_SPIN: why a wait that might sleep does not look first.
 *
 * X(identifier, name in statistics, what it means to a user)
 */
#ifndef REGWAIT_CONTRACT_LOOK_REASONS_H
#define REGWAIT_CONTRACT_LOOK_REASONS_H

/* clang-format off */
#define REGWAIT_LOOK_REASONS(X) \
	X(AUTO,       "auto",        "auto has found sleeping cheaper, or tries it") \
	X(SEVERAL,    "several",     "more than one completion was missing") \
	X(SIGMASK,    "signal-mask", "the wait had a signal mask") \
	X(MIN_WAIT,   "min-wait",    "the wait had a minimum time") \
	X(POLLING,    "polling",     "the kernel polls for this ring (IOPOLL, NAPI; of a bare enter also SQPOLL)") \
	X(OVERFLOW,   "overflow",    "the CQ was too small: completions were lost, or wait for room in it") \
	X(SIGNALS,    "signals",     "a signal handler might go unnoticed: SS_AUTODISARM, valgrind") \
	X(INDEX,      "index",       "a bare enter by a registered index") \
	X(DESCRIPTOR, "descriptor",  "a bare enter by a number that is not known as a ring's: a copy, or not made here") \
	X(FLAGS,      "flags",       "a bare enter with flags for another kind of wait") \
	X(KERNEL,     "kernel",      "this kernel cannot be asked by bare enters whether there are completions")

enum look_reason {
	LOOK_REASON_NONE,
#define X(id, name, text) LOOK_##id,
	REGWAIT_LOOK_REASONS(X)
#undef X
	LOOK_REASON_END
};
/* clang-format on */

#endif
