/* SPDX-License-Identifier: MIT */
/*
 * regwait check PID: a process that is running.
 */
#ifndef REGWAIT_PROCESS_H
#define REGWAIT_PROCESS_H

#include <sys/types.h>

#include "common/report.h"
#include "diagnosis.h"

/*
 * Reports what the process is, and whether the shim is loaded into it. 0, or -1 after it has said
 * why the process cannot be looked at.
 */
int process_check(struct report *r, pid_t pid, struct diagnosis *d);

#endif
