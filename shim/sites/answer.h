/* SPDX-License-Identifier: MIT */
/*
 * What site_enter() returns if it has no answer.
 */
#ifndef REGWAIT_ANSWER_H
#define REGWAIT_ANSWER_H

#include "base/arch/site_entry.h"

#define NO_ANSWER ((long)SITE_NO_ANSWER)
/* Plus a negative errno: the kernel refused the registered wait, and did nothing else. */
#define REFUSED (4 * NO_ANSWER)

#endif
