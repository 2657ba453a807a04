/* SPDX-License-Identifier: MIT */
/*
 * Where make install puts the library. Empty in a command that was not installed.
 */
#ifndef REGWAIT_LIBRARY_PLACE_H
#define REGWAIT_LIBRARY_PLACE_H

extern const char library_place[];	    /* the directory, "/usr/lib64" for example */
extern const char library_place_from_bin[]; /* from the command's: "../lib64" */

#endif
