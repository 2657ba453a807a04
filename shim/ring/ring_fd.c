/* SPDX-License-Identifier: MIT */
/*
 * Takes registered ring descriptors for waits of the calling thread, and gives them back.
 */

#include "base/config.h"
#include "base/log.h"
#include "process/readable.h"
#include "process/threads.h"
#include "ring/ring_fd.h"

/*
 * We use the last indices only, and at most half of them: so the program's own get the numbers that
 * they would get without us.
 */
#define FIRST_OF_OURS 8

/*
 * A ring without an index holds 0 in its word, which leads to entry 0: its descriptor -1 matches
 * none.
 */
__thread struct ringfds ringfds = { .fd = { -1 } };
bool ringfd_ever;

/* Is this list the calling task's? In a child that shares our memory, or copied it, it is not. */
static bool list_is_mine(const struct process *p)
{
	return p && ringfds.nonce == p->nonce && ringfds.tid == gettid();
}

static void begin_list(const struct process *p)
{
	ringfds = (struct ringfds){
		.fd = { -1 },
		.nonce = p->nonce,
		.tid = gettid(),
	};
}

static int give_up(unsigned i)
{
	struct io_uring_rsrc_update update = { .offset = i };

	return kernel_register(i, UNREGISTER_RING_FDS | REGISTER_USE_REGISTERED_RING, &update, 1);
}

/*
 * Through the ring itself, because its descriptor may be closed already. If the ring allows no
 * registration any more (IORING_REGISTER_RESTRICTIONS), through a new ring.
 */
static void give_back(unsigned i)
{
	struct io_uring_rsrc_update update = { .offset = i };
	struct io_uring_params params = { 0 };
	int fd;

	ringfds.held[i] = 0;
	/* From here on a wait of a signal handler goes by the descriptor. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (give_up(i) >= 0)
		return;
	fd = kernel_setup(1, &params);
	if (fd < 0)
		return;
	kernel_register(fd, UNREGISTER_RING_FDS, &update, 1);
	kernel_close(fd);
}

void ringfd_give_back(void)
{
	unsigned i;

	if (!ringfd_ever || !list_is_mine(process_peek()))
		return;
	for (i = FIRST_OF_OURS; i < INDICES; i++)
		if (ringfds.held[i])
			give_back(i);
}

void ringfd_have_clones(void)
{
	threads_cloned = true;
	ringfd_give_back();
}

void ringfd_entering_sandbox(void)
{
	ringfd_give_back();
	process_enters_sandbox();
}

void ringfd_hands_off(void)
{
	struct process *p = process_peek();

	ringfd_give_back();
	if (p && ringfds.nonce != p->nonce)
		begin_list(p);
	ringfds.hands_off = true;
}

/*
 * May this thread hold an index of this ring? Not where syscall() is not interposed, since we would
 * not see what it does to descriptors; and only if we see the end of the descriptor
 * (process/fd_state.h).
 */
static bool allowed(struct process *p, const struct io_uring *ring)
{
	if (!ARCH_HAS_SYSCALL_ENTRY || config.ringfd == RINGFD_OFF ||
	    p->stats_page->mode != MODE_ON || process_sandboxed || !threads_are_none() ||
	    !(ring->flags & IORING_SETUP_SINGLE_ISSUER))
		return false;
	if (ringfds.nonce != p->nonce)
		begin_list(p);
	return list_is_mine(p) && !ringfds.hands_off && (unsigned)ring->ring_fd < FD_STATES &&
	       ring->enter_ring_fd == ring->ring_fd && !(ring->int_flags & INT_FLAGS_REG_RING);
}

/* Is the word before the tag unused? tag_fits() has checked the tag's own word only. */
static bool word_is_free(const struct io_uring *ring)
{
	const struct io_uring_sq *sq = &ring->sq;
	const struct io_uring_cq *cq = &ring->cq;
	const unsigned *fields[] = {
		sq->khead, sq->ktail, sq->kring_mask, sq->kring_entries, sq->kflags, sq->kdropped,
		cq->khead, cq->ktail, cq->kring_mask, cq->kring_entries, cq->kflags, cq->koverflow,
	};
	unsigned i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i] && (uintptr_t)(fields[i] + 1) > (uintptr_t)ringfd_word(ring))
			return false;
	return !*ringfd_word(ring);
}

/* Registers the ring. Returns the index that the kernel gave it; -1: none. */
static int ask(int fd)
{
	struct io_uring_rsrc_update update = { .data = fd };
	int i = INDICES - 1;

	while (i >= FIRST_OF_OURS && ringfds.held[i])
		i--;
	update.offset = i;
	return i >= FIRST_OF_OURS && kernel_register(fd, REGISTER_RING_FDS, &update, 1) == 1 ? i :
											       -1;
}

void ringfd_take(struct process *p, struct io_uring *ring)
{
	static uint64_t last;
	uint64_t holding;
	int i;

	if (!allowed(p, ring) || !word_is_free(ring))
		return;
	i = ask(ring->ring_fd);
	if (i < 0)
		return;
	ringfd_ever = true;
	holding = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED) * INDICES + i;
	ringfds.fd[i] = ring->ring_fd;
	ringfds.held[i] = holding;
	__atomic_store_n(ringfd_word(ring), holding, __ATOMIC_RELAXED);
	tag_write(ring, tag_by_index(tag_read(ring)));
	p->stats_page->rings.indexed++;
	log_debug("ring %d: waits go by index %d", ring->ring_fd, i);
}

void ringfd_closing(unsigned first, unsigned last)
{
	unsigned i;

	for (i = FIRST_OF_OURS; ringfd_ever && i < INDICES; i++)
		if (ringfds.held[i] && (unsigned)ringfds.fd[i] >= first &&
		    (unsigned)ringfds.fd[i] <= last && list_is_mine(process_peek()))
			give_back(i);
}
