/* SPDX-License-Identifier: MIT */
/*
 * Keeps what a run prints. It is in memory, so that no disk takes part in what is measured. Memory
 * is freed in large pieces: of what nobody will read, and of what was read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

#define TAIL  65536
#define PIECE (16 << 20)

int output_open(struct output *o, bool whole)
{
	o->whole = whole;
	o->taken = 0;
	o->fd = memfd_create("output", MFD_CLOEXEC);
	if (o->fd < 0)
		return -errno;
	/* Append: each of several writers continues after the others, as on our own output. */
	fcntl(o->fd, F_SETFL, O_APPEND);
	return 0;
}

static void drop_until(const struct output *o, off_t end)
{
	fallocate(o->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, end);
}

static off_t printed(const struct output *o)
{
	struct stat st;

	return fstat(o->fd, &st) ? 0 : st.st_size;
}

void output_trim(const struct output *o)
{
	struct stat st;

	if (!o->whole && !fstat(o->fd, &st) && (long long)st.st_blocks * 512 >= PIECE)
		drop_until(o, st.st_size - TAIL);
}

bool output_has_piece(const struct output *o)
{
	return o->whole && printed(o) - o->taken >= PIECE;
}

/* How much of a piece is whole lines; all of it if it has no end of a line. */
static size_t whole_lines(const char *text, size_t size)
{
	const char *end = memrchr(text, '\n', size);

	return end ? (size_t)(end + 1 - text) : size;
}

char *output_take(struct output *o, size_t *size)
{
	off_t end = printed(o);
	bool more;
	char *text;

	if (!o->whole && end - o->taken > TAIL)
		o->taken = end - TAIL;
	more = end - o->taken > PIECE;
	*size = more ? PIECE : end - o->taken;
	text = *size ? malloc(*size + 1) : NULL;
	if (!text || pread(o->fd, text, *size, o->taken) != (ssize_t)*size) {
		free(text);
		return NULL;
	}
	if (more)
		*size = whole_lines(text, *size);
	text[*size] = '\0';
	o->taken += *size;
	drop_until(o, o->taken);
	return text;
}

void output_close(struct output *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
}
