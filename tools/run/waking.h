/* SPDX-License-Identifier: MIT */
/*
 * What it costs on this machine to sleep and be woken by another processor.
 */
#ifndef REGWAIT_WAKING_H
#define REGWAIT_WAKING_H

#include <stdbool.h>

#include "common/saving.h"

/* ns per sleep; takes about 50 ms. False: there is one processor, or it cannot be measured. */
bool waking_cost(struct saving *each);

#endif
