/* SPDX-License-Identifier: MIT */
/* Operations that queue requests, take completions, and feed the pipes. */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "world.h"

#define LONG_US	 100000000ul
#define SHORT_US 50000ul

/* An expiry that queued requests may point to until they are submitted. */
static struct __kernel_timespec *note_us(struct world *w, unsigned long us)
{
	struct __kernel_timespec *ts = &w->note[w->ud % NNOTE];

	ts->tv_sec = us / 1000000;
	ts->tv_nsec = us % 1000000 * 1000;
	return ts;
}

static void prep_msg(struct world *w, struct slot *s, struct io_uring_sqe *sqe,
		     const struct line *l)
{
	struct slot *to = &w->slot[l->v[K_Q] & (NRING - 1)];

	io_uring_prep_nop(sqe);
	sqe->opcode = OP_MSG_RING;
	/* A ring cannot send to itself at once: a worker thread would, in its own time. */
	sqe->fd = to->live && to != s ? to->u->ring_fd : -1;
	sqe->len = 7000 + w->ud;
	sqe->off = 100000 + w->ud;
	if (l->v[K_KIND] == SQE_MSGFLAGS) {
		sqe->rw_flags = MSG_FLAGS_PASS;
		sqe->file_index = 0x40 + l->v[K_N];
	}
}

static void prep_timer(struct world *w, struct io_uring_sqe *sqe, const struct line *l)
{
	unsigned long us = l->v[K_US] > 0 ? (unsigned long)l->v[K_US] : LONG_US;
	uint64_t target = w->ud - l->v[K_UD];

	switch (l->v[K_KIND]) {
	case SQE_LINKTIMEOUT:
		io_uring_prep_link_timeout(sqe, note_us(w, LONG_US), 0);
		break;
	case SQE_TOREMOVE:
		io_uring_prep_timeout_remove(sqe, target, 0);
		break;
	case SQE_TOUPDATE:
		io_uring_prep_timeout_update(sqe, note_us(w, LONG_US), target, 0);
		break;
	default:
		io_uring_prep_timeout(sqe, note_us(w, us), l->v[K_CNT], 0);
	}
}

static void prep_pipe(struct world *w, struct slot *s, struct io_uring_sqe *sqe,
		      const struct line *l)
{
	char *buf = w->buf[w->ud % NNOTE];
	long p = l->v[K_P] % NPIPE, sock = NPIPE - 1;

	s->polls = true;
	switch (l->v[K_KIND]) {
	case SQE_POLL:
		io_uring_prep_poll_add(sqe, pipe_end(w, p, 0), POLLIN);
		break;
	case SQE_POLLMULTI:
		io_uring_prep_poll_multishot(sqe, pipe_end(w, p, 0), POLLIN);
		break;
	case SQE_READ:
		io_uring_prep_read(sqe, pipe_end(w, p, 0), buf, 1 + l->v[K_N] % 8, 0);
		break;
	case SQE_WRITE:
		io_uring_prep_write(sqe, pipe_end(w, p, 1), "12345678", 1 + l->v[K_N] % 8, 0);
		break;
	case SQE_RECV:
		io_uring_prep_recv(sqe, pipe_end(w, sock, 0), buf, 1 + l->v[K_N] % 8, 0);
		break;
	default:
		io_uring_prep_send(sqe, pipe_end(w, sock, 1), "12345678", 1 + l->v[K_N] % 8, 0);
	}
}

static void prep_rest(struct world *w, struct io_uring_sqe *sqe, const struct line *l)
{
	uint64_t target = w->ud - l->v[K_UD];

	switch (l->v[K_KIND]) {
	case SQE_NOPRES:
		io_uring_prep_nop(sqe);
		sqe->rw_flags = NOP_INJECT_RESULT;
		sqe->len = (unsigned)-l->v[K_N];
		break;
	case SQE_POLLREMOVE:
		io_uring_prep_poll_remove(sqe, target);
		break;
	case SQE_CANCEL:
		io_uring_prep_cancel64(sqe, target, 0);
		break;
	case SQE_CANCELALL:
		io_uring_prep_cancel64(sqe, target,
				       IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_ANY);
		break;
	case SQE_BADFD:
		io_uring_prep_read(sqe, -1, NULL, 1, 0);
		break;
	case SQE_BAD:
		io_uring_prep_nop(sqe);
		sqe->opcode = OP_BAD;
		break;
	default:
		io_uring_prep_nop(sqe);
	}
}

void chain_end(struct slot *s)
{
	struct io_uring_sq *sq = &s->u->sq;
	unsigned mask = *sq->kring_mask, shift = !!(s->u->flags & SETUP_SQE128);

	if (sq->sqe_tail != __atomic_load_n(sq->khead, __ATOMIC_ACQUIRE))
		sq->sqes[((sq->sqe_tail - 1) & mask) << shift].flags &=
			~(IOSQE_IO_LINK | IOSQE_IO_HARDLINK);
}

/* What may the program count on once this is submitted? See struct slot. */
static void foresee(struct slot *s, const struct line *l)
{
	bool nop = l->v[K_KIND] == SQE_NOP;
	long sf = l->v[K_SF];

	if (nop && !(sf & (IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_DRAIN)) && !s->unsure)
		s->sure++;
	if (sf & IOSQE_IO_DRAIN)
		s->drains = true;
	if (s->drains || (!nop && (sf & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK))))
		s->unsure = true;
	if (l->v[K_KIND] == SQE_BAD || (!nop && s->flags & SETUP_IOPOLL))
		s->unsure = true;
	if (s->unsure)
		s->sure = 0;
	if (l->v[K_KIND] == SQE_TIMEOUT && l->v[K_US] && l->v[K_US] < (long)SHORT_US &&
	    (unsigned long)l->v[K_US] > s->short_us)
		s->short_us = l->v[K_US];
}

static void queue(struct world *w, struct slot *s, const struct line *l)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(s->u);

	if (!sqe) {
		say(w, " full");
		return;
	}
	w->ud++;
	switch (l->v[K_KIND]) {
	case SQE_TIMEOUT:
	case SQE_LINKTIMEOUT:
	case SQE_TOREMOVE:
	case SQE_TOUPDATE:
		prep_timer(w, sqe, l);
		break;
	case SQE_POLL:
	case SQE_POLLMULTI:
	case SQE_READ:
	case SQE_WRITE:
	case SQE_SEND:
	case SQE_RECV:
		prep_pipe(w, s, sqe, l);
		break;
	case SQE_MSG:
	case SQE_MSGFLAGS:
		prep_msg(w, s, sqe, l);
		break;
	default:
		prep_rest(w, sqe, l);
	}
	sqe->flags |= l->v[K_SF];
	sqe->user_data = w->ud;
	foresee(s, l);
	say(w, " ud=%llu", (unsigned long long)w->ud);
}

void op_sqe(struct world *w, const struct line *l)
{
	struct slot *s = slot_live(w, l->v[K_R]);

	for (long i = 0; s && i <= l->v[K_CNT] && i < 16; i++) {
		queue(w, s, l);
		/* For a timeout the count is the request's own. */
		if (l->v[K_KIND] == SQE_TIMEOUT)
			break;
	}
}

/* n=0: all that are ready. */
void op_seen(struct world *w, const struct line *l)
{
	struct slot *s = slot_live(w, l->v[K_R]);
	unsigned ready, n;

	if (!s)
		return;
	ready = io_uring_cq_ready(s->u);
	n = l->v[K_N];
	if (!n || n > ready)
		n = ready;
	io_uring_cq_advance(s->u, n);
	say(w, " %u", n);
}

void op_pipewrite(struct world *w, const struct line *l)
{
	static const char text[8] = "abcdefg";

	say(w, " %zd", write(pipe_end(w, l->v[K_P], 1), text, 1 + l->v[K_N] % 8));
	/* An SQPOLL thread wakes by itself, and posts when it comes to it. */
	for (int r = 0; r < NRING; r++) {
		if (w->slot[r].live && w->slot[r].flags & SETUP_SQPOLL && w->slot[r].polls)
			w->settle_ns = now_ns() + 2000000;
	}
}
