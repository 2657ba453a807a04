/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_REASONS_NAMES_H
#define REGWAIT_REASONS_NAMES_H

#include "contract/reasons.h"

/* The name in statistics, and what it means, of a reason other than REASON_NONE. */
const char *reason_name(enum regwait_reason why);
const char *reason_text(enum regwait_reason why);

#endif
