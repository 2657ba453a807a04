/* SPDX-License-Identifier: MIT */
/*
 * Waits and bare enters that the program's own liburing makes.
 */
#ifndef REGWAIT_PLAIN_H
#define REGWAIT_PLAIN_H

#include "base/next.h"
#include "wait/enter.h"

/*
 * The plain way: the program's own liburing, untouched arguments. Not by a name that leads on to
 * another through the library's PLT, which would bring it to us again: of these there is one,
 * io_uring_wait_cqe_timeout(), which in every release is io_uring_wait_cqes() for one completion.
 */
int wait_plain(const struct wait *w, const struct next *next) __attribute__((visibility("hidden")));

/* A bare enter, as the program made it. */
int enter_plain(const struct enter *e, const void *caller) __attribute__((visibility("hidden")));

#endif
