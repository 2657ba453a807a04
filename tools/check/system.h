/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_SYSTEM_H
#define REGWAIT_SYSTEM_H

#include "common/report.h"
#include "diagnosis.h"

/* What this system can do: kernel, permission, registered waits, limits, a live test. */
void system_report(struct report *r, struct diagnosis *d);

#endif
