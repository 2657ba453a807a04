/* SPDX-License-Identifier: MIT */
/*
 * Registered bare enters that are not in a hurry, and those that look before they sleep.
 */
#include "wait/enter_look.h"

int enter_by_slot_slowly(const struct enter *e, struct origin origin)
{
	int ret = enter_with_slot(e, origin.frame);

	return enter_is_refused(ret) ? enter_refused_of(e, ret, origin_caller(origin)) : ret;
}

int enter_by_slot_looking(const struct enter *e, struct origin origin)
{
	/* In other modes only those come here that the coin has chosen. */
	const bool chosen = __atomic_load_n(live_mode, __ATOMIC_RELAXED) != MODE_ON;
	struct enter_rest r;
	struct look l;
	int ret;

	me.submitted += e->submit;
	if (!enter_may_look(e, &l, chosen))
		return enter_by_slot_slowly(e, origin);
	if (look_bare(&l)) {
		count_one(me.counts->registered);
		return l.ret;
	}
	enter_put_rest(&r, e, &l);
	ret = enter_by_slot_slowly(&r.e, origin);
	return l.ret ? l.ret : ret;
}
