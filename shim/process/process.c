/* SPDX-License-Identifier: MIT */
/*
 * Makes the state of a process: once, and again in a forked child.
 */
#include <sys/mman.h>
#include <time.h>

#include "base/config.h"
#include "base/debug.h"
#include "process/process.h"
#include "process/stats_page.h"

#ifndef MADV_WIPEONFORK /* 4.14 */
#define MADV_WIPEONFORK 18
#endif

union area area;
struct zone zone;

unsigned process_sandboxed;
static bool possible;

#define LOCK_TRIES 1000

/*
 * Memory for more slots than the zone has. Mapped at the start; a forked child inherits it, wiped.
 */
static struct {
	struct reg_wait *slots;
	pthread_mutex_t *slot_owners, *line_owners;
	struct regwait_stats_page *stats_page;
} larger;

/* Until the options are read, there is no mode. */
static unsigned char no_mode = MODE_END;
unsigned char *live_mode = &no_mode;

bool process_is_mine(const struct process *p)
{
	return process_sandboxed || getpid() == p->stats_page->pid;
}

static size_t page_round(size_t size)
{
	size_t page = memory_page();

	return (size + page - 1) & ~(page - 1);
}

/*
 * The number that marks the rings of this process, and of no other process, forked ones included.
 * AT_RANDOM differs from program to program but not across fork. What differs there is the time,
 * the process id, and the parent's nonce that is mixed in.
 */
static uint64_t make_nonce(const struct regwait_stats_page *page)
{
	uint64_t x = config.random ^ area.kept.nonce ^ (uint64_t)page->pid << 40 ^ page->started;

	x = (x ^ (x >> 31)) * 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9ULL;
	x &= NONCE_MASK;
	return x && x != NONCE_MASK ? x : (uint64_t)1 << NONCE_SHIFT;
}

static void *wiped_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	if (!madvise(memory, size, MADV_WIPEONFORK))
		return memory;
	munmap(memory, size);
	return NULL;
}

/* Maps memory for REGWAIT_SLOTS, if the zone has fewer slots or lines. */
static void find_larger(void)
{
	unsigned nr = config.slots;
	size_t slots_size = page_round((nr + 1) * sizeof(struct reg_wait));
	size_t owners_size = page_round(2 * nr * sizeof(pthread_mutex_t));
	char *memory;

	if (nr <= ZONE_LINES && nr <= ZONE_SLOTS)
		return;
	memory = wiped_memory(slots_size + owners_size + stats_page_size(nr));
	if (!memory)
		return;
	larger.slots = (struct reg_wait *)memory;
	larger.slot_owners = (pthread_mutex_t *)(memory + slots_size);
	larger.line_owners = larger.slot_owners + nr;
	larger.stats_page = (struct regwait_stats_page *)(memory + slots_size + owners_size);
}

void process_start(void)
{
	/* With REGWAIT=off, the only use of this state is a stats page that shows the mode. */
	if (config.mode != MODE_OFF || config.live)
		possible = !madvise(&zone, sizeof(zone), MADV_WIPEONFORK);
	if (possible)
		find_larger();
	__atomic_store_n(&live_mode, &config.mode, __ATOMIC_RELAXED);
}

/*
 * Distributes the memory. The last slot of the registered pages is never handed out: since 6.13.2
 * (and at least up to 7.1) the kernel reads slot 0 when it is asked for the last one.
 */
static void lay_out(struct process *p)
{
	if (larger.slots) {
		p->slots = larger.slots;
		p->slot_owners = (struct places){ .nr = config.slots, .owner = larger.slot_owners };
		p->line_owners = (struct places){ .nr = config.slots, .owner = larger.line_owners };
		p->stats_page = larger.stats_page;
	} else {
		p->slots = area.slots;
		p->slot_owners = (struct places){
			.nr = ZONE_SLOTS,
			.owner = zone.slot_owners,
			.near = zone.near_owners,
			.nr_near = ZONE_NEAR_OWNERS,
		};
		p->line_owners = (struct places){
			.nr = ZONE_LINES,
			.owner = zone.line_owners,
			.near = zone.near_owners + ZONE_NEAR_OWNERS,
			.nr_near = ZONE_NEAR_OWNERS,
		};
		p->stats_page = &zone.stats_page.head;
	}
	if (p->slot_owners.nr > config.slots)
		p->slot_owners.nr = config.slots;
	p->slots_size = page_round((p->slot_owners.nr + 1) * sizeof(struct reg_wait));
}

/* Puts the counts into a file, if that is wanted and possible, else into memory of our own. */
static void lay_out_stats_page(struct process *p)
{
	int saved = config.live ? errno : 0;
	struct regwait_stats_page *file = config.live ? stats_page_map(p->line_owners.nr) : NULL;

	p->stats_page_is_file = file;
	if (file) {
		p->stats_page = file;
		stats_page_publish(file);
	} else {
		stats_page_init(p->stats_page, p->line_owners.nr, false);
	}
	if (config.live)
		errno = saved;
}

static void remember_ancestor(uint64_t nonce)
{
	if (area.kept.nonce) {
		area.kept.ancestors[1] = area.kept.ancestors[0];
		area.kept.ancestors[0] = area.kept.nonce;
	}
	area.kept.nonce = nonce;
}

/*
 * Makes a wait by a slot that nobody owns fail. A program may wait by an offset into our area
 * without our knowledge (by liburing's io_uring_submit_and_wait_reg(), found by dlsym()). Without
 * us it would get -EFAULT; by a slot of zeroes it would wait for ever. So such a slot holds a
 * signal mask at an invalid address. The owner of a slot writes its own mask at each wait. The last
 * page has more slots than are handed out, in particular a large one.
 */
static void guard_slots(const struct process *p)
{
	/* In a forked child the slots that were never used still hold this. */
	bool inherited = p->slots == area.slots && area.kept.sigmask == UINT64_MAX;
	unsigned all = p->slots_size / sizeof(p->slots[0]);
	unsigned nr = inherited ? area.kept.slots_used : all, i;

	for (i = 0; i < nr; i++) {
		p->slots[i].sigmask = UINT64_MAX;
		p->slots[i].sigmask_sz = sizeof(uint64_t);
	}
	area.kept.sigmask = UINT64_MAX;
	area.kept.sigmask_sz = sizeof(uint64_t);
	area.kept.slots_used = 0;
}

static void make_process(struct process *p)
{
	uint64_t nonce;

	lay_out(p);
	guard_slots(p);
	lay_out_stats_page(p);
	nonce = make_nonce(p->stats_page);
	remember_ancestor(nonce);
	p->serving = nonce;
	__atomic_store_n(&p->nonce, nonce, __ATOMIC_RELEASE);
	/* In a forked child the address is most often the same already. */
	if (live_mode != &p->stats_page->mode)
		__atomic_store_n(&live_mode, &p->stats_page->mode, __ATOMIC_RELEASE);
}

struct process *process_get(void)
{
	struct process *p = &this_process;

	if (__atomic_load_n(&p->nonce, __ATOMIC_ACQUIRE))
		return p;
	if (!possible || process_sandboxed)
		return NULL;
	if (!process_lock(p))
		return NULL;
	if (!p->nonce)
		make_process(p);
	process_unlock(p);
	return p;
}

/* Each thread has its own address of this. */
static __thread char in_thread;

bool process_lock_is_held(const struct process *p)
{
	return __atomic_load_n(&p->owner, __ATOMIC_RELAXED) == &in_thread;
}

bool process_lock(struct process *p)
{
	struct signals signals = signals_block(!process_sandboxed);
	int tries = 0;

	if (signals.blocked)
		lock_take(&p->lock);
	else
		while (!lock_try(&p->lock))
			if (++tries == LOCK_TRIES)
				return false;
	p->held = signals;
	p->owner = &in_thread;
	return true;
}

void process_unlock(struct process *p)
{
	struct signals signals = p->held;

	debug_assert(process_lock_is_held(p));
	p->owner = NULL;
	lock_give(&p->lock);
	signals_restore(&signals);
}

/* A child of vfork has our memory, but enters a sandbox alone. */
static bool sandbox_is_mine(void)
{
	struct process *p = process_peek();

	return !p || process_is_mine(p);
}

void process_enters_sandbox(void)
{
	if (!sandbox_is_mine())
		return;
	__atomic_fetch_add(&process_sandboxed, 1, __ATOMIC_RELAXED);
	this_process.serving = 0;
}

void process_leaves_sandbox(void)
{
	if (!sandbox_is_mine())
		return;
	if (!__atomic_sub_fetch(&process_sandboxed, 1, __ATOMIC_RELAXED))
		this_process.serving = this_process.nonce;
}
