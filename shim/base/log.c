/* SPDX-License-Identifier: MIT */
/*
 * Writes messages to the user. Nothing here takes much stack, raises a signal or changes errno.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/format.h"
#include "base/kernel.h"
#include "base/log.h"
#include "base/stderr.h"

/*
 * Writing to a closed pipe, or to a file at its size limit, is an error for us and must not become
 * a signal for the program (SIGPIPE, SIGXFSZ). A signal that was pending before stays pending. Bare
 * system calls are used: their signal sets are small, and they are no cancellation points.
 */
static uint64_t signal_bit(int signal)
{
	return (uint64_t)1 << (signal - 1);
}

struct quiet {
	uint64_t before, pending;
};

static const int deadly[] = { SIGPIPE, SIGXFSZ };

static void begin_quiet(struct quiet *q)
{
	uint64_t block = signal_bit(SIGPIPE) | signal_bit(SIGXFSZ);

	kernel_call(SYS_rt_sigpending, (long)&q->pending, sizeof(q->pending), 0, 0, 0, 0);
	kernel_call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&block, (long)&q->before, sizeof(block), 0,
		    0);
}

static void end_quiet(const struct quiet *q)
{
	const struct timespec at_once = { 0 };
	uint64_t ours;
	size_t i;

	for (i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
		ours = signal_bit(deadly[i]);
		if (!(q->pending & ours))
			kernel_call(SYS_rt_sigtimedwait, (long)&ours, 0, (long)&at_once,
				    sizeof(ours), 0, 0);
	}
	kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&q->before, 0, sizeof(q->before), 0, 0);
}

bool log_text(int fd, const char *text)
{
	size_t left = strlen(text);
	struct quiet quiet;
	long n;

	if (!left)
		return true;
	begin_quiet(&quiet);
	while (left) {
		n = kernel_call(SYS_write, fd, (long)text, left, 0, 0, 0);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			break;
		text += n;
		left -= n;
	}
	end_quiet(&quiet);
	return !left;
}

void log_say(const char *text)
{
	if (*text && stderr_is_there())
		log_text(STDERR_FILENO, text);
}

void log_write(const char *format, ...)
{
	char line[512];
	int saved = errno;
	size_t head, n;
	va_list args;

	head = format_text(line, sizeof(line), "regwait[%d]: ", (int)getpid());
	va_start(args, format);
	n = head + format_list(line + head, sizeof(line) - head - 1, format, args);
	va_end(args);
	if (n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	/* The name of a file in it can neither forge a line nor send commands to the terminal. */
	format_printable(line, n + 1, line);
	strcpy(line + n, "\n");
	log_say(line);
	errno = saved;
}
