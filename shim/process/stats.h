/* SPDX-License-Identifier: MIT */
/*
 * The counts that a process writes when it ends (REGWAIT_STATS).
 */
#ifndef REGWAIT_STATS_H
#define REGWAIT_STATS_H

/* At the start: notes which process is to write its counts in any case. */
void stats_start(void);

/* At the end: writes the counts, if REGWAIT_STATS asks for them. */
void stats_write(void);

#endif
