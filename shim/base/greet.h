/* SPDX-License-Identifier: MIT */
/*
 * Reports about variables that were not understood.
 */
#ifndef REGWAIT_GREET_H
#define REGWAIT_GREET_H

/* Reports variables that were not understood, if there are any, and only once. */
void config_greet(void);

#endif
