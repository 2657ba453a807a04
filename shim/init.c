/* SPDX-License-Identifier: MIT */
/*
 * The library's one constructor and one destructor. A program may call us before the constructor
 * (from another library's constructor) or after the destructor (from another's destructor): the
 * exported functions work without what is done here, or do it themselves.
 */
#include "base/config.h"
#include "base/libc.h"
#include "base/next.h"
#include "process/process.h"
#include "process/stats.h"
#include "wait/stand_in.h"
#include "symbols/start.h"
#include "sites/sites.h"

static __attribute__((constructor)) void begin(void)
{
	config_load();
	close_start();
	thread_start();
	dl_start();
	syscall_start();
	if (!libc_is_glibc())
		return;
	stand_in_start(config.spin_auto ? looking_where_it_pays : looking_always);
	next_start();
	process_start();
	stats_start();
	sites_start();
	/* With REGWAIT_LIVE the stats page exists from the start, before the first ring. */
	if (config.live)
		process_get();
}

static __attribute__((destructor)) void finish(void)
{
	stats_write();
}
