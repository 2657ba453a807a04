/* SPDX-License-Identifier: MIT */
/*
 * Counts this thread's io_uring_enter calls by a perf event, if tracefs is mounted and we have the
 * rights; otherwise the trace has no such number.
 */
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "world.h"

static int event_id(void)
{
	FILE *f = fopen("/sys/kernel/tracing/events/raw_syscalls/sys_enter/id", "re");
	int id = -1;

	if (!f)
		return -1;
	if (fscanf(f, "%d", &id) != 1)
		id = -1;
	fclose(f);
	return id;
}

int perf_open(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr) };
	char filter[32];
	int id = event_id(), fd;

	/* Waits that look make more of them, which is all that may differ. */
	if (id < 0 || getenv("REGWAIT_SPIN"))
		return -1;
	attr.config = id;
	fd = syscall(__NR_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -1;
	snprintf(filter, sizeof(filter), "id == %d", __NR_io_uring_enter);
	if (ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter)) {
		close(fd);
		return -1;
	}
	return fd;
}

long perf_read(int fd)
{
	uint64_t n;

	return fd >= 0 && read(fd, &n, sizeof(n)) == sizeof(n) ? (long)n : -1;
}
