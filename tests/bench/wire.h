/* SPDX-License-Identifier: MIT */
/*
 * What the driver and its workers say to each other: the worker's first message tells whether it
 * stands ready; then each command (about how many operations to run, 8 bytes) is answered by one
 * message. End of file on the command pipe ends the worker.
 */
#ifndef REGWAIT_BENCH_WIRE_H
#define REGWAIT_BENCH_WIRE_H

#include <stdint.h>

enum wire_status {
	WIRE_OK = 0,
	WIRE_FAILED = 1,
	WIRE_UNAVAILABLE = 77,
};

struct wire_reply {
	int32_t status;
	uint32_t reserved;
	double ns_per_op;
	/* One sentence, when status is not WIRE_OK. */
	char text[144];
};

#endif
