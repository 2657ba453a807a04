/* SPDX-License-Identifier: MIT */
/*
 * What rows.c runs and measures: one row of the table for each way of waiting that is not registered.
 */
#ifndef UNREGISTERED_OPERATIONS_H
#define UNREGISTERED_OPERATIONS_H

#include <liburing.h>
#include <stdbool.h>

struct lane {
	struct io_uring ring;
	double median; /* of a block, ns per operation */
};

struct row {
	const char *name;
	void (*operation)(struct io_uring *ring);
	void (*before)(struct lane *lane);
	bool in_thread; /* the first thread has waited by then, and stays */
	unsigned per_block;
};

extern const struct row rows[];
extern const unsigned nr_rows;

/* What the last child's first ring and wait took; shared with it. */
struct child_cost {
	double ns;
	long faults;
};

extern struct child_cost *child_cost;

void fail(const char *what, int ret);
double now_ns(void);

/* A lane's ring, flags 0; one NOP and a wait with a timeout; a child with a ring of its own. */
void one_ring(struct lane *lane);
void timed(struct io_uring *ring);
void fork_and_wait(struct io_uring *unused);

#endif
