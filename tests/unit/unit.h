/* SPDX-License-Identifier: MIT */
/* What cmocka's header wants before it, and cmocka. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
