/* SPDX-License-Identifier: MIT */
/*
 * One file of the process: has it a plan, and if its sites are left alone, why? For what is there at the start
 * (start.c) and what comes later (later.c).
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SITES

#include <string.h>
#include <sys/stat.h>

#include "base/arch/site_entry.h"
#include "base/config.h"
#include "base/libraries.h"
#include "base/log.h"
#include "contract/names.h"
#include "process/process.h"
#include "process/stats_page.h"
#include "process/threads.h"
#include "sites/sites.h"

void sites_leave(const char *path, enum site_reason why, unsigned nr)
{
	site_counts.left[why] += nr;
	log_error("%s: %u sites left alone, %s: %s", path, nr, site_reason_name(why),
		  site_reason_text(why));
}

/*
 * A directory in /proc has a link from each of its own: one for each thread, and two. libc does not
 * know of threads that were cloned without it.
 */
bool sites_have_one_thread(void)
{
	struct stat st;

	return threads_are_none() && !stat("/proc/self/task", &st) && st.st_nlink == 3;
}

/* What is reached by the names of its functions, and must not be reached twice. */
static bool is_by_names(const struct object *o, bool stays)
{
	static const char *const libc[] = { "libc.so.6", "libpthread.so.0", "ld-linux-x86-64.so.2",
					    "ld-linux-aarch64.so.1" };
	size_t i;

	if (library_is_us(o))
		return true;
	for (i = 0; i < sizeof(libc) / sizeof(libc[0]); i++)
		if (object_is(o, libc[i]))
			return true;
	return library_is_liburing(o) && library_is_by_names(o, process_peek(), stays);
}

void code_of(struct code *code, const struct object *o, const struct dl_phdr_info *info)
{
	*code = (struct code){
		.base = info->dlpi_addr,
		.start = o->start,
		.end = o->end,
		.phdr = info->dlpi_phdr,
		.nr_phdr = info->dlpi_phnum,
	};
}

void object_patch(const struct object *o, const struct code *code, const struct plan_key *key,
		  struct patching *how)
{
	const char *path = *o->path ? o->path : config.program;
	enum site_reason why = SITE_REASON_NONE;
	const struct plan *plan = plans_find(how->plans, key, &why);

	if (!plan) {
		if (why)
			sites_leave(path, why, 1);
		return;
	}
	why = how->why				 ? how->why :
	      plan->machine != ARCH_SITE_MACHINE ? SITE_PROCESSOR :
	      is_by_names(o, !how->later)	 ? SITE_BY_SYMBOLS :
						   code_patch(code, plan, &how->done);
	if (library_is_liburing(o))
		library_set_by_sites(o, !why);
	if (why) {
		sites_leave(path, why, plan->nr_sites);
		return;
	}
	site_counts.patched += plan->nr_sites;
	log_info("%s: %u sites patched", path, plan->nr_sites);
}

void sites_publish(void)
{
	/* Another library's constructor may have made a ring. */
	if (process_peek())
		process_peek()->stats_page->sites = site_counts;
}

#endif
