/* SPDX-License-Identifier: MIT */
/* What the figures were measured on. */
#ifndef REGWAIT_BENCH_MACHINE_H
#define REGWAIT_BENCH_MACHINE_H

struct machine {
	char kernel[136];
	char processor[128];
	int cpus;
	double load;
	/* The mitigations that can make system calls expensive. */
	char spectre_v2[256];
	char rstack[128];
	char retbleed[128];
};

void machine_read(struct machine *machine);

#endif
