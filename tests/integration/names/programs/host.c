/* SPDX-License-Identifier: MIT */
/* Loads libraries, one after the other, and runs their engines: host local|global LIBRARY... */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	int i, how = RTLD_NOW | (argc > 1 && !strcmp(argv[1], "global") ? RTLD_GLOBAL : 0);
	int (*engine)(void);
	void *library;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 2; i < argc; i++) {
		library = dlopen(argv[i], how);
		if (!library) {
			puts(dlerror());
			return 2;
		}
		engine = (int (*)(void))dlsym(library, "engine");
		printf("engine %d returns %d\n", i, engine());
	}
	return 0;
}
