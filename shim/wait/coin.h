/* SPDX-License-Identifier: MIT */
/*
 * The coin by which modes ab and aa choose a variant for each wait.
 */
#ifndef REGWAIT_COIN_H
#define REGWAIT_COIN_H

#include "contract/histogram.h"

/* A fair coin for each thread with a slot, seeded by REGWAIT_SEED and the slot. */
enum regwait_variant coin_toss(void);

#endif
