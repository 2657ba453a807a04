/* SPDX-License-Identifier: MIT */
/*
 * May a pointer that came with a wait be followed? To one that leads nowhere the kernel answers
 * -EFAULT, where we would crash. So the first one in a page is tried. After 64 pages a thread's
 * pointers are trusted: arguments that move all the time must not cost a system call each.
 */
#ifndef REGWAIT_READABLE_H
#define REGWAIT_READABLE_H

#include <stddef.h>

#include "process/thread.h"

#define TS_PAGE_SHIFT 12
#define PAGES_TRIED   64

/* The page is remembered in me.ts_page or me.arg_page. */
bool timeout_is_readable(const struct __kernel_timespec *ts);
bool argument_is_readable(const void *arg, size_t size);

/* From here on, this thread's pointers are followed untried: it enters a sandbox. */
void readable_ask_no_more(void);

/* Those of a ring, which are also written. Restores what was there. */
bool params_are_writable(struct io_uring_params *p);

#endif
