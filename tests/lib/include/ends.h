/* SPDX-License-Identifier: MIT */
/* Does a ring end when it should? A pipe's end that only the ring holds tells. */
#ifndef ENDS_H
#define ENDS_H

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>

#include "program.h"

/* A read that never ends, of a pipe that only the ring reads. Returns the other end. */
static inline int watch(struct io_uring *r)
{
	static char c;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		die("pipe2", -errno);
	io_uring_prep_read(io_uring_get_sqe(r), ends[0], &c, 1, 0);
	RING_CALL("submit a read", io_uring_submit(r));
	close(ends[0]);
	return ends[1];
}

static inline void show_whether_over(int end)
{
	struct pollfd p = { .fd = end };

	say("the ring is %s", poll(&p, 1, 60000) > 0 && p.revents & POLLERR ? "over" : "there");
	close(end);
}

/* A mapping would keep the ring, descriptor or not. */
static inline void unmap(struct io_uring *r)
{
	munmap(r->sq.sqes, *r->sq.kring_entries * sizeof(struct io_uring_sqe));
	if (r->cq.ring_ptr != r->sq.ring_ptr)
		munmap(r->cq.ring_ptr, r->cq.ring_sz);
	munmap(r->sq.ring_ptr, r->sq.ring_sz);
}

#endif
