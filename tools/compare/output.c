/* SPDX-License-Identifier: MIT */
/*
 * Keeps what a run prints. It is in memory, so that no disk takes part in what is measured; where
 * only the last line will be read, memory that is further back is freed in large pieces.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

#define TAIL  65536
#define PIECE (16 << 20)

int output_open(struct output *o, bool whole)
{
	o->whole = whole;
	o->fd = memfd_create("output", MFD_CLOEXEC);
	if (o->fd < 0)
		return -errno;
	/* Append: each of several writers continues after the others, as on our own output. */
	fcntl(o->fd, F_SETFL, O_APPEND);
	return 0;
}

void output_trim(const struct output *o)
{
	struct stat st;

	if (!o->whole && !fstat(o->fd, &st) && (long long)st.st_blocks * 512 >= PIECE)
		fallocate(o->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, st.st_size - TAIL);
}

char *output_read(const struct output *o, size_t *size)
{
	off_t end = lseek(o->fd, 0, SEEK_END), begin = !o->whole && end > TAIL ? end - TAIL : 0;
	char *text = end >= 0 ? malloc(end - begin + 1) : NULL;

	if (!text || pread(o->fd, text, end - begin, begin) != end - begin) {
		free(text);
		return NULL;
	}
	*size = end - begin;
	text[*size] = '\0';
	return text;
}

void output_close(struct output *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
}
