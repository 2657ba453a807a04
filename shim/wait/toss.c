/* SPDX-License-Identifier: MIT */
/*
 * Tosses a coin for a wait, and keeps its time.
 */
#include "process/stats_page.h"
#include "process/thread.h"
#include "wait/clock.h"
#include "wait/coin.h"
#include "wait/toss.h"

void toss_coin(struct toss *t, struct process *p)
{
	t->variants = stats_page_variants(p->stats_page, me.offset / sizeof(struct reg_wait));
	t->variant = coin_toss();
	t->looks = false;
	t->start = clock_now();
}

void toss_end(const struct toss *t)
{
	uint64_t took = clock_now() - t->start;

	if (t->variants)
		t->variants->variant[t->variant].bucket[histogram_bucket(took)]++;
}

bool toss_begin(struct toss *t)
{
	struct process *p = process_peek();
	unsigned mode;

	if (!p || process_sandboxed)
		return false;
	mode = __atomic_load_n(live_mode, __ATOMIC_RELAXED);
	if ((mode != MODE_AB && mode != MODE_AA) || !thread_take_slot(p))
		return false;
	toss_coin(t, p);
	t->looks = t->variant == VARIANT_REGISTERED && mode == MODE_AB;
	return t->variants;
}
