/* SPDX-License-Identifier: MIT */
/*
 * Why the kernel refuses io_uring here: the cause, and a command that removes it.
 */
#ifndef REGWAIT_REFUSED_H
#define REGWAIT_REFUSED_H

#include "probe.h"

struct refused {
	char text[256];	  /* a sentence */
	const char *next; /* a command */
};

/* kernel.io_uring_disabled; -1: this kernel has no such switch, or there is no /proc. */
int refused_switch(void);

/* Was this process started under a seccomp filter, by a container or a service manager? */
int refused_filter(void);

/*
 * Finds the cause for a probe that does not work: no ring could be made, or the area was refused.
 */
void refused_explain(const struct probe *p, struct refused *r);

#endif
