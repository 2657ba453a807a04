/* SPDX-License-Identifier: MIT */
/*
 * Words for the numbers of contract/, for the library and the tools.
 */
#ifndef REGWAIT_CONTRACT_NAMES_H
#define REGWAIT_CONTRACT_NAMES_H

#include "options.h"
#include "reasons.h"

/* The name in statistics, and what it means, of a reason other than REASON_NONE. */
const char *reason_name(enum regwait_reason why);
const char *reason_text(enum regwait_reason why);

/* The value of REGWAIT for a mode, "unknown" for what is none. */
const char *mode_name(unsigned mode);

/* The mode of this name, or -1. */
int mode_by_name(const char *name);

#endif
