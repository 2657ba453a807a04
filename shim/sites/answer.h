/* SPDX-License-Identifier: MIT */
/*
 * What the functions of sites/enter.c return if they have no answer.
 */
#ifndef REGWAIT_ANSWER_H
#define REGWAIT_ANSWER_H

#include "base/arch/site_entry.h"

#define NO_ANSWER ((long)SITE_NO_ANSWER)
#define REFUSED	  ((long)SITE_REFUSED)

#endif
