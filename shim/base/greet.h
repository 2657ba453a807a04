/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_GREET_H
#define REGWAIT_GREET_H

/* Tells the complaints about variables, if there are any and it was not done yet. */
void config_greet(void);

#endif
