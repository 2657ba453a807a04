/* SPDX-License-Identifier: MIT */
/*
 * REGWAIT=off, as cheap as it can be: the page of code that waited last, and the functions
 * that its waits go to. Only code that is never unloaded is remembered so: the program's
 * own, and the liburing's that we hold.
 */
#ifndef REGWAIT_OFF_H
#define REGWAIT_OFF_H

#include "base/next.h"

#define OFF_PAGE_SHIFT	12
#define OFF_PAGES	8

/* 0, which is nobody's page, unless the mode is off. */
extern uintptr_t off_page __attribute__((visibility("hidden")));
extern uintptr_t off_pages[OFF_PAGES] __attribute__((visibility("hidden")));
extern struct next off_next __attribute__((visibility("hidden")));

/* Code that waited last; for waits. */
static inline bool off_knows(const void *caller)
{
	return (uintptr_t)caller >> OFF_PAGE_SHIFT == off_page;
}

/* Finds out whom this caller's calls go to; remembers it if it may. */
const struct next *off_find(const void *caller) __attribute__((cold));

/* The same, for what is not a wait: several pages are remembered. */
static inline const struct next *off_look_up(const void *caller)
{
	uintptr_t page = (uintptr_t)caller >> OFF_PAGE_SHIFT;
	unsigned i;

	for (i = 0; i < OFF_PAGES && off_pages[i]; i++)
		if (off_pages[i] == page)
			return &off_next;
	return off_find(caller);
}

#endif
