/* SPDX-License-Identifier: MIT */
/*
 * Can memory that a wait's pointer leads to be read? For an invalid pointer the kernel returns
 * -EFAULT, where we would crash. So the first pointer into a page is tried. After 64 pages a
 * thread's pointers are trusted: arguments whose address changes all the time must not cost a
 * system call each.
 */
#ifndef REGWAIT_READABLE_H
#define REGWAIT_READABLE_H

#include <stddef.h>

#include "process/thread.h"

/* Of 4 KiB. Where the kernel has larger pages, each part of one is tried. */
#define TS_PAGE_SHIFT 12
#define PAGES_TRIED   64

/* These remember the page in me.ts_page and me.arg_page. In a sandbox no other can be read. */
bool timeout_is_readable(const struct __kernel_timespec *ts);
bool argument_is_readable(const void *arg, size_t size);

/* Can a ring's parameters be read and written? Restores what was there. */
bool params_are_writable(struct io_uring_params *p);

#endif
