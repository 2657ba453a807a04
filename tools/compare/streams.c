/* SPDX-License-Identifier: MIT */
/*
 * Reads what a run prints: for a figure, for a hash, for its last words.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "streams.h"

/* The last line that is not empty: most often it says why a program failed. */
static void keep_last_line(char *text, size_t size, char *line, size_t room)
{
	char *begin;

	while (size && strchr("\n\r ", text[size - 1]))
		text[--size] = '\0';
	if (!size)
		return;
	begin = memrchr(text, '\n', size);
	snprintf(line, room, "%s", begin ? begin + 1 : text);
}

static uint64_t add_to_hash(uint64_t sum, const char *text, size_t size)
{
	size_t n;

	for (n = 0; n < size; n++)
		sum = (sum ^ (unsigned char)text[n]) * 0x100000001b3ULL;
	return sum;
}

/* Takes and reads what comes next of a stream. False: there is nothing. */
static bool read_next(struct streams *s, int stream)
{
	const struct stream_options *o = s->options;
	size_t size;
	char *text = output_take(&s->outputs[stream], &size);

	if (!text)
		return false;
	s->taken += size;
	if (o->show)
		fwrite(text, 1, size, stderr);
	if (o->metric)
		figure_find(&s->figures[stream], &o->regex, text, size);
	if (stream == ERROR)
		keep_last_line(text, size, s->said, sizeof(s->said));
	else if (o->hash)
		s->hash = add_to_hash(s->hash, text, size);
	free(text);
	return true;
}

static bool has_pieces(const struct streams *s)
{
	int i;

	for (i = 0; i < STREAMS; i++)
		if (output_has_piece(&s->outputs[i]))
			return true;
	return false;
}

static void *read_pieces(void *arg)
{
	struct streams *s = arg;
	int i;

	while (has_pieces(s))
		for (i = 0; i < STREAMS; i++)
			if (output_has_piece(&s->outputs[i]) && !read_next(s, i))
				goto out;
out:
	atomic_store(&s->idle, true);
	return NULL;
}

/* Reads what is in the pipe now; who goes on to print after the program's end is not waited for. */
static void read_waiting(struct streams *s, int stream)
{
	struct output *o = &s->outputs[stream];
	size_t left = output_waiting(o), n;

	for (; left; left -= n) {
		n = output_fill(o, left);
		if (!n)
			return;
		if (output_has_piece(o))
			read_next(s, stream);
	}
}

static void *read_pipes(void *arg)
{
	struct streams *s = arg;
	struct pollfd fds[STREAMS + 1] = { { 0 } };
	int i;

	for (i = 0; i < STREAMS; i++)
		fds[i] = (struct pollfd){ .fd = s->outputs[i].pipe, .events = POLLIN };
	fds[STREAMS] = (struct pollfd){ .fd = s->end, .events = POLLIN };
	do {
		poll(fds, STREAMS + 1, -1);
		for (i = 0; i < STREAMS; i++)
			read_waiting(s, i);
	} while (!fds[STREAMS].revents);
	return NULL;
}

static void stop_reading(struct streams *s)
{
	if (s->reads && s->end >= 0)
		eventfd_write(s->end, 1);
	if (s->reads)
		pthread_join(s->reader, NULL);
	s->reads = false;
}

static int open_stream(struct output *o, bool whole, bool pipe)
{
	return whole && pipe ? output_open_pipe(o) : output_open(o, whole);
}

int streams_open(struct streams *s, const struct stream_options *options, bool pipes)
{
	bool both = options->metric || options->show;
	int err;

	*s = (struct streams){
		.options = options,
		.outputs = { { .fd = -1, .pipe = -1 }, { .fd = -1, .pipe = -1 } },
		.hash = 0xcbf29ce484222325ULL,
		.end = -1,
	};
	pipes = pipes && (both || options->hash);
	if (pipes && (s->end = eventfd(0, EFD_CLOEXEC)) < 0)
		return -errno;
	err = open_stream(&s->outputs[OUTPUT], both || options->hash, pipes);
	return err ? err : open_stream(&s->outputs[ERROR], both, pipes);
}

void streams_meanwhile(struct streams *s)
{
	int i;

	for (i = 0; i < STREAMS; i++) {
		output_trim(&s->outputs[i]);
		/* A pipe is read even if there may be no thread. */
		if (!s->reads)
			read_waiting(s, i);
	}
	if (s->reads && (s->end >= 0 || !atomic_load(&s->idle)))
		return;
	stop_reading(s);
	if (s->end < 0 && !has_pieces(s))
		return;
	atomic_store(&s->idle, false);
	s->reads = !pthread_create(&s->reader, NULL, s->end < 0 ? read_pieces : read_pipes, s);
}

void streams_finish(struct streams *s)
{
	int i;

	stop_reading(s);
	for (i = 0; i < STREAMS; i++) {
		read_waiting(s, i);
		while (read_next(s, i))
			;
	}
}

const struct figure *streams_figure(const struct streams *s)
{
	return &s->figures[s->figures[OUTPUT].found ? OUTPUT : ERROR];
}

void streams_close(struct streams *s)
{
	int i;

	stop_reading(s);
	for (i = 0; i < STREAMS; i++)
		output_close(&s->outputs[i]);
	if (s->end >= 0)
		close(s->end);
	s->end = -1;
}
