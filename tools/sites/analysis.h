/* SPDX-License-Identifier: MIT */
/*
 * Finds the system call instructions of a file that may concern the shim, and how each can be given
 * to it.
 */
#ifndef REGWAIT_ANALYSIS_H
#define REGWAIT_ANALYSIS_H

#include "code.h"

/* Why a site cannot be patched. X(identifier, name in JSON, words) */
#define REGWAIT_LEFT(X) \
	X(NO_FUNCTION, "no-function", \
	  "neither .eh_frame nor a symbol tells of its function, and so where instructions begin") \
	X(BOUNDARIES, "boundaries", \
	  "its function holds bytes that are no instructions, or a jump into one") \
	X(NO_ROOM, "no-room", \
	  "no instruction of 5 bytes or more that can be moved in the straight run before it") \
	X(LIBC, "libc", "it is libc's or the loader's, whose functions are reached by their names")

enum left {
	LEFT_NOT,
#define X(id, name, text) LEFT_##id,
	REGWAIT_LEFT(X)
#undef X
		LEFT_END
};

const char *left_name(enum left why);
const char *left_text(enum left why);

struct site {
	uint64_t address;      /* of the system call instruction */
	enum left left;	       /* LEFT_NOT: it can be patched */
	int call;	       /* or PLAN_ANY_CALL */
	uint64_t run;	       /* address of the run */
	struct plan_site plan; /* if it can be patched */
	char replaced[96];     /* the instruction that is replaced, as text */
	bool joined;	       /* some jump leads behind that instruction */
};

struct sites {
	struct site *site;
	size_t nr;
	size_t nr_possible; /* that can be patched */
};

/*
 * Finds them all, if there is a decoder for the file's machine. None are found in a file that has none
 * which can make a call of io_uring: then nothing else in it concerns us either.
 */
void sites_find(struct sites *sites, const struct code *c);
void sites_free(struct sites *sites);

#endif
