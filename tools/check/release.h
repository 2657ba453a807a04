/* SPDX-License-Identifier: MIT */
/*
 * Which release a file is that is a liburing, without executing it.
 */
#ifndef REGWAIT_RELEASE_H
#define REGWAIT_RELEASE_H

#include "dynamic.h"

/* 100 * major + minor; 0: that cannot be told. */
unsigned release_of(struct dynamic *d, unsigned machine);

/* Are its rules for waits known to the shim? What cannot be told is taken for known. */
bool release_is_known(unsigned release);

#endif
