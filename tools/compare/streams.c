/* SPDX-License-Identifier: MIT */
/*
 * Reads what a run prints: for a figure, for a hash, for its last words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void stop_reading(struct streams *s)
{
	if (s->reads)
		pthread_join(s->reader, NULL);
	s->reads = false;
}

int streams_open(struct streams *s, const struct stream_options *options)
{
	bool both = options->metric || options->show;
	int err;

	*s = (struct streams){
		.options = options,
		.outputs = { { .fd = -1 }, { .fd = -1 } },
		.hash = 0xcbf29ce484222325ULL,
	};
	err = output_open(&s->outputs[OUTPUT], both || options->hash);
	return err ? err : output_open(&s->outputs[ERROR], both);
}

void streams_meanwhile(struct streams *s)
{
	int i;

	for (i = 0; i < STREAMS; i++)
		output_trim(&s->outputs[i]);
	if (s->reads && !atomic_load(&s->idle))
		return;
	stop_reading(s);
	if (!has_pieces(s))
		return;
	atomic_store(&s->idle, false);
	s->reads = !pthread_create(&s->reader, NULL, read_pieces, s);
}

void streams_finish(struct streams *s)
{
	int i;

	stop_reading(s);
	for (i = 0; i < STREAMS; i++)
		while (read_next(s, i))
			;
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
}
