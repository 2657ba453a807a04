/* SPDX-License-Identifier: MIT */
/* Rings made, held or addressed in unusual ways: descriptors, memory, copies. */
#include <sys/mman.h>

#include "oracle.h"

#define ENTRIES	      4
#define DEFER	      (IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)
#define WAITS	      (1u << WAIT_CQES | 1u << SAW_TIMEOUT)
#define WAITS_AND_MIN (WAITS | 1u << SAW_MIN)

static unsigned flags;

/* int_flags appeared in the struct with liburing 2.2, and changed meaning since. */
static void tell_fds(const char *what, struct io_uring *ring, int ret)
{
	say("/%s: ret=%s ring_fd=%d enter_ring_fd=%d int_flags=%x flags=%x", what, errname(ret),
	    ring->ring_fd, ring->enter_ring_fd, ring->int_flags & ~IOWAIT_MARKS, ring->flags);
}

/* ---- registered ring fds --------------------------------------------------------- */

static void make_registered(struct io_uring *ring)
{
	make_ring(ring, ENTRIES, flags);
	must(io_uring_register_ring_fd(ring), "io_uring_register_ring_fd");
}

static void registered(void)
{
	struct question q = { .call = SAW_TIMEOUT, .nr = 1, .limit = T };
	struct io_uring ring;

	exam("", make_registered, WAITS_AND_MIN, false);
	flags = DEFER;
	exam("defer ", make_registered, WAITS, false);
	make_ring(&ring, ENTRIES, 0);
	put_question(&ring, &q, "before registering ");
	tell_fds("registered", &ring, io_uring_register_ring_fd(&ring));
	put_question(&ring, &q, "registered ");
	tell_fds("twice", &ring, io_uring_register_ring_fd(&ring));
	tell_fds("unregistered", &ring, io_uring_unregister_ring_fd(&ring));
	put_question(&ring, &q, "unregistered ");
	tell_fds("unregistered twice", &ring, io_uring_unregister_ring_fd(&ring));
	tell_fds("again", &ring, io_uring_register_ring_fd(&ring));
	q.work = ONE_NOP;
	put_question(&ring, &q, "again ");
	io_uring_queue_exit(&ring);
}

static void make_closed(struct io_uring *ring)
{
	make_registered(ring);
#if LIBURING_AT_LEAST(4)
	must(io_uring_close_ring_fd(ring), "io_uring_close_ring_fd");
#endif
}

static void registered_and_closed(void)
{
#if LIBURING_AT_LEAST(4)
	struct question q = { .call = SAW_TIMEOUT, .nr = 1, .limit = T };
	struct io_uring ring;

	exam("", make_closed, WAITS_AND_MIN, false);
	make_closed(&ring);
	tell_fds("closed", &ring, 0);
	tell_fds("closed twice", &ring, io_uring_close_ring_fd(&ring));
	put_question(&ring, &q, "closed ");
	tell_fds("unregistered", &ring, io_uring_unregister_ring_fd(&ring));
	io_uring_queue_exit(&ring);
#else
	(void)make_closed;
	skip("", "this liburing does not have io_uring_close_ring_fd");
#endif
}

/* A task has sixteen places for ring fds, and all of them are the program's. */
static void sixteen_places(unsigned ring_flags)
{
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = ZERO };
	struct io_uring rings[17];
	char what[40];
	int i;

	for (i = 0; i < 17; i++) {
		make_ring(&rings[i], ENTRIES, ring_flags);
		snprintf(what, sizeof(what), "before %d ", i);
		put_question(&rings[i], &q, what);
	}
	for (i = 0; i < 17; i++) {
		snprintf(what, sizeof(what), "place %d", i);
		tell_fds(what, &rings[i], io_uring_register_ring_fd(&rings[i]));
		snprintf(what, sizeof(what), "after %d ", i);
		put_question(&rings[i], &q, what);
	}
	for (i = 16; i >= 0; i--)
		io_uring_queue_exit(&rings[i]);
}

/* clang-format off */
static void sixteen_plain(void)		{ sixteen_places(0); }
static void sixteen_single(void)	{ sixteen_places(IORING_SETUP_SINGLE_ISSUER); }
static void sixteen_defer(void)		{ sixteen_places(DEFER); }
/* clang-format on */

/* ---- other ways to make one ------------------------------------------------------- */

static void make_no_iowait(struct io_uring *ring)
{
	make_ring(ring, ENTRIES, 0);
#if LIBURING_AT_LEAST(10)
	must(io_uring_set_iowait(ring, false), "io_uring_set_iowait");
#endif
}

static void no_iowait(void)
{
#if LIBURING_AT_LEAST(10)
	struct io_uring ring;

	exam("", make_no_iowait, WAITS_AND_MIN, false);
	make_ring(&ring, ENTRIES, 0);
	tell_fds("no iowait", &ring, io_uring_set_iowait(&ring, false));
	tell_fds("iowait", &ring, io_uring_set_iowait(&ring, true));
	io_uring_queue_exit(&ring);
#else
	(void)make_no_iowait;
	skip("", "this liburing does not have io_uring_set_iowait");
#endif
}

static void make_mmapped(struct io_uring *ring)
{
	make_ring_by_hand(ring, ENTRIES, flags);
}

static void mmapped(void)
{
	exam("", make_mmapped, WAITS_AND_MIN, false);
	flags = DEFER;
	exam("defer ", make_mmapped, WAITS, false);
}

static void mmapped_bare(void)
{
	struct __kernel_timespec ts = after_ms(T_MS);
	struct io_uring ring;
	struct sight s;

	map_ring_by_hand(&ring, ENTRIES, flags);
	tell_fds("as it comes", &ring, 0);
	say("/features: %x", ring.features);
	look(&s, &ring, "wait");
	tell(&s, io_uring_wait_cqe_timeout(&ring, &s.cqe, &ts));
	put_nops(&ring, 1, UD_NOP);
	look(&s, &ring, "submit and wait");
	tell(&s, io_uring_submit_and_wait_timeout(&ring, &s.cqe, 1, &ts, NULL));
}

#define MEMORY (64 * 1024)

/* A ring that is being ended may still write to its memory: never use it again. */
static void *memory_for_ring(void)
{
	void *memory =
		mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		must(-errno, "mmap");
	return memory;
}

static void make_in_memory(struct io_uring *ring)
{
#if LIBURING_AT_LEAST(5)
	struct io_uring_params p = { .flags = flags };

	must(io_uring_queue_init_mem(ENTRIES, ring, &p, memory_for_ring(), MEMORY),
	     "io_uring_queue_init_mem");
#else
	(void)memory_for_ring;
	must(-ENOSYS, (const char *)ring);
#endif
}

static void own_memory(void)
{
#if LIBURING_AT_LEAST(5)
	struct io_uring_params p = { .flags = flags };
	struct io_uring ring;

	exam("", make_in_memory, WAITS_AND_MIN, false);
	flags = DEFER;
	exam("defer ", make_in_memory, WAITS, false);
	tell_fds("made", &ring,
		 io_uring_queue_init_mem(ENTRIES, &ring, &p, memory_for_ring(), MEMORY));
	say("/params: flags=%x", p.flags);
	io_uring_queue_exit(&ring);
	p = (struct io_uring_params){ .flags = 0 };
	say("/too small: ret=%s",
	    errname(io_uring_queue_init_mem(64, &ring, &p, memory_for_ring(), 4096)));
#else
	(void)make_in_memory;
	skip("", "this liburing does not have io_uring_queue_init_mem");
#endif
}

/* A ring without a descriptor of its own: only an index of the task. */
static void make_fd_only(struct io_uring *ring)
{
	flags = IORING_SETUP_SINGLE_ISSUER;
#ifdef IORING_SETUP_REGISTERED_FD_ONLY
	flags |= IORING_SETUP_NO_MMAP | IORING_SETUP_REGISTERED_FD_ONLY;
#endif
	make_in_memory(ring);
}

static void registered_only(void)
{
#ifdef IORING_SETUP_REGISTERED_FD_ONLY
	struct io_uring ring;

	exam("", make_fd_only, WAITS, false);
	make_fd_only(&ring);
	tell_fds("made", &ring, 0);
	io_uring_queue_exit(&ring);
#else
	(void)make_fd_only;
	skip("", "these headers do not know the flag");
#endif
}

static void make_resized(struct io_uring *ring)
{
#if LIBURING_AT_LEAST(9)
	struct io_uring_params p = { .sq_entries = 32, .cq_entries = 64 };

	make_ring(ring, ENTRIES, DEFER);
	must(io_uring_resize_rings(ring, &p), "io_uring_resize_rings");
#else
	must(-ENOSYS, (const char *)ring);
#endif
}

static void resized(void)
{
#if LIBURING_AT_LEAST(9)
	struct question q = { .call = WAIT_CQES, .nr = 2, .limit = T };
	struct io_uring_params p = { .sq_entries = 16, .cq_entries = 32 };
	struct io_uring ring;

	exam("", make_resized, WAITS_AND_MIN, false);
	make_ring(&ring, ENTRIES, DEFER);
	q.ready = 1;
	put_question(&ring, &q, "before ");
	tell_fds("resized", &ring, io_uring_resize_rings(&ring, &p));
	q.ready = 0;
	put_question(&ring, &q, "after ");
	q.call = SAW_TIMEOUT;
	q.work = BATCH;
	q.nr = 9;
	put_question(&ring, &q, "after ");
	io_uring_queue_exit(&ring);
#else
	(void)make_resized;
	skip("", "this liburing does not have io_uring_resize_rings");
#endif
}

/* ---- addresses ---------------------------------------------------------------------- */

/* liburing keeps nothing but the struct, and a struct can be copied. */
static void make_copied(struct io_uring *ring)
{
	struct io_uring original;

	make_ring(&original, ENTRIES, flags);
	*ring = original;
	memset(&original, 0xaa, sizeof(original));
}

static void copied(void)
{
	exam("", make_copied, WAITS_AND_MIN, false);
	flags = DEFER;
	exam("defer ", make_copied, WAITS, false);
	flags = IORING_SETUP_IOPOLL;
	exam("iopoll ", make_copied, WAITS, true);
}

/* One ring waited on through two structs, which both stay. */
static void two_structs(void)
{
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };
	struct io_uring one, two;

	make_ring(&one, ENTRIES, 0);
	put_question(&one, &q, "first ");
	two = one;
	put_question(&two, &q, "copy ");
	put_question(&one, &q, "first again ");
	q.limit = LONG;
	put_question(&two, &q, "copy again ");
	io_uring_queue_exit(&two);
}

/* A ring moves and another takes its place. */
static void moved_away(void)
{
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };
	struct io_uring place, *elsewhere = malloc(sizeof(*elsewhere));

	make_ring(&place, ENTRIES, 0);
	put_question(&place, &q, "first ");
	*elsewhere = place;
	make_ring(&place, ENTRIES, IORING_SETUP_IOPOLL);
	q.no_late = true;
	put_question(&place, &q, "iopoll in its place ");
	put_question(elsewhere, &q, "first elsewhere ");
	io_uring_queue_exit(&place);
	put_question(elsewhere, &q, "the other gone ");
	io_uring_queue_exit(elsewhere);
	free(elsewhere);
}

/* The same ring under another descriptor. */
static void other_descriptor(void)
{
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	put_question(&ring, &q, "first ");
	ring.enter_ring_fd = dup(ring.ring_fd);
	close(ring.ring_fd);
	ring.ring_fd = ring.enter_ring_fd;
	put_question(&ring, &q, "duplicate ");
	q.work = ONE_NOP;
	q.call = SAW_TIMEOUT;
	put_question(&ring, &q, "duplicate ");
	io_uring_queue_exit(&ring);
}

/* The ring's memory is not there for a child; that changes nothing here. */
static void dontfork(void)
{
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	say("/dontfork: ret=%s", errname(io_uring_ring_dontfork(&ring)));
	put_question(&ring, &q, "");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "registered", registered },
	{ "registered_and_closed", registered_and_closed },
	{ "sixteen_places.plain", sixteen_plain },
	{ "sixteen_places.single", sixteen_single },
	{ "sixteen_places.defer", sixteen_defer },
	{ "no_iowait", no_iowait },
	{ "mmapped", mmapped },
	{ "mmapped_bare", mmapped_bare },
	{ "own_memory", own_memory },
	{ "registered_only", registered_only },
	{ "resized", resized },
	{ "copied", copied },
	{ "two_structs", two_structs },
	{ "moved_away", moved_away },
	{ "other_descriptor", other_descriptor },
	{ "dontfork", dontfork },
	{ NULL, NULL }
};
/* clang-format on */
