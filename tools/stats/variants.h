/* SPDX-License-Identifier: MIT */
/*
 * What a process that ran under REGWAIT=ab measured of itself.
 */
#ifndef REGWAIT_ARMS_H
#define REGWAIT_ARMS_H

#include "common/report.h"
#include "stats_page.h"

/*
 * Adds to a report: how many waits each arm has, and the difference per wait with
 * its 95 % interval, of waits that did not sleep. Says so where the page holds no
 * times. seed: of the bootstrap.
 */
void variants_report(struct report *r, const struct stats_page *p, uint64_t seed);

#endif
