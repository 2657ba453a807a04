/* SPDX-License-Identifier: MIT */
/*
 * Makes the state of a process, once, and again in a forked child.
 */
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <time.h>

#include "base/config.h"
#include "process/process.h"
#include "ring/tag.h"

#ifndef MADV_WIPEONFORK		/* 4.14 */
#define MADV_WIPEONFORK 18
#endif

static struct process *current;

struct process *process_peek(void)
{
	struct process *p = __atomic_load_n(&current, __ATOMIC_ACQUIRE);

	return p && __atomic_load_n(&p->live, __ATOMIC_RELAXED) ? p : NULL;
}

bool process_is_mine(const struct process *p)
{
	return p->sandboxed || getpid() == p->page->pid;
}

bool process_entering_sandbox(struct process *p)
{
	if (!p || getpid() != p->page->pid)
		return false;
	p->sandboxed = true;
	return true;
}

/* No mode at all, until the options are read. */
static unsigned char no_mode = MODE_END;
unsigned char *live_mode = &no_mode;

__attribute__((constructor))
static void show_mode(void)
{
	config_load();
	if (__atomic_load_n(&live_mode, __ATOMIC_RELAXED) == &no_mode)
		__atomic_store_n(&live_mode, &config.mode, __ATOMIC_RELAXED);
}

static size_t page_round(size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE);

	return (size + page - 1) & ~(page - 1);
}

/*
 * A number that no other process, and no forked relative of ours, marks its
 * rings with. AT_RANDOM differs from program to program but not across fork;
 * time and address make up for that.
 */
static uint64_t make_nonce(const void *address)
{
	const void *random = (const void *)getauxval(AT_RANDOM);
	struct timespec now = { 0 };
	uint64_t x = 0;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (random)
		memcpy(&x, random, sizeof(x));	/* not aligned */
	x ^= (uintptr_t)address ^
	    ((uint64_t)now.tv_sec << 30) ^ (uint64_t)now.tv_nsec;
	x = (x ^ (x >> 31)) * 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9ULL;
	x &= TAG_NONCE_MASK;
	return x && x != TAG_NONCE_MASK ? x : (uint64_t)1 << TAG_INFO_BITS;
}

/*
 * A signal handler may make a ring while its thread is making one: then it is
 * told so and does without the table, instead of waiting for itself.
 */
static void make_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(lock, &attr);
	pthread_mutexattr_destroy(&attr);
}

/*
 * Slots and state in one mapping, slots first. The last slot of the pages that
 * are registered is never handed out: since 6.13.2 (and at least up to 7.1) the
 * kernel reads slot 0 when it is asked for the last one.
 */
static struct process *map_process(void)
{
	unsigned nr = config.slots;
	size_t slots_size = page_round((nr + 1) * sizeof(struct reg_wait));
	size_t state_size = page_round(sizeof(struct process));
	size_t size = slots_size + state_size + page_size(nr);
	struct process *p;
	char *base;

	base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return NULL;
	if (madvise(base, size, MADV_WIPEONFORK)) {
		munmap(base, size);
		return NULL;
	}
	p = (struct process *)(base + slots_size);
	p->nr_slots = nr;
	p->nonce = make_nonce(base);
	p->slots = (struct reg_wait *)base;
	p->slots_size = slots_size;
	p->page = page_map(nr);
	p->page_is_file = p->page;
	if (!p->page) {
		p->page = (struct regwait_page *)(base + slots_size + state_size);
		page_init(p->page, nr);
	}
	make_lock(&p->lock);
	p->live = 1;
	return p;
}

static void unmap_process(struct process *p)
{
	if (p->page_is_file)
		page_unmap(p->page);
	munmap(p->slots, p->slots_size + page_round(sizeof(*p)) + page_size(p->nr_slots));
}

/* Another thread may be doing the same: then the first one's is everybody's. */
static struct process *make_process(struct process *old)
{
	struct process *fresh = map_process();

	if (!fresh)
		return NULL;
	if (!__atomic_compare_exchange_n(&current, &old, fresh, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		unmap_process(fresh);
		return old;
	}
	if (fresh->page_is_file)
		page_publish(fresh->page);
	__atomic_store_n(&live_mode, &fresh->page->mode, __ATOMIC_RELAXED);
	return fresh;
}

/* Whoever asked for a page shall find it, and see that no ring has come by yet. */
__attribute__((constructor))
static void make_early(void)
{
	config_load();
	if (config.live)
		process_get();
}

struct process *process_get(void)
{
	struct process *old = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
	struct process *fresh;
	int saved;

	if (old && __atomic_load_n(&old->live, __ATOMIC_RELAXED))
		return old;

	saved = errno;
	fresh = make_process(old);
	errno = saved;
	return fresh;
}
