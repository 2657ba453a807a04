/* SPDX-License-Identifier: MIT */
/*
 * Tells what the shim did in a program that this process becomes by exec. Another process does it,
 * the watcher: it is no child of the program's, gets none of its signals, and ends after it.
 */
#ifndef REGWAIT_WATCH_H
#define REGWAIT_WATCH_H

#include "common/launch.h"
#include "tell.h"

struct watch {
	int process; /* descriptor of this process */
	int failed;  /* written to if the exec failed */
};

/*
 * Starts the watcher, and marks the run. The watcher calls at_end with what was counted. 0, or
 * -errno: -ECHILD if every process that we start would remain a child of the program.
 */
int watch_start(struct watch *w, struct launch *l, const struct telling *how,
		void (*at_end)(struct tally *t, void *arg), void *arg);

/* The program could not be executed: tells the watcher to end. */
void watch_cancel(const struct watch *w);

#endif
