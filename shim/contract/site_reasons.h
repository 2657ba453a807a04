/* SPDX-License-Identifier: MIT */
/*
 * Why the sites of a plan are left as they are. One reason for all sites of a file, for nothing is
 * patched by halves.
 *
 * X(identifier, name in statistics, what it means to a user)
 */
#ifndef REGWAIT_CONTRACT_SITE_REASONS_H
#define REGWAIT_CONTRACT_SITE_REASONS_H

/* clang-format off */
#define REGWAIT_SITE_REASONS(X) \
	X(NO_PLAN,    "no-plan",   "the file or directory that REGWAIT_SITES names cannot be read") \
	X(UNTRUSTED,  "untrusted", "the plan belongs to another user, or others may write to it") \
	X(DAMAGED,    "damaged",   "what REGWAIT_SITES names is no plan, or one of another version") \
	X(PROCESSOR,  "processor", "this library cannot patch code for this processor, or the plan is for another one") \
	X(THREADS,    "threads",   "the process has several threads, or it cannot be found out") \
	X(BY_SYMBOLS, "by-symbols", "libc, the loader, or a liburing that is reached by the names of its functions") \
	X(BYTES,      "bytes",     "the code in memory is not the code that was analysed") \
	X(DISTANCE,   "distance",  "there is no memory for the jumps within 2 GiB of the code, on aarch64 128 MiB") \
	X(PROTECTED,  "protected", "the system does not allow changing code (SELinux, MemoryDenyWriteExecute, a seal)")

enum site_reason {
	SITE_REASON_NONE,
#define X(id, name, text) SITE_##id,
	REGWAIT_SITE_REASONS(X)
#undef X
	SITE_REASON_END
};
/* clang-format on */

#endif
