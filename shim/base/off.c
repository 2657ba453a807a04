/* SPDX-License-Identifier: MIT */
#include "base/off.h"

uintptr_t off_page;
uintptr_t off_pages[OFF_PAGES];
struct next off_next;

static void forget(void)
{
	unsigned i;

	__atomic_store_n(&off_page, 0, __ATOMIC_RELAXED);
	for (i = 0; i < OFF_PAGES; i++)
		__atomic_store_n(&off_pages[i], 0, __ATOMIC_RELAXED);
}

static void remember(uintptr_t page)
{
	uintptr_t none;
	unsigned i;

	__atomic_store_n(&off_page, page, __ATOMIC_RELEASE);
	for (i = 0; i < OFF_PAGES; i++) {
		none = 0;
		if (__atomic_compare_exchange_n(&off_pages[i], &none, page, false,
						__ATOMIC_RELEASE, __ATOMIC_RELAXED) ||
		    none == page)
			return;
	}
}

/*
 * Several threads may be here at once, and others on their way through off_next: it is
 * filled once, before the first page is shown, and never changed. With two liburings in
 * the process nothing is remembered any more.
 */
const struct next *off_find(const void *caller)
{
	static int state;	/* 0: empty, 1: being filled, 2: filled */
	const struct next *next = next_for(caller);
	int empty = 0;

	if (next_count() != 1 || !next->version || !next_stays(caller)) {
		if (next_count() > 1)
			forget();
		return next;
	}
	if (__atomic_compare_exchange_n(&state, &empty, 1, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE)) {
		off_next = *next;
		__atomic_store_n(&state, 2, __ATOMIC_RELEASE);
		empty = 2;
	}
	if (empty == 2)
		remember((uintptr_t)caller >> OFF_PAGE_SHIFT);
	return next;
}
