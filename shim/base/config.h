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
	bool no_iowait;	    /* REGWAIT_IOWAIT=off, in a mode that changes something */
	unsigned spin;	    /* REGWAIT_SPIN: microseconds; 0: waits do not look before they sleep */
	bool spin_auto;	    /* only where it pays (wait/learn.h) */
	bool coop;	    /* REGWAIT_TASKRUN=coop */
	bool watches;	    /* waits without a timeout are timed, too: mode observe */
	bool enters_change; /* bare enters that are not registered are not made as they are, either */
	bool live;
	int run; /* REGWAIT_RUN */
	unsigned seed;
	unsigned slots;	       /* how many threads may own one */
	int max_rings;	       /* -1: as RLIMIT_MEMLOCK allows */
	size_t memory_page;    /* bytes */
	uint64_t random;       /* the first 8 bytes of AT_RANDOM */
	bool complained;       /* there are complaints */
	const char *sites;     /* in the environment: only for the start */
	char program[32];      /* its name */
	char stats[4096];      /* "", "1" or a file name */
	char complaints[1024]; /* lines about variables that were not understood */
};

/* Hidden, like all that files of this library share: then no access goes through the GOT. */
extern struct config config __attribute__((visibility("hidden")));

static inline size_t memory_page(void)
{
	return config.memory_page ? config.memory_page : (size_t)sysconf(_SC_PAGESIZE);
}

/* Reads the environment, unless that has been done. Never fails, never allocates. */
void config_load(void);

/*
 * Parses a list like environ for the program of this name, into a struct of zeroes: what need not
 * be written is not, since each page that is touched costs the program's start a microsecond or two.
 * Apart from config_load() for the tests.
 */
void config_parse(struct config *c, char **env, const char *program);

#endif
