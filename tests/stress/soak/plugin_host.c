/* SPDX-License-Identifier: MIT */
/*
 * plugin_host PLUGIN... TIMES: a program without liburing that loads plugins which have it, uses
 * them, and unloads them, TIMES times.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "mappings.h"

static const char *path;

static int use(unsigned n)
{
	void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	int (*work)(unsigned) = plugin ? (int (*)(unsigned))dlsym(plugin, "plugin_work") : NULL;
	int wrong;

	if (!work) {
		fprintf(stderr, "plugin_host: %s: %s\n", path, dlerror());
		return 1;
	}
	wrong = work(n);
	if (wrong)
		fprintf(stderr, "plugin_host: %s: step %d went wrong in use %u\n", path, wrong, n);
	return dlclose(plugin) || wrong;
}

/* In a thread of its own, so that its slot is given back after the plugin has gone. */
static void *use_in_thread(void *arg)
{
	return use(*(unsigned *)arg) ? arg : NULL;
}

int main(int argc, char **argv)
{
	unsigned i, times = argc > 2 ? atoi(argv[argc - 1]) : 0;
	long before = 0, after;
	pthread_t thread;
	void *wrong;
	int bad = 0;

	for (i = 0; i < times + 4; i++) {
		path = argv[1 + i % (argc - 2)];
		bad |= use(i);
		if (pthread_create(&thread, NULL, use_in_thread, &i))
			return 1;
		pthread_join(thread, &wrong);
		bad |= wrong != NULL;
		if (i == 3)
			before = mappings_count();
	}
	after = mappings_count();
	if (after > before + 4 && !getenv("SOAK_SANITIZED")) {
		fprintf(stderr, "plugin_host: mappings: %ld before, %ld after\n", before, after);
		bad = 1;
	}
	return !times || bad;
}
