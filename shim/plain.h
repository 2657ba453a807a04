/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_PLAIN_H
#define REGWAIT_PLAIN_H

#include "next.h"
#include "wait.h"

/* The plain way: the program's own liburing, untouched arguments. */
int wait_plain(const struct wait *w, const struct next *next);

#endif
