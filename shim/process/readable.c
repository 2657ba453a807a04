/* SPDX-License-Identifier: MIT */
/*
 * Tries whether memory can be read or written, by a system call that fails if it cannot.
 */
#include "base/kernel.h"
#include "process/readable.h"

static bool try_page(const void *start, size_t size, uintptr_t *known)
{
	const char *last = (const char *)start + size - 8;
	uintptr_t page = (uintptr_t)start >> TS_PAGE_SHIFT;

	if (page == *known)
		return true;
	/* The kernel cannot be asked there, and whoever looks for a fast way may as well give up. */
	if (process_sandboxed)
		return false;
	if (me.pages_tried < PAGES_TRIED) {
		/* Only what could be read counts: who passes bad pointers is never trusted. */
		if (!is_readable(start) || !is_readable(last))
			return false;
		me.pages_tried++;
	}
	*known = page;
	return true;
}

bool params_are_writable(struct io_uring_params *p)
{
	static __thread uintptr_t known = ~(uintptr_t)0;
	uintptr_t first = (uintptr_t)p >> TS_PAGE_SHIFT;
	uintptr_t last = ((uintptr_t)(p + 1) - 1) >> TS_PAGE_SHIFT;

	/* A program that makes many rings often keeps the structure in the same place. */
	if (first == known && last == known)
		return true;
	if (!is_writable(p, sizeof(*p)))
		return false;
	known = last;
	return true;
}

bool timeout_is_readable(const struct __kernel_timespec *ts)
{
	return try_page(ts, sizeof(*ts), &me.ts_page);
}

bool argument_is_readable(const void *arg, size_t size)
{
	return try_page(arg, size, &me.arg_page);
}
