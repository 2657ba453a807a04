/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

void log_text(int fd, const char *text)
{
	size_t left = strlen(text);
	int saved = errno;

	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		text += n;
		left -= n;
	}
	errno = saved;
}

void log_write(const char *format, ...)
{
	char line[512];
	int saved = errno, n, head;
	va_list args;

	head = snprintf(line, sizeof(line), "regwait[%d]: ", (int)getpid());
	va_start(args, format);
	n = vsnprintf(line + head, sizeof(line) - head - 1, format, args);
	va_end(args);
	if (n >= 0) {
		strcat(line, "\n");
		log_text(STDERR_FILENO, line);
	}
	errno = saved;
}
