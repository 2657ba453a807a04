/* SPDX-License-Identifier: MIT */
/*
 * Patches the sites at the start, if REGWAIT_SITES asks for it.
 *
 * It is done before main() and while there is one thread: nobody executes what is changed. Signals
 * are blocked, for a handler may be code of the program. Whatever is in doubt is left as it is, and
 * counted for a reason.
 */
#include "base/arch/arch.h"
#include "base/config.h"
#include "process/stats_page.h"
#include "sites/sites.h"

#if ARCH_HAS_SITES

#include "base/arch/site_entry.h"
#include "base/signals.h"
#include "process/process.h"

static enum site_reason reason_of_process(void)
{
	if (!site_start())
		return SITE_PROCESSOR;
	if (!sites_have_one_thread())
		return SITE_THREADS;
	return SITE_REASON_NONE;
}

static int see_object(struct dl_phdr_info *info, size_t size, void *how)
{
	struct plan_key key;
	struct object o;
	struct code c;

	(void)size;
	object_read(&o, info);
	code_of(&c, &o, info);
	if (code_key(&c, &key))
		object_patch(&o, &c, &key, how);
	return 0;
}

static __attribute__((noinline, cold)) void follow_plans(const char *path)
{
	enum site_reason why = reason_of_process();
	struct plans plans = { .dir = -1 };
	struct patching how = { .plans = &plans };
	struct signals signals;
	int saved = errno;

	if (!why)
		why = plans_open(&plans, path);
	if (why) {
		sites_leave(path, why, 1);
	} else {
		signals = signals_block(true);
		dl_iterate_phdr(see_object, &how);
		signals_restore(&signals);
		later_start(path);
	}
	plans_close(&plans);
	sites_publish();
	errno = saved;
}

void sites_start(void)
{
	if (config.sites && *config.sites && config.mode != MODE_OFF)
		follow_plans(config.sites);
}

#else

void sites_start(void)
{
	if (config.sites && *config.sites && config.mode != MODE_OFF)
		site_counts.left[SITE_PROCESSOR]++;
}

#endif
