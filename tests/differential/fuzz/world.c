/* SPDX-License-Identifier: MIT */
/* Begins and ends worlds, and runs the lines of a sequence in them: see world.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "world.h"

static struct io_uring homes[NHOME];

void say(struct world *w, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->text + w->at, sizeof(w->text) - w->at, fmt, ap);
	va_end(ap);
	if (n > 0)
		w->at += n;
	if (w->at > sizeof(w->text) - 2)
		w->at = sizeof(w->text) - 2;
}

/* One write per line, so that after a crash the trace is complete up to it. */
void say_end(struct world *w)
{
	size_t done = 0;

	w->text[w->at++] = '\n';
	while (done < w->at) {
		ssize_t n = write(w->out, w->text + done, w->at - done);

		if (n < 0 && errno != EINTR)
			_exit(3);
		done += n > 0 ? n : 0;
	}
	w->at = 0;
}

struct slot *slot_live(struct world *w, long r)
{
	struct slot *s = &w->slot[r & (NRING - 1)];

	if (s->live)
		return s;
	say(w, " no-ring");
	return NULL;
}

/* The lowest free place, so that structs lie where others lay before. */
struct io_uring *world_home(struct world *w)
{
	for (int h = 0; h < NHOME; h++) {
		bool used = false;

		for (int r = 0; r < NRING; r++)
			used |= w->slot[r].live && w->slot[r].u == &homes[h];
		if (!used)
			return &homes[h];
	}
	return NULL;
}

int pipe_end(struct world *w, long p, int end)
{
	int *pair = w->pipe[p % NPIPE];

	if (pair[0] >= 0)
		return pair[end];
	if (p % NPIPE == NPIPE - 1 ? socketpair(AF_UNIX, SOCK_STREAM, 0, pair) : pipe(pair))
		pair[0] = pair[1] = -1;
	return pair[end];
}

void pipes_renew(struct world *w)
{
	for (int p = 0; p < NPIPE; p++) {
		if (w->pipe[p][0] < 0 || w->graves + 2 > NGRAVE)
			continue;
		w->grave[w->graves++] = w->pipe[p][0];
		w->grave[w->graves++] = w->pipe[p][1];
		w->pipe[p][0] = w->pipe[p][1] = -1;
	}
}

static int lowest_fd(void)
{
	int fd = fcntl(0, F_DUPFD, 0);

	if (fd >= 0)
		close(fd);
	return fd;
}

void world_open(struct world *w, int out)
{
	memset(w, 0, sizeof(*w));
	w->out = out;
	w->perf = perf_open();
	w->prefix = "";
	signals_open();
}

void world_begin(struct world *w)
{
	memset(w->slot, 0, sizeof(w->slot));
	for (int p = 0; p < NPIPE; p++)
		w->pipe[p][0] = w->pipe[p][1] = -1;
	memset(homes, 0, sizeof(homes));
	w->graves = w->leaks = 0;
	w->ud = 0;
	w->settle_ns = 0;
	w->fdbase = lowest_fd();
	signals_begin(w);
}

/* Indexes outlive the ring they were registered through; any ring can give them back. */
static void give_back_indexes(struct world *w)
{
	struct io_uring_params p = { 0 };
	int fd;

	if (!w->leaks)
		return;
	fd = syscall(__NR_io_uring_setup, 1, &p);
	for (unsigned i = 0; fd >= 0 && i < w->leaks; i++) {
		struct io_uring_rsrc_update up = { .offset = w->leaked_idx[i] };

		syscall(__NR_io_uring_register, fd, IORING_UNREGISTER_RING_FDS, &up, 1);
	}
	if (fd >= 0)
		close(fd);
}

void world_end(struct world *w)
{
	static const struct op exit_op = { .name = "end" };
	struct line l = { .op = &exit_op };

	for (l.v[K_R] = 0; l.v[K_R] < NRING; l.v[K_R]++) {
		struct slot *s = &w->slot[l.v[K_R]];

		if (s->live && s->fd_closed)
			op_bareclose(w, &l);
		else if (s->live)
			op_exit(w, &l);
		w->at = 0;
	}
	give_back_indexes(w);
	for (unsigned i = 0; i < w->graves; i++)
		close(w->grave[i]);
	for (int p = 0; p < NPIPE; p++) {
		if (w->pipe[p][0] >= 0) {
			close(w->pipe[p][0]);
			close(w->pipe[p][1]);
		}
	}
	say(w, "end fds=%+d", lowest_fd() - w->fdbase);
	say_signals(w);
	say_end(w);
}

static size_t block_end(const struct prog *p, size_t i, size_t to)
{
	int depth = 1;

	while (++i < to) {
		if (p->line[i].op->block)
			depth++;
		else if (!strcmp(p->line[i].op->name, "end") && !--depth)
			break;
	}
	return i;
}

static void run_line(struct world *w, const struct line *l)
{
	char text[256];

	line_print(l, text, sizeof(text));
	say(w, "%s%s ->", w->prefix, text);
	if (l->op->run)
		l->op->run(w, l);
	world_settle(w);
	say_signals(w);
	say_rings(w);
	say_end(w);
}

void world_run(struct world *w, const struct prog *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct line *l = &p->line[i];

		if (l->op->block) {
			size_t end = block_end(p, i, to);

			w->prog = p;
			w->block_from = i + 1;
			w->block_to = end;
			run_line(w, l);
			i = end;
		} else {
			run_line(w, l);
		}
	}
}
