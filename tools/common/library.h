/* SPDX-License-Identifier: MIT */
/*
 * Finds libregwait.so and adds it to LD_PRELOAD.
 */
#ifndef REGWAIT_LIBRARY_H
#define REGWAIT_LIBRARY_H

/* Beside this command, or where it is installed. NULL: it cannot be used; see below. */
const char *library_path(void);

/* Why library_path is NULL: a sentence. */
const char *library_reason(void);

/* The path of another file of ours in its directory, wherever that is. NULL: it is not there. */
const char *library_beside(const char *file);

/* Adds it to LD_PRELOAD, behind what is there already. 0, or -ENOMEM. */
int library_preload(void);

#endif
