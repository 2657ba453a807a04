/* SPDX-License-Identifier: MIT */
/*
 * Tosses a coin for waits without a timeout, and times them.
 */
#include "base/kernel.h"
#include "process/stats_page.h"
#include "process/thread.h"
#include "wait/coin.h"
#include "wait/toss.h"

bool toss_begin(struct toss *t)
{
	struct process *p = process_peek();
	unsigned mode;

	if (!p || process_sandboxed)
		return false;
	mode = __atomic_load_n(live_mode, __ATOMIC_RELAXED);
	if ((mode != MODE_AB && mode != MODE_AA) || !thread_take_slot(p))
		return false;
	t->variants = stats_page_variants(p->stats_page, me.offset / sizeof(struct reg_wait));
	if (!t->variants)
		return false;
	t->variant = coin_toss();
	t->looks = t->variant == VARIANT_REGISTERED && mode == MODE_AB;
	t->start = kernel_time(CLOCK_MONOTONIC);
	return true;
}

void toss_end(const struct toss *t)
{
	uint64_t took = kernel_time(CLOCK_MONOTONIC) - t->start;

	t->variants->variant[t->variant].bucket[histogram_bucket(took)]++;
}
