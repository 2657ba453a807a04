/* SPDX-License-Identifier: MIT */
/*
 * Does the environment tell the shim to leave a program alone?
 */
#ifndef REGWAIT_LEFT_OUT_H
#define REGWAIT_LEFT_OUT_H

/* The variable that leaves it out: REGWAIT, REGWAIT_SKIP or REGWAIT_ONLY; NULL: none does. */
const char *left_out_by(const char *program);

/* Its words for messages, like "REGWAIT_SKIP names". */
const char *left_out_how(const char *variable);

#endif
