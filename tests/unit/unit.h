/* SPDX-License-Identifier: MIT */
/* What cmocka's header wants before it, and cmocka. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* cmocka 2 has other names than cmocka 1 for it. */
#define assert_between(value, low, high) \
	do { \
		assert_true((intmax_t)(value) >= (intmax_t)(low)); \
		assert_true((intmax_t)(value) <= (intmax_t)(high)); \
	} while (0)

#endif
