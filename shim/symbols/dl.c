/* SPDX-License-Identifier: MIT */
/*
 * dlclose() may unload a liburing, or an object that called one (base/next.h). So what is known of
 * these is forgotten, both before and after: other threads may call us meanwhile.
 */
#include <dlfcn.h>

#include "symbols/start.h"
#include "symbols/symbols.h"

static __typeof__(dlclose) *next_dlclose;

void dl_start(void)
{
	next_dlclose = (__typeof__(next_dlclose))dlsym(RTLD_NEXT, "dlclose");
}

EXPORT int dlclose(void *handle)
{
	int ret;

	if (!next_dlclose)
		dl_start(); /* called by another library's constructor, before ours */
	next_forget();
	ret = next_dlclose ? next_dlclose(handle) : -1;
	next_forget();
	return ret;
}
