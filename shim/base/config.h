/* SPDX-License-Identifier: MIT */
/*
 * The options of this process, read once from its environment.
 */
#ifndef REGWAIT_CONFIG_H
#define REGWAIT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "contract/options.h"

struct config {
	bool loaded;	    /* set last */
	unsigned char mode; /* enum regwait_mode, as it was at the start */
	enum regwait_log log;
	bool poll;
	bool syscalls;
	enum regwait_ringfd ringfd;
	bool live;
	int run; /* REGWAIT_RUN */
	unsigned seed;
	unsigned slots;	       /* threads that may hold one */
	int max_rings;	       /* -1: by the memory lock limit */
	size_t memory_page;    /* bytes */
	uint64_t random;       /* which the kernel gave this program */
	char program[32];      /* its name */
	char stats[4096];      /* "", "1" or a file name */
	char complaints[1024]; /* lines about variables that were not understood */
};

/* Hidden, as all that is shared within the library: no detour over the GOT. */
extern struct config config __attribute__((visibility("hidden")));

static inline size_t memory_page(void)
{
	return config.memory_page ? config.memory_page : (size_t)sysconf(_SC_PAGESIZE);
}

/* Reads the environment if that was not done yet. Never fails, never allocates. */
void config_load(void);

/* The parsing itself, for a test to call: environ-like list, program's name. */
void config_parse(struct config *c, char **env, const char *program);

#endif
