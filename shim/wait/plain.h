/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_PLAIN_H
#define REGWAIT_PLAIN_H

#include "base/next.h"
#include "wait/engine.h"

/*
 * The plain way: the program's own liburing, untouched arguments. Most releases call
 * io_uring_wait_cqes() through their PLT on the way, which comes to us again: it is known
 * by me.plain, and neither counted nor looked at.
 */
int wait_plain(const struct wait *w, const struct next *next);

#endif
