/* SPDX-License-Identifier: MIT */
/* Looks at a ring before and after a call and puts the difference into words. */
#include <stdarg.h>

#include "oracle.h"

/* An errno that nothing sets, to see whether a call leaves errno alone. */
#define ERRNO_UNTOUCHED 4000

/* *cqe_ptr points here as long as nobody writes to it. */
static struct io_uring_cqe untouched;

const char *errname(int ret)
{
	static char text[4][32];
	static int next;
	char *here = text[next++ % 4];
	const char *name = ret < 0 ? strerrorname_np(-ret) : NULL;

	if (name)
		snprintf(here, sizeof(text[0]), "-%s", name);
	else
		snprintf(here, sizeof(text[0]), "%d", ret);
	return here;
}

static struct ring_state state_of(struct io_uring *ring)
{
	return (struct ring_state){
		.sqe_head = ring->sq.sqe_head,
		.sqe_tail = ring->sq.sqe_tail,
		.sq_khead = io_uring_smp_load_acquire(ring->sq.khead),
		.sq_ktail = *ring->sq.ktail,
		.cq_head = *ring->cq.khead,
		.cq_tail = io_uring_smp_load_acquire(ring->cq.ktail),
	};
}

void mark(const char *name)
{
	ssize_t failed = write(-1, name, strlen(name));

	(void)failed;
}

void look(struct sight *s, struct io_uring *ring, const char *fmt, ...)
{
	va_list args;
	int used;

	used = snprintf(s->name, sizeof(s->name), "%s/", running);
	va_start(args, fmt);
	vsnprintf(s->name + used, sizeof(s->name) - used, fmt, args);
	va_end(args);

	mark(s->name);
	s->ring = ring;
	s->no_clock = s->coarse_clock = false;
	s->before = state_of(ring);
	s->cqe = &untouched;
	start_clock(&s->watch);
	errno = ERRNO_UNTOUCHED;
}

static void cqe_text(char *out, size_t size, struct io_uring_cqe *cqe)
{
	snprintf(out, size, "%llu:%s:%x", (unsigned long long)cqe->user_data, errname(cqe->res),
		 cqe->flags);
}

static unsigned cqe_shift(struct io_uring *ring)
{
	return !!(ring->flags & IORING_SETUP_CQE32);
}

const char *cq_content(struct io_uring *ring)
{
	static char text[1024];
	unsigned mask = *ring->cq.kring_mask;
	unsigned head = *ring->cq.khead;
	unsigned tail = io_uring_smp_load_acquire(ring->cq.ktail);
	size_t used = 0;

	text[0] = 0;
	for (; head != tail && used < sizeof(text) - 64; head++) {
		if (used)
			text[used++] = ',';
		cqe_text(text + used, sizeof(text) - used,
			 &ring->cq.cqes[(head & mask) << cqe_shift(ring)]);
		used += strlen(text + used);
	}
	return text;
}

/* Which completion the call handed out: its slot counted from the CQ's head. */
static void pointed_at(char *out, size_t size, struct sight *s)
{
	struct io_uring *ring = s->ring;
	unsigned entries = *ring->cq.kring_entries;
	unsigned head = *ring->cq.khead;
	unsigned slot;

	if (s->cqe == &untouched) {
		snprintf(out, size, "untouched");
	} else if (!s->cqe) {
		snprintf(out, size, "NULL");
	} else if (s->cqe < ring->cq.cqes ||
		   s->cqe >= ring->cq.cqes + (entries << cqe_shift(ring))) {
		snprintf(out, size, "outside the ring");
	} else {
		slot = (s->cqe - ring->cq.cqes) >> cqe_shift(ring);
		snprintf(out, size, "head+%u", (slot - head) & (entries - 1));
	}
}

void tell_more(struct sight *s, int ret, const char *fmt, ...)
{
	int error = errno;
	const char *time = elapsed(&s->watch);
	struct ring_state *was = &s->before, now;
	struct io_uring *ring = s->ring;
	char cqe[64], more[256];
	unsigned kflags;
	va_list args;

	mark("");
	if (s->no_clock)
		time = "any";
	else if (s->coarse_clock && atoi(time) < T_MS && strcmp(time, "long") &&
		 strcmp(time, "unsure"))
		time = "short";
	settle(ring);
	now = state_of(ring);
	kflags = *ring->sq.kflags;
	/* When an SQPOLL thread goes to sleep is not determined. */
	if (!sqpoll_sleeps)
		kflags &= ~IORING_SQ_NEED_WAKEUP;
	pointed_at(cqe, sizeof(cqe), s);
	va_start(args, fmt);
	vsnprintf(more, sizeof(more), fmt, args);
	va_end(args);

	printf("%s: ret=%s cqe=%s errno=%s sqe=+%d+%d ksq=+%d+%d left=%d cq=+%d+%d(%s) "
	       "kflags=%x,%x time=%s%s%s\n",
	       s->name, errname(ret), cqe, error == ERRNO_UNTOUCHED ? "kept" : errname(-error),
	       now.sqe_head - was->sqe_head, now.sqe_tail - was->sqe_tail,
	       now.sq_khead - was->sq_khead, now.sq_ktail - was->sq_ktail,
	       now.sqe_tail - now.sq_khead, now.cq_head - was->cq_head, now.cq_tail - was->cq_tail,
	       cq_content(ring), kflags, ring->cq.kflags ? *ring->cq.kflags : 0, time,
	       *more ? " " : "", more);
	fflush(stdout);
}

void tell(struct sight *s, int ret)
{
	tell_more(s, ret, "%s", "");
}
