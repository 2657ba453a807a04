/* SPDX-License-Identifier: MIT */
/*
 * Loads the decoder, which lies beside libregwait.so.
 */
#include <dlfcn.h>
#include <stdio.h>

#include "common/library.h"
#include "decoder.h"

static const struct decoder *found;
static char reason[512];

static void load(void)
{
	const char *path = library_beside(DECODER_FILE);
	void *handle = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

	if (!path) {
		snprintf(reason, sizeof(reason),
			 "no " DECODER_FILE
			 " lies beside libregwait.so; it is built where Zydis is");
		return;
	}
	found = handle ? dlsym(handle, DECODER_SYMBOL) : NULL;
	if (!found) {
		snprintf(reason, sizeof(reason), "the decoder cannot be loaded: %s", dlerror());
	} else if (found->version != DECODER_VERSION) {
		snprintf(reason, sizeof(reason), "%s is of another version", path);
		found = NULL;
	}
}

const struct decoder *decoder(void)
{
	if (!found && !*reason)
		load();
	return found;
}

const char *decoder_reason(void)
{
	return decoder() ? NULL : reason;
}
