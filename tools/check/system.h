/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_SYSTEM_H
#define REGWAIT_SYSTEM_H

#include "common/report.h"

/* The one line and the one command that a check ends with. The first objection stays. */
struct verdict {
	bool good;
	char text[256];
	char next[256];
};

void verdict_no(struct verdict *v, const char *next, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void verdict_yes(struct verdict *v, const char *next, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What this system can do: kernel, permission, registered waits, limits, a live test. */
void system_report(struct report *r, struct verdict *v);

#endif
