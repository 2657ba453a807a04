/* SPDX-License-Identifier: MIT */
/*
 * The version. This line is the only place that states it: the statistics, the note in
 * libregwait.so and the command include it; the Makefile takes it from here for the manual pages,
 * regwait.pc and the packages.
 */
#ifndef REGWAIT_VERSION_H
#define REGWAIT_VERSION_H

#define REGWAIT_VERSION "0.1.0"

/* The ELF note in libregwait.so that holds the version. */
#define REGWAIT_NOTE_OWNER   "regwait"
#define REGWAIT_NOTE_VERSION 1

#endif
