/* SPDX-License-Identifier: MIT */
/*
 * What this kernel can do, found out by trying it, and how much time it saves here.
 */
#ifndef REGWAIT_PROBE_H
#define REGWAIT_PROBE_H

#include "common/saving.h"

struct probe {
	int ring;   /* 0, or -errno of making a ring */
	int region; /* of registering a wait area with a disabled ring */
	int enable; /* of enabling it */
	int wait;   /* of a registered wait of 1 ms: -ETIME is right */
	int fd;	    /* the ring, while the probe is open; -1: there is none */
	void *area;
	unsigned features; /* of the ring */
};

/* Tries each step as far as the one before succeeded. */
void probe_open(struct probe *p);
void probe_close(struct probe *p);

/* Registered waits work here. */
int probe_works(const struct probe *p);

/* Waits can be kept out of iowait here (REGWAIT_IOWAIT=off). */
int probe_no_iowait(const struct probe *p);

/*
 * What it saves to register a wait that finds its answer without sleeping, and
 * to poll instead of arming a timer of zero. Interleaved blocks in one run; takes
 * about 50 ms each. The probe must work.
 */
struct saving probe_saving(const struct probe *p);
struct saving probe_poll_saving(const struct probe *p);

#endif
