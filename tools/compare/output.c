/* SPDX-License-Identifier: MIT */
/*
 * Keeps what a run prints. It is in memory, so that no disk takes part in what is measured. Memory
 * is freed in large pieces: of what nobody will read, and of what was read. A file can grow faster
 * than it is read; a pipe cannot.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/message.h"
#include "output.h"

#define TAIL	  65536
#define PIECE	  (16 << 20)
#define PIPE_SIZE (1 << 20) /* as far as users may have it */

int output_open(struct output *o, bool whole)
{
	*o = (struct output){ .pipe = -1, .whole = whole };
	o->fd = memfd_create("output", MFD_CLOEXEC);
	if (o->fd < 0)
		return -errno;
	/* Append: each of several writers continues after the others, as on our own output. */
	fcntl(o->fd, F_SETFL, O_APPEND);
	return 0;
}

int output_open_pipe(struct output *o)
{
	int ends[2];

	*o = (struct output){ .fd = -1, .pipe = -1, .whole = true };
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	o->pipe = ends[0];
	o->fd = ends[1];
	fcntl(o->pipe, F_SETFL, O_NONBLOCK);
	fcntl(o->pipe, F_SETPIPE_SZ, PIPE_SIZE);
	o->piece = must(malloc(PIECE + 1));
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
	if (o->pipe >= 0)
		return o->size == PIECE;
	return o->whole && printed(o) - o->taken >= PIECE;
}

size_t output_waiting(const struct output *o)
{
	int bytes = 0;

	return o->pipe < 0 || ioctl(o->pipe, FIONREAD, &bytes) ? 0 : bytes;
}

size_t output_fill(struct output *o, size_t most)
{
	size_t room = PIECE - o->size;
	ssize_t n = read(o->pipe, o->piece + o->size, room < most ? room : most);

	if (n <= 0)
		return 0;
	o->size += n;
	return n;
}

/* How much of a piece is whole lines; all of it if it has no end of a line. */
static size_t whole_lines(const char *text, size_t size)
{
	const char *end = memrchr(text, '\n', size);

	return end ? (size_t)(end + 1 - text) : size;
}

static char *take_of_pipe(struct output *o, size_t *size)
{
	char *text = o->piece;

	if (!o->size)
		return NULL;
	*size = o->size == PIECE ? whole_lines(text, PIECE) : o->size;
	o->size -= *size;
	o->piece = must(malloc(PIECE + 1));
	memcpy(o->piece, text + *size, o->size);
	text[*size] = '\0';
	return text;
}

static char *take_of_file(struct output *o, size_t *size)
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

char *output_take(struct output *o, size_t *size)
{
	return o->pipe >= 0 ? take_of_pipe(o, size) : take_of_file(o, size);
}

void output_close(struct output *o)
{
	if (o->fd >= 0)
		close(o->fd);
	if (o->pipe >= 0)
		close(o->pipe);
	free(o->piece);
	*o = (struct output){ .fd = -1, .pipe = -1 };
}
