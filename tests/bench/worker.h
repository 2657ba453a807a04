/* SPDX-License-Identifier: MIT */
/*
 * The worker: one process that runs one workload in one way of waiting ("kind"), in blocks.
 * A lane is one thread of it, with its own ring or rings.
 */
#ifndef REGWAIT_BENCH_WORKER_H
#define REGWAIT_BENCH_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include <liburing.h>

/* Has this liburing io_uring_submit_and_wait_reg()? It came with 2.9. */
#if defined(IO_URING_VERSION_MAJOR) && (IO_URING_VERSION_MAJOR > 2 || IO_URING_VERSION_MINOR >= 9)
#define HAVE_WAIT_REG
#endif

#include "kinds.h"
#include "region.h"

#define RING_ENTRIES 64
#define MAX_LANES    2

struct config {
	const struct workload *workload;
	enum kind kind;
	unsigned int ring_flags;
	bool ring_fd;
	unsigned int rings;
	unsigned int threads;
	unsigned int batch;
	int cpu;
	bool apart;    /* a pair's lanes have a CPU each */
	bool cpu_time; /* CPU time is measured, not wall time */
	bool fifo;     /* scheduled as SCHED_FIFO */
	/* A cgroup to be in, or NULL. */
	const char *cgroup;
	/* Without pipes: run this many operations and end (for callgrind and strace). */
	uint64_t count;
};

struct lane {
	const struct config *config;
	unsigned int nr;
	struct io_uring *rings;
	/* The timeout of the timed kind; the prepared slot says the same to the others. */
	struct __kernel_timespec ts;
	unsigned int slot;
	unsigned int enter_flags;
	/* Ping-pong: what this lane reads from and writes to. */
	int in, out;
	/* Task work: what makes a completion that only an enter can see. */
	int event;
	/* The ring whose turn it is, when there are many. */
	unsigned int at;
	uint64_t ns;
	double ns_per_op;
	char error[144];
};

struct workload {
	const char *name;
	/* How long a wait may take; some workloads have {0, 0} or short ones on purpose. */
	struct __kernel_timespec timeout;
	/* Two lanes on one CPU that wait for each other, instead of independent ones. */
	bool pair;
	/* Once per process, before the lanes: file descriptors that the lanes share. */
	int (*open)(struct lane *lanes);
	/* In the lane's own thread: its rings. */
	int (*setup)(struct lane *lane);
	/* In the lane's own thread: ops operations, their time added to lane->ns. */
	int (*run)(struct lane *lane, uint64_t ops);
};

extern const struct workload work_nop, work_round, work_overflow, work_taskwork, work_zero,
	work_expire, work_expire_ms, work_pipe, work_tcp, work_create, work_enter2, work_syscall,
	work_pass, work_close, work_enter2_zero, work_syscall_zero, work_tcp_enter2,
	work_tcp_syscall, work_many;

/* Says why in lane->error and returns -1. */
int lane_fail(struct lane *lane, const char *what, int error);

/* The rings that config asks for: flags, wait area where the kind needs one, registered fd. */
int lane_open_rings(struct lane *lane);
int lane_open_ring(struct lane *lane, struct io_uring *ring, unsigned int entries,
		   struct io_uring_params *p);

uint64_t now_ns(void);

#endif
