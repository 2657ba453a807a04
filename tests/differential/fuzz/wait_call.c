/* SPDX-License-Identifier: MIT */
/* Calls the function that an operation names: see wait.h. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "wait.h"

/* A page that nothing may be read from. */
static void *bad_page(void)
{
	static void *page;

	if (!page)
		page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page;
}

void wait_mask(struct call *c)
{
	c->mask = &c->mask_room;
	sigemptyset(c->mask);
	switch (c->mask_word) {
	case MASK_NULL:
		c->mask = NULL;
		break;
	case MASK_USR1:
		sigaddset(c->mask, SIGUSR1);
		break;
	case MASK_ALRM:
		sigaddset(c->mask, SIGALRM);
		break;
	case MASK_ALL:
		sigfillset(c->mask);
		break;
	case MASK_BAD8:
		/* The executor looks at a mask only through wait_call(). */
	default:
		break;
	}
}

void wait_timeout(struct call *c)
{
	static const struct __kernel_timespec values[TS_WORDS] = {
		[TS_0] = { 0, 0 },
		[TS_1NS] = { 0, 1 },
		[TS_1MS] = { 0, 1000000 },
		[TS_2MS] = { 0, 2000000 },
		[TS_25MS] = { 0, 25000000 },
		[TS_10S] = { 10, 0 },
		[TS_NEG] = { -1, 0 },
		[TS_NEGNS] = { 0, -1 },
		[TS_BIGNS] = { 0, 2000000000 },
		[TS_HUGENS] = { 0, LLONG_MAX },
		[TS_FOREVER] = { 4000000000, 0 },
	};

	c->ts = &c->ts_room;
	c->ts_room = values[c->ts_word];
	if (c->ts_word == TS_NULL)
		c->ts = NULL;
	else if (c->ts_word == TS_BAD8)
		c->ts = (void *)8;
	else if (c->ts_word == TS_BADPAGE)
		c->ts = bad_page();
	if (c->mask_word == MASK_BAD8)
		c->mask = (void *)8;
}

/* What a program does that flushes by itself and enters by itself. */
static unsigned flush(struct io_uring *u)
{
	__atomic_store_n(u->sq.ktail, u->sq.sqe_tail, __ATOMIC_RELEASE);
	u->sq.sqe_head = u->sq.sqe_tail;
	return u->sq.sqe_tail - *u->sq.khead;
}

/* The program's own region, if it has one: a slot that was never written waits for ever. */
static void region_fill(struct call *c)
{
	struct abi_reg_wait *region = c->s->region;

	if (!region || c->n < 0 || c->n > 7)
		return;
	region[c->n] = (struct abi_reg_wait){
		.ts = c->ts_room,
		.flags = c->ts ? REG_WAIT_TS : 0,
		.min_wait_usec = c->min,
		.sigmask = (uintptr_t)c->mask,
		.sigmask_sz = 8,
	};
}

static int enter_by_hand(struct call *c)
{
	struct io_uring *u = c->s->u;
	struct abi_getevents_arg arg = {
		.sigmask = (uintptr_t)c->mask,
		.sigmask_sz = 8,
		.min_wait_usec = c->min,
		.ts = (uintptr_t)c->ts,
	};
	unsigned flags = ENTER_GETEVENTS | (abi_registered(u) ? ENTER_REGISTERED_RING : 0);
	unsigned sub = c->sub ? flush(u) : 0;

	flags |= c->s->flags & SETUP_SQPOLL ? ENTER_SQ_WAKEUP : 0;
	if (c->fn == ENTER)
		return io_uring_enter(abi_enter_fd(u), sub, c->nr, flags, c->mask);
	flags |= ENTER_EXT_ARG;
	if (c->fn == ENTER2_REG) {
		region_fill(c);
		return io_uring_enter2(abi_enter_fd(u), sub, c->nr, flags | ENTER_EXT_ARG_REG,
				       (void *)(c->n * sizeof(struct abi_reg_wait)),
				       sizeof(struct abi_reg_wait));
	}
	if (c->n && c->ts == &c->ts_room && c->ts_word <= TS_25MS) {
		uint64_t ns = now_ns() + c->ts_room.tv_nsec;

		c->ts_room.tv_sec = ns / 1000000000;
		c->ts_room.tv_nsec = ns % 1000000000;
		flags |= ENTER_ABS_TIMER;
	}
	if (c->fn == ENTER2)
		return io_uring_enter2(abi_enter_fd(u), sub, c->nr, flags, (void *)&arg,
				       sizeof(arg));
	return syscall(__NR_io_uring_enter, abi_enter_fd(u), sub, c->nr, flags, &arg, sizeof(arg));
}

static int saw_reg(struct call *c)
{
#if FUZZ_LU >= 209
	region_fill(c);
	return io_uring_submit_and_wait_reg(c->s->u, &c->cqe, c->nr, c->n);
#else
	(void)c;
	return -1;
#endif
}

static int wait_newer(struct call *c)
{
#if FUZZ_LU >= 208
	if (c->fn == WAIT_MIN)
		return io_uring_wait_cqes_min_timeout(c->s->u, &c->cqe, c->nr, c->ts, c->min,
						      c->mask);
	if (c->fn == SAW_MIN)
		return io_uring_submit_and_wait_min_timeout(c->s->u, &c->cqe, c->nr, c->ts, c->min,
							    c->mask);
#endif
	return saw_reg(c);
}

static int wait_untimed(struct call *c)
{
	struct io_uring *u = c->s->u;

	switch (c->fn) {
	case WAIT_CQE:
		return io_uring_wait_cqe(u, &c->cqe);
	case WAIT_CQE_NR:
		return io_uring_wait_cqe_nr(u, &c->cqe, c->nr);
	case PEEK_CQE:
		return io_uring_peek_cqe(u, &c->cqe);
	case PEEK_BATCH:
		return io_uring_peek_batch_cqe(u, c->cqes, BATCH);
	case SUBMIT:
		return io_uring_submit(u);
	case SUBMIT_WAIT:
		return io_uring_submit_and_wait(u, c->nr);
	case SUBMIT_EVENTS:
		return io_uring_submit_and_get_events(u);
	case GET_EVENTS:
		return io_uring_get_events(u);
	case SQRING_WAIT:
		return io_uring_sqring_wait(u);
	default:
		return __io_uring_get_cqe(u, &c->cqe, c->sub ? flush(u) : 0, c->nr, c->mask);
	}
}

void wait_call(struct call *c)
{
	struct io_uring *u = c->s->u;

	switch (c->fn) {
	case WAIT_TIMEOUT:
		c->ret = io_uring_wait_cqe_timeout(u, &c->cqe, c->ts);
		break;
	case WAIT_CQES:
		c->ret = io_uring_wait_cqes(u, &c->cqe, c->nr, c->ts, c->mask);
		break;
	case SAW_TIMEOUT:
		c->ret = io_uring_submit_and_wait_timeout(u, &c->cqe, c->nr, c->ts, c->mask);
		break;
	case WAIT_MIN:
	case SAW_MIN:
	case SAW_REG:
		c->ret = wait_newer(c);
		break;
	case ENTER:
	case ENTER2:
	case ENTER2_REG:
	case SYSCALL_ENTER:
		c->ret = enter_by_hand(c);
		break;
	default:
		c->ret = wait_untimed(c);
	}
}
