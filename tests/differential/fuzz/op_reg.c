/* SPDX-License-Identifier: MIT */
/* Operations that register something with a ring, or ask about rings. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "world.h"

/* Printed for a function that the library at hand does not have. */
#define NOT_THERE -9999

static int raw_register(struct slot *s, unsigned op, void *arg, unsigned nr)
{
	return io_uring_register(s->u->ring_fd, op, arg, nr);
}

/* The function is in every header, but only from 2.4 on in the library. */
static int reg_enable(struct slot *s, bool raw)
{
	int ret;

#if FUZZ_LU >= 204
	if (!raw)
		ret = io_uring_enable_rings(s->u);
	else
#endif
		ret = raw_register(s, IORING_REGISTER_ENABLE_RINGS, NULL, 0);
	(void)raw;
	if (!ret)
		s->disabled = false;
	return ret;
}

static int reg_resize(struct slot *s, const struct line *l)
{
#if FUZZ_LU >= 209
	struct io_uring_params p = { .flags = l->v[K_F],
				     .sq_entries = l->v[K_E],
				     .cq_entries = l->v[K_CQ] };

	/* With an index array the library looks for the ring's fields in the wrong places. */
	if (!(s->u->flags & SETUP_NO_SQARRAY))
		return NOT_THERE;
	return io_uring_resize_rings(s->u, &p);
#else
	(void)s;
	(void)l;
	return NOT_THERE;
#endif
}

/* One page of the program's own; n=1 asks for wait arguments in it. */
static int reg_region(struct slot *s, long wait_arg, bool raw)
{
	struct abi_region_desc rd = { .size = 4096, .flags = REGION_TYPE_USER };
	struct abi_region_reg mr = { .flags = wait_arg ? REGION_WAIT_ARG : 0 };
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ret = NOT_THERE;

	if (page == MAP_FAILED)
		return -1000;
	rd.user_addr = (uintptr_t)page;
	mr.region_uptr = (uintptr_t)&rd;
	if (raw)
		ret = raw_register(s, REGISTER_MEM_REGION, &mr, 1);
#if FUZZ_LU >= 209
	else
		ret = io_uring_register_region(s->u, (void *)&mr);
#endif
	if (!ret && wait_arg && !s->region)
		s->region = page;
	else
		munmap(page, 4096);
	return ret;
}

static int reg_restrict(struct slot *s)
{
#if FUZZ_LU >= 204
	struct io_uring_restriction res[] = {
		{ .opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_NOP },
		{ .opcode = IORING_RESTRICTION_REGISTER_OP,
		  .register_op = IORING_REGISTER_ENABLE_RINGS },
	};

	return io_uring_register_restrictions(s->u, res, 2);
#else
	(void)s;
	return NOT_THERE;
#endif
}

static int reg_newer(struct slot *s, const struct line *l)
{
	(void)s;
	switch (l->op->tag) {
#if FUZZ_LU >= 204
	case CLOSE_FD:
		return io_uring_close_ring_fd(s->u);
#endif
#if FUZZ_LU >= 208
	case CLOCK: {
		struct io_uring_clock_register clk = {
			.clockid = l->v[K_N] ? CLOCK_BOOTTIME : CLOCK_MONOTONIC,
		};

		return io_uring_register_clock(s->u, &clk);
	}
#endif
#if FUZZ_LU >= 209
	case WAIT_REG:
		return io_uring_register_wait_reg(s->u, NULL, 0);
#endif
#if FUZZ_LU >= 210
	case IOWAIT:
		return io_uring_set_iowait(s->u, l->v[K_N] & 1);
#endif
	default:
		return NOT_THERE;
	}
}

/* These functions make a ring of their own inside the library, and end it. */
static void ask(struct world *w, const struct line *l)
{
	struct io_uring_probe *probe;

	if (l->op->tag == MLOCK_SIZE) {
		say(w, " %zd", io_uring_mlock_size(l->v[K_E], l->v[K_F]));
		return;
	}
	probe = io_uring_get_probe();
	say(w, " %s", probe ? "probe" : "NULL");
	if (probe)
		say(w, " %u,%u", probe->last_op, probe->ops_len);
	io_uring_free_probe(probe);
}

static int reg_call(struct slot *s, const struct line *l)
{
	switch (l->op->tag) {
	case REG_FD:
		/* 2.2 and 2.3 register again, and forget the first index. */
		if (FUZZ_LU < 204 && abi_registered(s->u))
			return NOT_THERE;
		return io_uring_register_ring_fd(s->u);
	case UNREG_FD:
		return io_uring_unregister_ring_fd(s->u);
	case ENABLE:
	case RAW_ENABLE:
		return reg_enable(s, l->op->tag == RAW_ENABLE);
	case RESIZE:
		return reg_resize(s, l);
	case REGION:
	case RAW_REGION:
		return reg_region(s, l->v[K_N], l->op->tag == RAW_REGION);
	case RESTRICT:
		return reg_restrict(s);
	case DONTFORK:
		return io_uring_ring_dontfork(s->u);
	default:
		return reg_newer(s, l);
	}
}

void op_reg(struct world *w, const struct line *l)
{
	struct slot *s;
	int ret;

	if (l->op->tag == PROBE || l->op->tag == MLOCK_SIZE) {
		ask(w, l);
		return;
	}
	s = slot_live(w, l->v[K_R]);
	if (!s)
		return;
	ret = reg_call(s, l);
	if (ret == NOT_THERE)
		say(w, " n/a");
	else
		say(w, " %d", ret);
	if (l->op->tag == DONTFORK)
		s->dontfork = true;
	if (l->op->tag == REG_FD && ret == 1)
		s->reg_tid = gettid();
	if (l->op->tag == UNREG_FD && ret == 1 && s->u->ring_fd < 0 && s->u->flags & SETUP_NO_MMAP)
		slot_clear(w, s);
}
