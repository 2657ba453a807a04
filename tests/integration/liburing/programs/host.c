/* SPDX-License-Identifier: MIT */
/*
 * A program that knows nothing of liburing and loads plugins that do:
 *	host open=FILE run close open=FILE open=FILE run=0 run=1 ...
 * open loads one more with RTLD_LOCAL (global= with RTLD_GLOBAL), run calls the
 * last one or the one of that number, close unloads the last one. where tells
 * by its number whether a plugin was loaded to an address that another had.
 */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLUGINS_MAX 16

static void *plugins[PLUGINS_MAX];
static unsigned nr_plugins;

static void fail(const char *what, const char *why)
{
	printf("host: %s: %s\n", what, why);
	exit(1);
}

static void load(const char *file, int mode)
{
	if (nr_plugins == PLUGINS_MAX)
		fail(file, "too many plugins");
	plugins[nr_plugins] = dlopen(file, RTLD_NOW | mode);
	if (!plugins[nr_plugins])
		fail(file, dlerror());
	nr_plugins++;
}

static void run(unsigned i)
{
	void (*plugin_run)(void);

	if (i >= nr_plugins)
		fail("run", "no such plugin");
	plugin_run = (void (*)(void))dlsym(plugins[i], "plugin_run");
	if (!plugin_run)
		fail("plugin_run", dlerror());
	plugin_run();
}

/* On standard error, which tests that compare addresses look at. */
static void tell_where(void)
{
	struct link_map *map = plugins[nr_plugins - 1];

	fprintf(stderr, "at %p, link map %p\n", (void *)map->l_ld, (void *)map);
}

int main(int argc, char **argv)
{
	int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "open=", 5))
			load(argv[i] + 5, RTLD_LOCAL);
		else if (!strncmp(argv[i], "global=", 7))
			load(argv[i] + 7, RTLD_GLOBAL);
		else if (!strcmp(argv[i], "run"))
			run(nr_plugins - 1);
		else if (!strncmp(argv[i], "run=", 4))
			run(atoi(argv[i] + 4));
		else if (!strcmp(argv[i], "where"))
			tell_where();
		else if (!strcmp(argv[i], "close") && nr_plugins)
			dlclose(plugins[--nr_plugins]);
		else
			fail(argv[i], "not understood");
	}
	return 0;
}
