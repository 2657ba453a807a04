/* SPDX-License-Identifier: MIT */
/*
 * The ways of waiting that are compared. Plain and shim are one kind (and one binary): the shim is
 * preloaded, not compiled in.
 */
#ifndef REGWAIT_BENCH_KINDS_H
#define REGWAIT_BENCH_KINDS_H

enum kind {
	/* An unmodified program: liburing's timed wait. */
	KIND_TIMED,
	/* The same program rewritten: liburing's registered wait, own region. */
	KIND_REG,
	/* The same loop with no timeout. */
	KIND_UNTIMED,
	/* The bare system call with a prepared slot, inlined into the loop. */
	KIND_BARE,
	KIND_COUNT
};

/* clang-format off */
#define KIND_NAMES { "timed", "reg", "untimed", "bare" }
/* clang-format on */

#endif
