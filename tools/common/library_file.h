/* SPDX-License-Identifier: MIT */
/*
 * The version of a file that may be libregwait.so.
 */
#ifndef REGWAIT_LIBRARY_FILE_H
#define REGWAIT_LIBRARY_FILE_H

#include <stddef.h>

/* The version that its note tells: 0; -ENODATA if it tells none, or why it cannot be read. */
int library_file_version(const char *path, char *version, size_t size);

#endif
