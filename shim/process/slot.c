/* SPDX-License-Identifier: MIT */
/*
 * Hands out slots. A thread keeps its slot while it lives, so this runs once or
 * twice in its life; only here are words written that threads share.
 */
#include <sched.h>
#include <string.h>
#include <time.h>

#include "base/config.h"
#include "base/log.h"
#include "process/slot.h"

#define SEARCH_MS 10	/* after a search in vain for the slots of threads that are gone */

static const uint64_t no_nonce;

__thread struct thread me = {
	.nonce = &no_nonce, .ts_page = ~(uintptr_t)0,
	.arg_page = ~(uintptr_t)0,
};

static bool slot_is_mine(const struct process *p)
{
	return me.nonce == &p->nonce;
}

static pthread_key_t exit_key;
static int exit_key_state;		/* 0: none yet, 1: there, -1: cannot be had */

/*
 * Whose a slot is, its owner alone says; the bit is where to look for a free one. A thread may
 * be cancelled between any two steps, and then what it leaves can be told from what is in use.
 */
static bool own(struct process *p, unsigned i, int32_t was, int32_t tid)
{
	return __atomic_compare_exchange_n(&p->owner[i], &was, tid, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static void let_go(struct process *p, unsigned i)
{
	__atomic_store_n(&p->owner[i], 0, __ATOMIC_RELEASE);
	__atomic_fetch_and(&p->taken[i / 64], ~((uint64_t)1 << i % 64), __ATOMIC_RELEASE);
}

/* Runs when a thread ends. A wait in a later destructor takes a slot anew. */
static void slot_give_back(void *unused)
{
	struct process *p = process_peek();
	unsigned i = me.offset / sizeof(struct reg_wait);

	(void)unused;
	if (!p || !slot_is_mine(p))
		return;			/* of a forked child's parent */
	memset(me.slot, 0, sizeof(*me.slot));
	me.nonce = &no_nonce;
	me.counts = NULL;
	me.busy = NULL;
	let_go(p, i);
}

/* Without the key, slots could not come back: then none is handed out. */
static bool have_exit_key(void)
{
	int state, none = 0;
	pthread_key_t key;

	while ((state = __atomic_load_n(&exit_key_state, __ATOMIC_ACQUIRE)) == -2)
		sched_yield();		/* another thread is publishing it */

	if (state)
		return state > 0;
	if (pthread_key_create(&key, slot_give_back)) {
		__atomic_store_n(&exit_key_state, -1, __ATOMIC_RELEASE);
		return false;
	}
	/* Two threads may come here at once; -2 keeps the second out while one publishes. */
	if (__atomic_compare_exchange_n(&exit_key_state, &none, -2, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		exit_key = key;
		__atomic_store_n(&exit_key_state, 1, __ATOMIC_RELEASE);
		return true;
	}
	pthread_key_delete(key);
	return have_exit_key();
}

/* The number of a free slot, now taken; -1 if all are. */
static int take_free(struct process *p, int32_t tid)
{
	unsigned w;

	for (w = 0; w * 64 < p->nr_slots; w++) {
		uint64_t word = __atomic_load_n(&p->taken[w], __ATOMIC_RELAXED);

		while (~word) {
			unsigned bit = __builtin_ctzll(~word);

			if (w * 64 + bit >= p->nr_slots)
				break;
			if (!__atomic_compare_exchange_n(&p->taken[w], &word,
							 word | (uint64_t)1 << bit, false,
							 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
				continue;
			if (own(p, w * 64 + bit, 0, tid))
				return w * 64 + bit;
			word |= (uint64_t)1 << bit;
		}
	}
	return -1;
}

static bool is_gone(const struct process *p, int32_t tid)
{
	/* A process that shares our memory knows nothing of our threads. */
	return getpid() == p->page->pid &&
	       kernel_call(SYS_tgkill, getpid(), tid, 0, 0, 0, 0) == -ESRCH;
}

/*
 * A thread that first waits in the last of its destructors gives nothing back, nor does one
 * that is cancelled while it takes a slot. When all slots are taken, now and then, those of
 * threads that are gone are freed. (One that was joined may still be there for a moment.)
 */
static int take_of_the_dead(struct process *p, int32_t tid)
{
	int64_t last = __atomic_load_n(&p->searched, __ATOMIC_RELAXED);
	struct timespec t;
	int64_t now;
	unsigned i;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	now = t.tv_sec * 1000 / SEARCH_MS + t.tv_nsec / 1000000 / SEARCH_MS;
	if (now == last)
		return -1;
	for (i = 0; i < p->nr_slots; i++) {
		int32_t owner = __atomic_load_n(&p->owner[i], __ATOMIC_RELAXED);

		if ((!owner || is_gone(p, owner)) && own(p, i, owner, tid)) {
			__atomic_fetch_or(&p->taken[i / 64], (uint64_t)1 << i % 64,
					  __ATOMIC_RELAXED);
			return i;
		}
	}
	__atomic_store_n(&p->searched, now, __ATOMIC_RELAXED);
	return -1;
}

static bool take(struct process *p)
{
	struct reg_wait *slot;
	int i, saved = errno, tid = gettid();

	if (!have_exit_key())
		return false;
	i = take_free(p, tid);
	if (i < 0)
		i = take_of_the_dead(p, tid);
	if (i < 0)
		return false;
	if (pthread_setspecific(exit_key, p)) {
		let_go(p, i);
		errno = saved;
		return false;
	}
	slot = &p->slots[i];
	memset(slot, 0, sizeof(*slot));
	slot->sigmask_sz = KERNEL_SIGSET_SIZE;
	slot->flags = REG_WAIT_TS;
	me.slot = slot;
	me.counts = page_counts(p->page, i);
	me.offset = i * sizeof(*slot);
	me.busy = NULL;
	/* Last: from here on a wait may use it. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.nonce = &p->nonce;
	log_debug("slot %d taken", i);
	return true;
}

bool slot_take(struct process *p)
{
	bool taken;

	if (slot_is_mine(p))
		return true;
	if (me.taking)			/* a signal handler in the middle of the below */
		return false;
	me.taking = 1;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	taken = take(p);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.taking = 0;
	return taken;
}

void count_plain(struct process *p, enum regwait_reason why)
{
	if (p && slot_is_mine(p))
		count_one(me.counts->plain[why]);
	else if (p)
		__atomic_fetch_add(&p->page->slotless.plain[why], 1, __ATOMIC_RELAXED);
}
