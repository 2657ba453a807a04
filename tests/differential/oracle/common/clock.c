/* SPDX-License-Identifier: MIT */
/*
 * How long a call took, in words. A busy machine makes any call longer, so what
 * the scheduler says this thread spent waiting for a processor is not counted.
 */
#include <fcntl.h>

#include "oracle.h"

/*
 * The classes of elapsed time, in milliseconds before ORACLE_SLACK. A wait is
 * never shorter than asked for, so each class begins just below a time that is
 * waited for and leaves the rest to delays.
 */
/* clang-format off */
static const struct {
	double from, below;
	const char *name;
} classes[] = {
	{ 0, 4.5, "now" },
	{ 4.5, 9.5, "5ms" },
	{ 9.5, 19, "10ms" },
	{ 19, 28, "20ms" },
	{ 28, 57, "30ms" },
	{ 57, 115, "60ms" },
	{ 115, 1e9, "long" },
};
/* clang-format on */

#define NR_CLASSES ((int)(sizeof(classes) / sizeof(classes[0])))

/* Milliseconds that this thread was ready to run and did not; 0 if nobody knows. */
static double delayed_ms(void)
{
	unsigned long long delay = 0;
	int was = errno, fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	char text[80];
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (got > 0) {
		text[got] = 0;
		if (sscanf(text, "%*u %llu", &delay) != 1)
			delay = 0;
	}
	if (fd >= 0)
		close(fd);
	errno = was;
	return delay / 1e6;
}

void start_clock(struct stopwatch *watch)
{
	watch->delayed_ms = delayed_ms();
	clock_gettime(CLOCK_MONOTONIC, &watch->since);
}

const char *elapsed(const struct stopwatch *watch)
{
	const char *name = NULL;
	struct timespec now;
	double most, least;
	int i;

	clock_gettime(CLOCK_MONOTONIC, &now);
	most = (now.tv_sec - watch->since.tv_sec) * 1e3 +
	       (now.tv_nsec - watch->since.tv_nsec) / 1e6;
	least = most - (delayed_ms() - watch->delayed_ms);
	most /= slack();
	least /= slack();
	/* The time waited lies between these two. Can it belong to one class only? */
	for (i = 0; i < NR_CLASSES; i++) {
		if (classes[i].from > most || classes[i].below <= least)
			continue;
		if (name)
			return "unsure";
		name = classes[i].name;
	}
	return name ? name : "unsure";
}
