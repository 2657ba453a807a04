/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: whoever asks for the size of a memory page is told 64 KiB. No kernel of Debian's has
 * such pages, and what is laid out for them works with smaller ones.
 */
#include <dlfcn.h>
#include <sys/auxv.h>
#include <unistd.h>

#define PAGE 65536

unsigned long getauxval(unsigned long type)
{
	unsigned long (*next)(unsigned long) =
		(unsigned long (*)(unsigned long))dlsym(RTLD_NEXT, "getauxval");

	return type == AT_PAGESZ ? PAGE : next(type);
}

long sysconf(int name)
{
	long (*next)(int) = (long (*)(int))dlsym(RTLD_NEXT, "sysconf");

	return name == _SC_PAGESIZE ? PAGE : next(name);
}
