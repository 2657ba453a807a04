/* SPDX-License-Identifier: MIT */
/*
 * Is descriptor 2 standard error? A program that was started without standard error, or closes it,
 * may get the number for a file with its data, into which we must not write messages.
 *
 * Nothing is looked up unless a message may follow.
 */
#ifndef REGWAIT_STDERR_H
#define REGWAIT_STDERR_H

#include <stdbool.h>

/* At the start, if there may be messages. */
void stderr_begin(void);

/* Descriptor 2 is about to be closed; is about to be replaced by the file that fd stands for. */
void stderr_closing(void);
void stderr_becoming(int fd);

/* May we write to descriptor 2? Leaves errno alone. */
bool stderr_is_there(void);

#endif
