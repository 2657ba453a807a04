/* SPDX-License-Identifier: MIT */
/*
 * What a process under REGWAIT=ab measured of itself.
 */
#ifndef REGWAIT_VARIANTS_H
#define REGWAIT_VARIANTS_H

#include "common/report.h"
#include "stats_page.h"

/*
 * Adds to a report: how many waits each variant has, and the difference per wait with
 * its 95 % interval, of waits that did not sleep; of all, if some looked before they slept. seed: of
 * the bootstrap.
 */
void variants_report(struct report *r, const struct times *t, bool looked, uint64_t seed);

#endif
