/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

/*
 * A closed pipe or a full file is an error to us, and must be no signal to the program. One
 * that was pending before stays so.
 */
struct quiet {
	sigset_t before, pending;
};

static const int deadly[] = { SIGPIPE, SIGXFSZ };

static void begin_quiet(struct quiet *q)
{
	sigset_t block;
	size_t i;

	sigemptyset(&block);
	for (i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		sigaddset(&block, deadly[i]);
	sigpending(&q->pending);
	pthread_sigmask(SIG_BLOCK, &block, &q->before);
}

static void end_quiet(const struct quiet *q)
{
	const struct timespec at_once = { 0 };
	sigset_t ours;
	size_t i;

	for (i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		sigemptyset(&ours);
		sigaddset(&ours, deadly[i]);
		if (!sigismember(&q->pending, deadly[i]))
			sigtimedwait(&ours, NULL, &at_once);
	}
	pthread_sigmask(SIG_SETMASK, &q->before, NULL);
}

bool log_text(int fd, const char *text)
{
	size_t left = strlen(text);
	int saved = errno;
	struct quiet quiet;

	if (!left)
		return true;
	begin_quiet(&quiet);
	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		text += n;
		left -= n;
	}
	end_quiet(&quiet);
	errno = saved;
	return !left;
}

void log_printable(char *to, size_t size, const char *text)
{
	size_t n;

	for (n = 0; text[n] && n + 1 < size; n++)
		to[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
	to[n] = '\0';
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
