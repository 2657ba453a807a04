/* SPDX-License-Identifier: MIT */
/*
 * The library's one constructor and one destructor. The program may call us before it, from another
 * library's constructor, or after it, from another's destructor: the exported functions work
 * without what is done here, or do it themselves.
 */
#include "base/config.h"
#include "base/next.h"
#include "process/process.h"
#include "process/stats.h"
#include "symbols/start.h"

static __attribute__((constructor)) void begin(void)
{
	config_load();
	close_start();
	thread_start();
	dl_start();
	syscall_start();
	next_start();
	process_start();
	stats_start();
	/* With REGWAIT_LIVE there is a stats page from the start, before the first ring. */
	if (config.live)
		process_get();
}

static __attribute__((destructor)) void finish(void)
{
	stats_write();
}
