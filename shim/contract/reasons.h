/* SPDX-License-Identifier: MIT */
/*
 * Why a ring is not armed, or why a timed wait is plain. The list is complete: every such ring and
 * every such wait is counted under exactly one of these names.
 *
 * X(identifier, name in statistics, what it means to a user)
 */
#ifndef REGWAIT_CONTRACT_REASONS_H
#define REGWAIT_CONTRACT_REASONS_H

/* clang-format off */
#define REGWAIT_REASONS(X) \
	/* of a ring; its waits are counted under the same name */ \
	X(KERNEL,	  "kernel",	    "this kernel has no registered waits (they came with Linux 6.13)") \
	X(IOPOLL,	  "iopoll",	    "the kernel refuses registered waits on IOPOLL rings without SQPOLL") \
	X(OWN_REGION,	  "own-region",	    "the program registered a memory region of its own with the ring") \
	X(REGION_REFUSED, "region-refused", "the kernel refused to register the wait area (memory lock limit, seccomp, ...)") \
	X(ENABLE_REFUSED, "enable-refused", "the kernel refused to enable a ring created disabled, so it was made again, plain") \
	X(TOO_MANY_RINGS, "too-many-rings", "REGWAIT_MAX_RINGS rings are armed, or were until a moment ago") \
	X(LOCKED_MEMORY,  "locked-memory",  "this user's armed rings lock a sixty-fourth of RLIMIT_MEMLOCK already, or it cannot be counted") \
	X(NO_MEMORY,	  "no-memory",	    "there was no memory for the wait area") \
	X(UNSEEN,	  "unseen",	    "the ring was made where the shim could not see it") \
	X(LIBURING,	  "liburing",	    "this liburing's rules are not known (known: 2.3 to 2.15)") \
	X(INTERPOSED,	  "interposed",	    "another preloaded library behind this one wraps liburing, and must see its calls") \
	X(NO_EXT_ARG,	  "no-ext-arg",	    "the ring's features lack IORING_FEAT_EXT_ARG") \
	X(INHERITED,	  "inherited",	    "another process made the ring (fork, or a descriptor that was passed on)") \
	X(LAYOUT,	  "layout",	    "the ring's memory is not laid out as expected") \
	/* of a ring, and may still change */ \
	X(DISABLED,	  "disabled",	    "the program created the ring disabled and has not enabled it yet") \
	X(OBSERVED,	  "observed",	    "the mode is observe: nothing is changed") \
	/* of a wait on an armed ring */ \
	X(SANDBOX,	  "sandbox",	    "the program entered a seccomp sandbox, in which nothing is called that it does not call itself") \
	X(NO_SLOT,	  "no-slot",	    "all REGWAIT_SLOTS slots are taken by other threads") \
	X(NESTED,	  "nested",	    "a signal handler waited while its thread was in a wait") \
	X(SWITCHED_OFF,	  "off",	    "the mode was set to off while the program ran") \
	X(PLAIN_VARIANT,  "plain-variant",  "mode ab or aa: the coin chose the plain way") \
	X(NO_TIMEOUT,	  "no-timeout",	    "the call had no timeout, so there is nothing to register") \
	X(NO_MIN_TIMEOUT, "no-min-timeout", "the ring's features lack IORING_FEAT_MIN_TIMEOUT") \
	X(BAD_POINTER,	  "bad-pointer",    "the kernel refuses such an argument (a timeout at no valid address, ...), and its answer is passed on")

enum regwait_reason {
	REASON_NONE,
#define X(id, name, text) REASON_##id,
	REGWAIT_REASONS(X)
#undef X
	REASON_END
};
/* clang-format on */

/* Is this a reason that a ring keeps until it ends? */
static inline int reason_is_settled(unsigned why)
{
	return why - 1 < REASON_DISABLED - 1;
}

#endif
