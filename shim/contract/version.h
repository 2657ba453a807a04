/* SPDX-License-Identifier: MIT */
/*
 * The version. Everything has it from this line: the statistics, the note in libregwait.so, the
 * command, and by the Makefile the manual pages, regwait.pc and the packages.
 */
#ifndef REGWAIT_VERSION_H
#define REGWAIT_VERSION_H

#define REGWAIT_VERSION "0.1.0"

/* The ELF note that tells it of a libregwait.so. */
#define REGWAIT_NOTE_OWNER   "regwait"
#define REGWAIT_NOTE_VERSION 1

#endif
