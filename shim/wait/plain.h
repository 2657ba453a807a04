/* SPDX-License-Identifier: MIT */
/*
 * Waits and bare enters that are left to the program's own liburing.
 */
#ifndef REGWAIT_PLAIN_H
#define REGWAIT_PLAIN_H

#include "base/next.h"
#include "wait/enter.h"

/*
 * A plain wait: the program's own liburing, unchanged arguments. io_uring_wait_cqe_timeout() is not
 * called: it would call io_uring_wait_cqes() through the library's PLT, and so come to us again. In
 * every release it is io_uring_wait_cqes() for one completion, which is called instead.
 */
int wait_plain(const struct wait *w, const struct next *next) __attribute__((visibility("hidden")));

/* A plain bare enter, as the program made it. */
int enter_plain(const struct enter *e, const void *caller) __attribute__((visibility("hidden")));

#endif
