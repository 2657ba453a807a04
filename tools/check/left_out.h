/* SPDX-License-Identifier: MIT */
/*
 * What the environment says of a program: that the shim shall leave it alone.
 */
#ifndef REGWAIT_LEFT_OUT_H
#define REGWAIT_LEFT_OUT_H

/* The variable that leaves it out: REGWAIT, REGWAIT_SKIP or REGWAIT_ONLY; NULL: none does. */
const char *left_out_by(const char *program);

/* How it does: "REGWAIT_SKIP names". */
const char *left_out_how(const char *variable);

#endif
