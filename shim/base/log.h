/* SPDX-License-Identifier: MIT */
/*
 * Messages to the user, on standard error, when asked for (REGWAIT_LOG).
 */
#ifndef REGWAIT_LOG_H
#define REGWAIT_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"

/* printf-like; one line, without the newline. Leaves errno alone. */
void log_write(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* Writes the text as it is. False: not all of it could be written. */
bool log_text(int fd, const char *text);

/* Writes the text to standard error, if the process has one (base/stderr.h). */
void log_say(const char *text);

#define log_at(level, ...) \
	do { \
		if (__builtin_expect(config.log >= (level), 0)) \
			log_write(__VA_ARGS__); \
	} while (0)

#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_info(...)  log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)

#endif
