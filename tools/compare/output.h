/* SPDX-License-Identifier: MIT */
/*
 * What a run of the program prints to a stream: in a file without a name, or through a pipe.
 */
#ifndef REGWAIT_OUTPUT_H
#define REGWAIT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct output {
	int fd;	     /* what the program writes to; -1: not open */
	int pipe;    /* where that is read, if it is a pipe; else -1 */
	bool whole;  /* all of it will be taken, not only the end */
	off_t taken; /* up to here it was, of a file */
	char *piece; /* of a pipe: what was read, but not yet taken */
	size_t size; /* its bytes */
};

/* 0, -errno */
int output_open(struct output *o, bool whole);

/* The program waits where it prints faster than output_fill() is called. */
int output_open_pipe(struct output *o);

/* If only the end will be taken: frees the memory of what will not, while the program runs. */
void output_trim(const struct output *o);

/* Is there so much that some of it should be taken while the program runs? */
bool output_has_piece(const struct output *o);

/* How many bytes are in the pipe? */
size_t output_waiting(const struct output *o);

/* Reads at most so many bytes of those in the pipe. Returns how many. */
size_t output_fill(struct output *o, size_t most);

/*
 * Takes what comes next, with a NUL behind; to be freed. That is a piece, which ends with a line if
 * there is one in it, or what is left. NULL: nothing is left, or it could not be read.
 */
char *output_take(struct output *o, size_t *size);

void output_close(struct output *o);

#endif
