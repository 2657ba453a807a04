/* SPDX-License-Identifier: MIT */
/* The two tables of rows.h. */
#include <linux/io_uring.h>

#include "rows.h"

#define DEFER	   (IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)
#define DEFER_FLAG (DEFER | IORING_SETUP_TASKRUN_FLAG)
#define COOP	   (IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG)

/* Registered waits alone: no ring fd of the shim's own. */
/* clang-format off */
#define ONLY_WAITS	{ "REGWAIT_RINGFD=off" }

/* An unmodified program, without and with the shim. */
#define TIMED(label, ...)	{ .name = label, .kind = "timed", __VA_ARGS__ }
#define SHIMMED(label, ...)	TIMED(label, .preload = PRELOAD_SHIM, __VA_ARGS__)
/* clang-format on */

const struct variant variants[VARIANT_COUNT] = {
	[PLAIN] = TIMED("plain", .rings = 1),
	[PLAIN_AGAIN] = TIMED("plain again", .rings = 1),
	[SHIM] = SHIMMED("shim", .rings = 1),
	[ALONE] = SHIMMED("shim, waits alone", .env = ONLY_WAITS),
	[SHIM_TIMER] = SHIMMED("shim, poll off", .env = { "REGWAIT_POLL=off" }),
	[OFF] = SHIMMED("shim off", .env = { "REGWAIT=off" }),
	[OBSERVE] = SHIMMED("shim observes", .env = { "REGWAIT=observe" }),
	[RECOMPILED] = { .name = "recompiled", .kind = "reg" },
	[LIMIT] = { .name = "limit", .kind = "bare" },
	[LIMIT_FD] = { .name = "limit, ring fd", .kind = "bare", .ring_fd = true },
	[UNTIMED] = { .name = "untimed", .kind = "untimed" },
	[PLAIN_OLD] = TIMED("plain", .system_liburing = true),
	[PLAIN_OLD_AGAIN] = TIMED("plain again", .system_liburing = true),
	[SHIM_OLD] = SHIMMED("shim", .system_liburing = true),
	[ALONE_OLD] = SHIMMED("shim, waits alone", .system_liburing = true, .env = ONLY_WAITS),
	[PLAIN_8] = TIMED("plain, 8 rings", .rings = 8),
	[PLAIN_1000] = TIMED("plain, 1000 rings", .rings = 1000),
	[SHIM_8] = SHIMMED("shim, 8 rings", .rings = 8),
	[SHIM_1000] = SHIMMED("shim, 1000 rings", .rings = 1000),
	[RECOMPILED_8] = { .name = "recompiled, 8", .kind = "reg", .rings = 8 },
	[RECOMPILED_1000] = { .name = "recompiled, 1000", .kind = "reg", .rings = 1000 },
	[PLAIN_2T] = TIMED("plain, 2 threads", .threads = 2),
	[SHIM_2T] = SHIMMED("shim, 2 threads", .threads = 2),
	[SPIN] = SHIMMED("spin 50", .env = { "REGWAIT_SPIN=50" }),
	[SPIN_AUTO] = SHIMMED("spin auto", .env = { "REGWAIT_SPIN=auto" }),
	[SPIN_COOP] =
		SHIMMED("spin auto, coop", .env = { "REGWAIT_SPIN=auto", "REGWAIT_TASKRUN=coop" }),
	[PLAIN_INSIDE] = TIMED("plain", .inside = true),
	[PLAIN_INSIDE_AGAIN] = TIMED("plain again", .inside = true),
	[SITES] = SHIMMED("shim, by sites", .inside = true, .plan_of = "worker-inside"),
	[START_SITES] = SHIMMED("shim and a plan", .plan_of = "still-sites"),
	[EMPTY_LIBRARY] = TIMED("empty library", .preload = PRELOAD_EMPTY),
};

/* clang-format off */
#define ALL_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, RECOMPILED, LIMIT, UNTIMED }
#define NOP_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, OFF, OBSERVE, RECOMPILED, LIMIT, LIMIT_FD, \
			  UNTIMED }
/* The shim has a ring fd of its own for rings of a single issuer only. */
#define DEFER_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, ALONE, RECOMPILED, LIMIT, UNTIMED }
#define NOP_DEFER_VARIANTS \
	{ PLAIN, PLAIN_AGAIN, SHIM, ALONE, OFF, RECOMPILED, LIMIT, LIMIT_FD, UNTIMED }
#define ZERO_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, SHIM_TIMER, RECOMPILED, LIMIT, UNTIMED }
#define EXPIRE_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, RECOMPILED, LIMIT }
#define ROUND_VARIANTS	{ PLAIN, PLAIN_8, PLAIN_1000, SHIM, SHIM_8, SHIM_1000, RECOMPILED, \
			  RECOMPILED_8, RECOMPILED_1000 }
#define THREAD_VARIANTS	{ PLAIN, PLAIN_2T, SHIM, SHIM_2T }
#define CREATE_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, OFF, RECOMPILED }
#define OLD_VARIANTS	{ PLAIN_OLD, PLAIN_OLD_AGAIN, SHIM_OLD }
#define OLD_DEFER_VARIANTS	{ PLAIN_OLD, PLAIN_OLD_AGAIN, SHIM_OLD, ALONE_OLD }
#define ENTRY_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, OFF, LIMIT }
#define LOOK_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, LIMIT }
#define PASS_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, OFF }
/* What learns needs hundreds of waits for it, and beginning and end of a part take a round. */
#define SPIN_BLOCKS	20
#define SPIN_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, SPIN, SPIN_AUTO }
#define COOP_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, SPIN, SPIN_AUTO, SPIN_COOP }
#define AUTO_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, SPIN_AUTO }
/* By names and recompiled: the other worker, in which liburing is not inside. */
#define INSIDE_VARIANTS	{ PLAIN_INSIDE, PLAIN_INSIDE_AGAIN, SITES, SHIM, LIMIT }
#define START_VARIANTS	{ PLAIN, PLAIN_AGAIN, EMPTY_LIBRARY, SHIM, OFF }
#define START_SITES_VARIANTS	{ PLAIN, PLAIN_AGAIN, SHIM, START_SITES }
/* clang-format on */

const struct row rows[] = {
	{ "nop", "one NOP and wait", "nop", 0, .variants = NOP_VARIANTS },
	{ "nop-defer", "one NOP and wait, DEFER_TASKRUN", "nop", DEFER,
	  .variants = NOP_DEFER_VARIANTS },
	{ "nop-fd", "one NOP and wait, registered ring fd", "nop", 0, true,
	  .variants = ALL_VARIANTS },
	{ "nop-defer-fd", "one NOP and wait, DEFER_TASKRUN, registered ring fd", "nop", DEFER, true,
	  .variants = ALL_VARIANTS },
	{ "nop-system", "one NOP and wait, the system's liburing", "nop", 0,
	  .variants = OLD_VARIANTS },
	{ "nop-system-defer", "one NOP and wait, DEFER_TASKRUN, the system's liburing", "nop",
	  DEFER, .variants = OLD_DEFER_VARIANTS },
	{ "ready", "wait, one ready (overflowed)", "overflow", 0, .variants = ALL_VARIANTS },
	{ "ready-defer", "wait, one ready (overflowed), DEFER_TASKRUN", "overflow", DEFER,
	  .variants = DEFER_VARIANTS },
	{ "ready-fd", "wait, one ready (overflowed), registered ring fd", "overflow", 0, true,
	  .variants = ALL_VARIANTS },
	{ "ready-defer-fd", "wait, one ready (overflowed), DEFER_TASKRUN, registered ring fd",
	  "overflow", DEFER, true, .variants = ALL_VARIANTS },
	{ "ready-taskwork", "eventfd write and wait, one ready (task work), DEFER_TASKRUN",
	  "taskwork", DEFER, .variants = DEFER_VARIANTS },
	{ "batch-4", "4 NOPs and wait", "nop", 0, .batch = 4, .variants = ALL_VARIANTS },
	{ "batch-16", "16 NOPs and wait", "nop", 0, .batch = 16, .variants = ALL_VARIANTS },
	{ "batch-64", "64 NOPs and wait", "nop", 0, .batch = 64, .variants = ALL_VARIANTS },
	{ "batch-4-defer", "4 NOPs and wait, DEFER_TASKRUN", "nop", DEFER, .batch = 4,
	  .variants = ALL_VARIANTS },
	{ "batch-16-defer", "16 NOPs and wait, DEFER_TASKRUN", "nop", DEFER, .batch = 16,
	  .variants = ALL_VARIANTS },
	{ "batch-64-defer", "64 NOPs and wait, DEFER_TASKRUN", "nop", DEFER, .batch = 64,
	  .variants = ALL_VARIANTS },
	{ "zero", "timeout of zero, nothing there", "zero", 0, .variants = ZERO_VARIANTS },
	{ "zero-defer", "timeout of zero, nothing there, DEFER_TASKRUN", "zero", DEFER,
	  .variants = ZERO_VARIANTS },
	{ "zero-defer-flag", "timeout of zero, nothing there, DEFER_TASKRUN and TASKRUN_FLAG",
	  "zero", DEFER_FLAG, .variants = ZERO_VARIANTS },
	{ "zero-enter2", "timeout of zero by io_uring_enter2, nothing there, COOP_TASKRUN",
	  "enter2-zero", COOP, .variants = LOOK_VARIANTS },
	{ "zero-syscall", "timeout of zero by libc's syscall, nothing there, COOP_TASKRUN",
	  "syscall-zero", COOP, .variants = LOOK_VARIANTS },
	{ "pipe", "pipe ping-pong, 2 threads, one CPU", "pipe", 0, .variants = ALL_VARIANTS },
	{ "pipe-defer", "pipe ping-pong, 2 threads, one CPU, DEFER_TASKRUN", "pipe", DEFER,
	  .variants = ALL_VARIANTS },
	{ "tcp", "TCP ping-pong, 2 threads, one CPU", "tcp", 0, .variants = ALL_VARIANTS },
	{ "tcp-defer", "TCP ping-pong, 2 threads, one CPU, DEFER_TASKRUN", "tcp", DEFER,
	  .variants = ALL_VARIANTS },
	{ "expire", "timeout of 100 us that expires", "expire", 0, .variants = EXPIRE_VARIANTS },
	{ "expire-defer", "timeout of 100 us that expires, DEFER_TASKRUN", "expire", DEFER,
	  .variants = EXPIRE_VARIANTS },
	{ "threads", "one NOP and wait, 1 and 2 threads with a ring each", "nop", 0,
	  .variants = THREAD_VARIANTS },
	{ "threads-defer", "one NOP and wait, 1 and 2 threads with a ring each, DEFER_TASKRUN",
	  "nop", DEFER, .variants = THREAD_VARIANTS },
	{ "rings", "one NOP and wait, round robin over rings", "round", 0,
	  .variants = ROUND_VARIANTS, .block_scale = 3 },
	{ "rings-defer", "one NOP and wait, round robin over rings, DEFER_TASKRUN", "round", DEFER,
	  .variants = ROUND_VARIANTS, .block_scale = 3 },
	{ "create", "making a ring of 64 entries and ending it", "create", 0,
	  .variants = CREATE_VARIANTS },
	{ "create-defer", "making a ring of 64 entries and ending it, DEFER_TASKRUN", "create",
	  DEFER, .variants = CREATE_VARIANTS },
	{ "entry-enter2", "one NOP and wait by liburing's io_uring_enter2", "enter2", 0,
	  .variants = ENTRY_VARIANTS },
	{ "entry-syscall", "one NOP and wait by libc's syscall", "syscall", 0,
	  .variants = ENTRY_VARIANTS },
	{ "nop-inside", "one NOP and wait, liburing inside", "nop", 0,
	  .variants = INSIDE_VARIANTS },
	{ "nop-inside-defer", "one NOP and wait, DEFER_TASKRUN, liburing inside", "nop", DEFER,
	  .variants = INSIDE_VARIANTS },
	{ "entry-inside", "one NOP and wait by io_uring_enter2, liburing inside", "enter2", 0,
	  .variants = INSIDE_VARIANTS },
	{ "pass-syscall", "libc's syscall with a number that nobody knows", "pass", 0,
	  .variants = PASS_VARIANTS },
	{ "pass-close", "close of a descriptor that is none", "close", 0,
	  .variants = PASS_VARIANTS },
	{ "spin-tcp", "TCP ping-pong, 2 threads, a CPU each", "tcp", 0, .variants = COOP_VARIANTS,
	  .apart = true, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-tcp-cpu", "the same, CPU time of both", "tcp", 0, .variants = COOP_VARIANTS,
	  .apart = true, .cpu_time = true, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-tcp-coop", "TCP ping-pong, 2 threads, a CPU each, COOP_TASKRUN and TASKRUN_FLAG",
	  "tcp", COOP, .variants = SPIN_VARIANTS, .apart = true, .micro = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-tcp-defer", "TCP ping-pong, 2 threads, a CPU each, DEFER_TASKRUN and TASKRUN_FLAG",
	  "tcp", DEFER_FLAG, .variants = SPIN_VARIANTS, .apart = true, .micro = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-tcp-defer-cpu", "the same, CPU time of both", "tcp", DEFER_FLAG,
	  .variants = SPIN_VARIANTS, .apart = true, .cpu_time = true, .micro = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-enter2", "TCP ping-pong by io_uring_enter2, DEFER, a CPU each", "tcp-enter2",
	  DEFER_FLAG, .variants = SPIN_VARIANTS, .apart = true, .micro = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-enter2-cpu", "the same, CPU time of both", "tcp-enter2", DEFER_FLAG,
	  .variants = SPIN_VARIANTS, .apart = true, .cpu_time = true, .micro = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-syscall", "TCP ping-pong by syscall, DEFER, a CPU each", "tcp-syscall", DEFER_FLAG,
	  .variants = SPIN_VARIANTS, .apart = true, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-syscall-cpu", "the same, CPU time of both", "tcp-syscall", DEFER_FLAG,
	  .variants = SPIN_VARIANTS, .apart = true, .cpu_time = true, .micro = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-syscall-0", "TCP ping-pong by libc's syscall, a CPU each", "tcp-syscall", 0,
	  .variants = COOP_VARIANTS, .apart = true, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-syscall-0-cpu", "the same, CPU time of both", "tcp-syscall", 0,
	  .variants = COOP_VARIANTS, .apart = true, .cpu_time = true, .micro = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-syscall-one", "TCP ping-pong by libc's syscall, 2 threads, one CPU", "tcp-syscall",
	  0, .variants = AUTO_VARIANTS, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-syscall-one-cpu", "the same, CPU time of both", "tcp-syscall", 0,
	  .variants = AUTO_VARIANTS, .cpu_time = true, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-pipe", "pipe ping-pong, 2 threads, a CPU each", "pipe", 0,
	  .variants = COOP_VARIANTS, .apart = true, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-one", "TCP ping-pong, 2 threads, one CPU", "tcp", 0, .variants = AUTO_VARIANTS,
	  .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-one-cpu", "the same, CPU time of both", "tcp", 0, .variants = AUTO_VARIANTS,
	  .cpu_time = true, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-long", "timeout of 1 ms that expires", "expire-ms", 0, .variants = AUTO_VARIANTS,
	  .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-long-cpu", "the same, CPU time", "expire-ms", 0, .variants = AUTO_VARIANTS,
	  .cpu_time = true, .micro = true, .block_scale = SPIN_BLOCKS },
	{ "spin-many-4", "4 TCP connections, 2 threads, a CPU each, DEFER_TASKRUN and TASKRUN_FLAG",
	  "tcp-many", DEFER_FLAG, .variants = AUTO_VARIANTS, .apart = true, .micro = true,
	  .batch = 4, .block_scale = SPIN_BLOCKS },
	{ "spin-many-4-cpu", "the same, CPU time of both", "tcp-many", DEFER_FLAG,
	  .variants = AUTO_VARIANTS, .apart = true, .micro = true, .batch = 4, .cpu_time = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-many-16",
	  "16 TCP connections, 2 threads, a CPU each, DEFER_TASKRUN and TASKRUN_FLAG", "tcp-many",
	  DEFER_FLAG, .variants = AUTO_VARIANTS, .apart = true, .micro = true, .batch = 16,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-many-16-cpu", "the same, CPU time of both", "tcp-many", DEFER_FLAG,
	  .variants = AUTO_VARIANTS, .apart = true, .micro = true, .batch = 16, .cpu_time = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-many-64",
	  "64 TCP connections, 2 threads, a CPU each, DEFER_TASKRUN and TASKRUN_FLAG", "tcp-many",
	  DEFER_FLAG, .variants = AUTO_VARIANTS, .apart = true, .micro = true, .batch = 64,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-many-64-cpu", "the same, CPU time of both", "tcp-many", DEFER_FLAG,
	  .variants = AUTO_VARIANTS, .apart = true, .micro = true, .batch = 64, .cpu_time = true,
	  .block_scale = SPIN_BLOCKS },
	{ "spin-busy",
	  "TCP ping-pong, a CPU each, DEFER_TASKRUN and TASKRUN_FLAG, beside a busy loop", "tcp",
	  DEFER_FLAG, .variants = AUTO_VARIANTS, .apart = true, .micro = true,
	  .circumstance = NEIGHBOUR, .block_scale = SPIN_BLOCKS },
	{ "spin-busy-cpu", "the same, CPU time of both", "tcp", DEFER_FLAG,
	  .variants = AUTO_VARIANTS, .apart = true, .micro = true, .circumstance = NEIGHBOUR,
	  .cpu_time = true, .block_scale = SPIN_BLOCKS },
	{ "spin-fifo", "TCP ping-pong, a CPU each, DEFER_TASKRUN and TASKRUN_FLAG, SCHED_FIFO",
	  "tcp", DEFER_FLAG, .variants = AUTO_VARIANTS, .apart = true, .micro = true,
	  .circumstance = FIFO, .block_scale = SPIN_BLOCKS },
	{ "spin-fifo-cpu", "the same, CPU time of both", "tcp", DEFER_FLAG,
	  .variants = AUTO_VARIANTS, .apart = true, .micro = true, .circumstance = FIFO,
	  .cpu_time = true, .block_scale = SPIN_BLOCKS },
	{ "spin-quota",
	  "TCP ping-pong, a CPU each, DEFER_TASKRUN and TASKRUN_FLAG, under a quota of half a CPU",
	  "tcp", DEFER_FLAG, .variants = AUTO_VARIANTS, .apart = true, .micro = true,
	  .circumstance = QUOTA, .block_scale = SPIN_BLOCKS },
	{ "spin-quota-cpu", "the same, CPU time of both", "tcp", DEFER_FLAG,
	  .variants = AUTO_VARIANTS, .apart = true, .micro = true, .circumstance = QUOTA,
	  .cpu_time = true, .block_scale = SPIN_BLOCKS },
	{ "start", "starting and ending a program without io_uring", "", .variants = START_VARIANTS,
	  .micro = true, .start = "still" },
	{ "start-sites", "the same of one with 50 system call instructions of io_uring", "",
	  .variants = START_SITES_VARIANTS, .micro = true, .start = "still-sites" },
};

const unsigned int row_count = sizeof(rows) / sizeof(rows[0]);
