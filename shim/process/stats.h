/* SPDX-License-Identifier: MIT */
/*
 * The counts that a process writes when it ends (REGWAIT_STATS).
 */
#ifndef REGWAIT_STATS_H
#define REGWAIT_STATS_H

/* At the start: whose counts are to be written at its end. */
void stats_start(void);

/* At the end: the counts, as lines of a key and a value, if REGWAIT_STATS wants them. */
void stats_write(void);

#endif
