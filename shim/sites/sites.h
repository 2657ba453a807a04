/* SPDX-License-Identifier: MIT */
/*
 * The sites: system call instructions of the program and of the libraries loaded with it, patched as
 * a plan says (contract/plan.h). README.md says why that is safe.
 */
#ifndef REGWAIT_SITES_H
#define REGWAIT_SITES_H

#include "base/objects.h"
#include "contract/plan.h"
#include "contract/site_reasons.h"

/* Called by init.c. */
void sites_start(void);

/* Where plans come from: a file that holds them, or a directory with a file for each. */
struct plans {
	const char *path;
	int dir;      /* -1: it is a file */
	void *memory; /* its contents */
	size_t size;
};

/* SITE_REASON_NONE, or why not. What it has opened and mapped, plans_close() gives back. */
enum site_reason plans_open(struct plans *plans, const char *path);
void plans_close(struct plans *plans);

/* The plan with this key; in NULL, *why is why a plan cannot be used, or SITE_REASON_NONE. */
const struct plan *plans_find(struct plans *plans, const struct plan_key *key,
			      enum site_reason *why);

/* A file of the process: its code in memory. */
struct code {
	uintptr_t base;
	uintptr_t start, end; /* of its mapped segments */
	const ElfW(Phdr) *phdr;
	unsigned nr_phdr;
};

/* Finds its key, by its notes or its code. False: it has no code. */
bool code_key(const struct code *c, struct plan_key *key);

/* What was written for a file, as far as it is to be taken back. */
struct patched {
	void *memory; /* its trampolines; NULL: none */
	size_t size;
	const void *run; /* one that was changed, */
	uint32_t jump;	 /* and its first bytes */
};

/* Patches all sites of the plan, or none. */
enum site_reason code_patch(const struct code *c, const struct plan *plan, struct patched *done);

struct dl_phdr_info;
void code_of(struct code *code, const struct object *o, const struct dl_phdr_info *info);

struct patching {
	struct plans *plans;
	enum site_reason why; /* against all that has a plan */
	bool later;	      /* it may be unloaded */
	struct patched done;  /* out */
};

/* Patches one object, if there is a plan with this key, or counts why not. */
void object_patch(const struct object *o, const struct code *code, const struct plan_key *key,
		  struct patching *how);

/* So many sites of a file stay as they are: counts and logs why. */
void sites_leave(const char *path, enum site_reason why, unsigned nr);

/* Has the process one thread, for certain? */
bool sites_have_one_thread(void);

/* Makes it known what was counted. */
void sites_publish(void);

/* From now on, what is loaded later is patched as well, by the plans at this path. */
void later_start(const char *path);

#endif
