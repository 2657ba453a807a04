/* SPDX-License-Identifier: MIT */
/*
 * Is descriptor 2 standard error? A program that is started without one, or closes it, may be
 * given the number for a file of its data, into which no message of ours may be written.
 *
 * Nothing is looked up unless there may be a message.
 */
#ifndef REGWAIT_STDERR_H
#define REGWAIT_STDERR_H

#include <stdbool.h>

/* At the start of a program for whose user there may be a message. */
void stderr_begin(void);

/* Descriptor 2 is about to be closed; about to be replaced by what fd stands for. */
void stderr_closing(void);
void stderr_becoming(int fd);

/* May we write there? Leaves errno alone. */
bool stderr_is_there(void);

#endif
