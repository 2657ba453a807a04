/* SPDX-License-Identifier: MIT */
/*
 * Loads a library that uses liburing, lets it wait, and unloads it: is anything left? unloads
 * LIBRARY... And how many keys can a program have?
 */
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int is_liburing(struct dl_phdr_info *info, size_t size, void *count)
{
	(void)size;
	*(int *)count += info->dlpi_name && strstr(info->dlpi_name, "liburing") != NULL;
	return 0;
}

int main(int argc, char **argv)
{
	int i, count, keys = 0, (*engine)(void);
	pthread_key_t key;
	void *library;

	for (i = 1; i < argc; i++) {
		library = dlopen(argv[i], RTLD_NOW);
		engine = library ? (int (*)(void))dlsym(library, "engine") : NULL;
		if (!engine || engine())
			return 1;
		dlclose(library);
		count = 0;
		dl_iterate_phdr(is_liburing, &count);
		printf("after unloading %d: %d liburing\n", i, count);
		library = dlopen(argv[i], RTLD_NOW | RTLD_NOLOAD);
		printf("and the library is %s\n", library ? "still there" : "gone");
		if (library)
			dlclose(library);
	}
	while (!pthread_key_create(&key, NULL))
		keys++;
	printf("%d keys\n", keys);
	return 0;
}
