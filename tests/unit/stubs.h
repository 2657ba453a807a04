/* SPDX-License-Identifier: MIT */
/* The plugins and liburings that lie beside the program (stubs/). */
#ifndef STUBS_H
#define STUBS_H

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

static char stubs[4096];

static inline void stubs_find(void)
{
	ssize_t n = readlink("/proc/self/exe", stubs, sizeof(stubs) - 8);

	stubs[n > 0 ? n : 0] = 0;
	strcpy(strrchr(stubs, '/'), "/stubs");
}

static inline void *plugin_if(const char *name, int flags)
{
	char path[sizeof(stubs) + 64];

	snprintf(path, sizeof(path), "%s/%s", stubs, name);
	return dlopen(path, flags);
}

static inline void *plugin(const char *name)
{
	void *handle = plugin_if(name, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		fail_msg("%s", dlerror());
	return handle;
}

#endif
