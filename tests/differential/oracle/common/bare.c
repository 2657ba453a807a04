/* SPDX-License-Identifier: MIT */
/* Rings that are made and entered by bare system calls, by three entry points. */
#include <sys/mman.h>
#include <sys/syscall.h>

#include "bare.h"
#include "inline_call.h"

#define ENTRIES 4

enum entry entry;

long hidden_call(long nr, long a, long b, long c, long d, long e, long f)
{
	return inline_call(nr, a, b, c, d, e, f);
}

static int setup_by(enum entry how, unsigned entries, struct io_uring_params *p)
{
	int ret;

	if (how == LIBURING)
		return io_uring_setup(entries, p);
	if (how == HIDDEN)
		return hidden_call(__NR_io_uring_setup, entries, (long)p, 0, 0, 0, 0);
	ret = syscall(__NR_io_uring_setup, entries, p);
	return ret < 0 ? -errno : ret;
}

int enter(int fd, unsigned submit, unsigned wait, unsigned flags,
	  struct io_uring_getevents_arg *arg)
{
	int ret;

	if (entry == LIBURING)
		return io_uring_enter2(fd, submit, wait, flags, (void *)arg, sizeof(*arg));
	ret = syscall(__NR_io_uring_enter, fd, submit, wait, flags, arg, sizeof(*arg));
	return ret < 0 ? -errno : ret;
}

void make_bare(struct io_uring *ring, enum entry how)
{
	struct io_uring_params p = { 0 };
	unsigned i;
	int fd = setup_by(how, ENTRIES, &p);

	must(fd, "io_uring_setup");
	must(io_uring_queue_mmap(fd, &p, ring), "io_uring_queue_mmap");
	for (i = 0; i < p.sq_entries; i++)
		ring->sq.array[i] = i;
	ring->flags = p.flags;
	ring->features = p.features;
	ring->ring_fd = ring->enter_ring_fd = fd;
}

void timed_enter(struct io_uring *ring, int fd, const char *what, unsigned wait, double ms,
		 unsigned flags)
{
	struct __kernel_timespec ts = after_ms(ms);
	struct io_uring_getevents_arg arg = { .sigmask_sz = 8, .ts = (unsigned long)&ts };
	unsigned submit = ring->sq.sqe_tail - ring->sq.sqe_head;
	struct sight s;

	io_uring_smp_store_release(ring->sq.ktail, ring->sq.sqe_tail);
	ring->sq.sqe_head = ring->sq.sqe_tail;
	look(&s, ring, "%s nr%u %gms", what, wait, ms);
	tell(&s, enter(fd, submit, wait, flags | TIMED, &arg));
}

void try_ring(struct io_uring *ring, int fd, const char *what)
{
	char name[64];

	drain(ring);
	put_nops(ring, 1, UD_NOP);
	snprintf(name, sizeof(name), "%s NOP", what);
	timed_enter(ring, fd, name, 2, T_MS, 0);
	timed_enter(ring, fd, name, 1, T_MS, 0);
	drain(ring);
	timed_enter(ring, fd, what, 1, MIN_WAIT_MS, 0);
}

void unmap(struct io_uring *ring)
{
	munmap(ring->sq.ring_ptr, ring->sq.ring_sz);
	if (ring->cq.ring_ptr && ring->cq.ring_ptr != ring->sq.ring_ptr)
		munmap(ring->cq.ring_ptr, ring->cq.ring_sz);
}
