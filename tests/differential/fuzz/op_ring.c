/* SPDX-License-Identifier: MIT */
/* Operations that make, move and end rings. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "world.h"

/* Flags that the library at hand cannot survive: the kernel would accept them. */
static unsigned known_flags(unsigned flags)
{
	if (FUZZ_LU < 205)
		flags &= ~(SETUP_NO_MMAP | SETUP_REGFD_ONLY);
	if (FUZZ_LU < 206)
		flags &= ~SETUP_NO_SQARRAY;
	if (FUZZ_LU < 213)
		flags &= ~SETUP_CQE_MIXED;
	return flags;
}

static uint64_t fnv(uint64_t h, const void *p, size_t n)
{
	const unsigned char *c = p;

	while (n--)
		h = (h ^ *c++) * 0x100000001b3ull;
	return h;
}

/*
 * The offsets differ between kernels and flags; the addresses in them are different in every run.
 */
static unsigned offsets_hash(const struct io_uring_params *p)
{
	struct io_sqring_offsets sq = p->sq_off;
	struct io_cqring_offsets cq = p->cq_off;
	uint64_t h = 0xcbf29ce484222325ull;

	memset((char *)&sq + sizeof(sq) - 8, 0, 8);
	memset((char *)&cq + sizeof(cq) - 8, 0, 8);
	h = fnv(h, &sq, sizeof(sq));
	h = fnv(h, &cq, sizeof(cq));
	return h ^ (h >> 32);
}

static void say_params(struct world *w, const struct io_uring_params *p)
{
	say(w, " p=%u,%u,%x,cpu%u,idle%u,%x,%x,%x", p->sq_entries, p->cq_entries, p->flags,
	    p->sq_thread_cpu, p->sq_thread_idle, p->features, p->resv[0] | p->resv[1] | p->resv[2],
	    offsets_hash(p));
}

/* Of a ring that was not made, only how much of the struct was written can be told. */
static void say_wreck(struct world *w, const struct io_uring *u)
{
	const unsigned char *c = (const void *)u;
	unsigned same = 0, zero = 0;

	for (size_t i = 0; i < sizeof(*u); i++) {
		same += c[i] == 0xaa;
		zero += !c[i];
	}
	say(w, " wreck=%s",
	    same == sizeof(*u) ? "untouched" :
	    zero == sizeof(*u) ? "zero" :
				 "part");
}

static void say_made(struct world *w, const struct io_uring *u)
{
	const unsigned char *c = (const void *)u;
	unsigned pads = c[209] | c[210] | c[211] | c[212] | c[213] | c[214] | c[215];

	say(w, " fd=%+d mask=%x,%x ent=%u,%u head=%u,%u array=%d pads=%x",
	    u->ring_fd < 0 ? -99 : u->ring_fd - w->fdbase, *u->sq.kring_mask, *u->cq.kring_mask,
	    *u->sq.kring_entries, *u->cq.kring_entries, u->sq.sqe_head, u->sq.sqe_tail,
	    u->sq.array ? 1 : 0, pads);
}

static int make_mem(struct slot *s, unsigned entries, struct io_uring_params *p)
{
#if FUZZ_LU >= 205
	s->mem_sz = 1 << 16;
	s->mem = mmap(NULL, s->mem_sz, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->mem == MAP_FAILED)
		return -1000;
	return io_uring_queue_init_mem(entries, s->u, p, s->mem, s->mem_sz);
#else
	return io_uring_queue_init_params(entries, s->u, p);
#endif
}

/* The two steps by hand, as a program makes them that needs the fd before the mapping. */
static int make_raw(struct slot *s, unsigned entries, struct io_uring_params *p)
{
	int fd, ret;

	p->flags &= ~(SETUP_NO_MMAP | SETUP_REGFD_ONLY);
	fd = io_uring_setup(entries, p);
	if (fd < 0)
		return fd;
	ret = io_uring_queue_mmap(fd, p, s->u);
	if (ret) {
		close(fd);
		return ret;
	}
	/* 2.5 to 2.14 leave these to the caller, earlier ones leave the features. */
	s->u->ring_fd = fd;
	*(int *)((char *)s->u + 204) = fd;
	s->u->flags = p->flags;
	s->u->features = p->features;
	/* Nor do they fill the index array, as io_uring_queue_init_params does from 2.3 on. */
	for (unsigned i = 0; !(p->flags & SETUP_NO_SQARRAY) && i < p->sq_entries; i++)
		s->u->sq.array[i] = i;
	return 0;
}

void op_ring(struct world *w, const struct line *l)
{
	struct slot *s = &w->slot[l->v[K_R] & (NRING - 1)], *q = &w->slot[l->v[K_Q] & (NRING - 1)];
	struct io_uring_params p = { 0 };
	int ret;

	if (s->live) {
		say(w, " busy");
		return;
	}
	memset(s, 0, sizeof(*s));
	s->u = world_home(w);
	s->flags = p.flags = known_flags(l->v[K_F]);
	p.cq_entries = l->v[K_CQ];
	/* Longer than any sequence: a thread that never sleeps is awake in both variants. */
	p.sq_thread_idle = p.flags & SETUP_SQPOLL ? 5000 : 0;
	p.wq_fd = p.flags & SETUP_ATTACH_WQ ? (q->live ? q->u->ring_fd : -1) : 0;
	memset(s->u, 0xaa, sizeof(*s->u));
	if (l->v[K_VIA] == VIA_INIT)
		ret = io_uring_queue_init(l->v[K_E], s->u, p.flags);
	else if (l->v[K_VIA] == VIA_MEM)
		ret = make_mem(s, l->v[K_E], &p);
	else if (l->v[K_VIA] == VIA_RAW)
		ret = make_raw(s, l->v[K_E], &p);
	else
		ret = io_uring_queue_init_params(l->v[K_E], s->u, &p);
	say(w, " %d", ret);
	say_params(w, &p);
	if (ret < 0) {
		say_wreck(w, s->u);
		if (s->mem)
			munmap(s->mem, s->mem_sz);
		memset(s, 0, sizeof(*s));
		return;
	}
	s->live = true;
	s->disabled = s->flags & SETUP_R_DISABLED;
	say_made(w, s->u);
}

/*
 * Without a mapping, nothing keeps a ring that has no fd: the kernel cancels its requests at some
 * later time, and writes to memory that the program can see. So the program does not look there.
 */
void slot_clear(struct world *w, struct slot *s)
{
	if (s->polls)
		pipes_renew(w);
	if (s->mem)
		munmap(s->mem, s->mem_sz);
	if (s->region)
		munmap(s->region, 4096);
	memset(s, 0, sizeof(*s));
}

void op_exit(struct world *w, const struct line *l)
{
	struct slot *s = slot_live(w, l->v[K_R]);

	if (!s)
		return;
	if (s->fd_closed) {
		op_bareclose(w, l);
		return;
	}
	io_uring_queue_exit(s->u);
	slot_clear(w, s);
}

static void unmap(struct io_uring *u)
{
	size_t shift = !!(u->flags & SETUP_SQE128);

	if (u->flags & SETUP_NO_MMAP)
		return;
	munmap(u->sq.sqes, (size_t)*u->sq.kring_entries * sizeof(struct io_uring_sqe) << shift);
	if (u->cq.ring_ptr && u->cq.ring_ptr != u->sq.ring_ptr)
		munmap(u->cq.ring_ptr, u->cq.ring_sz);
	munmap(u->sq.ring_ptr, u->sq.ring_sz);
}

/* As a program ends a ring that does not know io_uring_queue_exit. */
void op_bareclose(struct world *w, const struct line *l)
{
	struct slot *s = slot_live(w, l->v[K_R]);

	if (!s)
		return;
	if (abi_registered(s->u) && w->leaks < MAXLEAK)
		w->leaked_idx[w->leaks++] = abi_enter_fd(s->u);
	unmap(s->u);
	if (!s->fd_closed && s->u->ring_fd >= 0)
		say(w, " %d", close(s->u->ring_fd));
	slot_clear(w, s);
}

/* The fd goes, the mapping stays, and the program goes on calling. */
void op_closefd(struct world *w, const struct line *l)
{
	struct slot *s = slot_live(w, l->v[K_R]);

	if (!s)
		return;
	if (s->fd_closed || s->u->ring_fd < 0) {
		say(w, " closed");
		return;
	}
	say(w, " %d", close(s->u->ring_fd));
	s->fd_closed = true;
	if (s->polls)
		pipes_renew(w);
	if (s->u->flags & SETUP_NO_MMAP)
		op_bareclose(w, l);
}

/* A struct is the program's: it may copy it elsewhere and spoil the old place. */
void op_move(struct world *w, const struct line *l)
{
	struct slot *s = slot_live(w, l->v[K_R]);
	struct io_uring *to;

	if (!s)
		return;
	to = world_home(w);
	memcpy(to, s->u, sizeof(*to));
	memset(s->u, 0x5a, sizeof(*to));
	s->u = to;
}
