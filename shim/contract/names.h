/* SPDX-License-Identifier: MIT */
/*
 * Reasons and modes as words, for the library and the tools.
 */
#ifndef REGWAIT_CONTRACT_NAMES_H
#define REGWAIT_CONTRACT_NAMES_H

#include "look_reasons.h"
#include "options.h"
#include "reasons.h"
#include "site_reasons.h"

/* A reason's name in statistics, and what it means. Not for REASON_NONE. */
const char *reason_name(enum regwait_reason why);
const char *reason_text(enum regwait_reason why);

/* The same for sites. Not for SITE_REASON_NONE. */
const char *site_reason_name(enum site_reason why);
const char *site_reason_text(enum site_reason why);

/* The same for waits that do not look. Not for LOOK_REASON_NONE. */
const char *look_reason_name(enum look_reason why);
const char *look_reason_text(enum look_reason why);

/* The value of REGWAIT that stands for a mode; "unknown" if there is no such mode. */
const char *mode_name(unsigned mode);

/* The mode with this name, or -1. */
int mode_by_name(const char *name);

#endif
