/* SPDX-License-Identifier: MIT */
/*
 * What it costs a wait to be observed, on this machine: REGWAIT=observe reads the clock twice for each.
 */
#ifndef REGWAIT_WATCHING_H
#define REGWAIT_WATCHING_H

#include <stdbool.h>

#include "common/saving.h"

/* The part that runs under the shim: times waits that it sees and waits that it does not. */
int watching_program(void);

/* ns per wait; takes about 50 ms. False: it cannot be measured here. */
bool watching_cost(struct saving *each);

#endif
