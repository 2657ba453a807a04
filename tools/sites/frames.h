/* SPDX-License-Identifier: MIT */
/*
 * Reads .eh_frame, in which compilers say where each function begins and ends.
 */
#ifndef REGWAIT_FRAMES_H
#define REGWAIT_FRAMES_H

#include "image.h"

/* Finds the functions of the file by its PT_GNU_EH_FRAME segment. */
void frames_read(struct code *c);

#endif
