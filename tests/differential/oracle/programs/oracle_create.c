/* SPDX-License-Identifier: MIT */
/* What creating a ring gives, and what failing to create one leaves behind. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/sem.h>

#include "oracle.h"

#define ENTRIES 4
#define FILLING 0xaa

static int open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int nr = -3; /* ".", ".." and the directory itself */

	while (dir && readdir(dir))
		nr++;
	if (dir)
		closedir(dir);
	return nr;
}

static bool all_bytes(const void *memory, size_t size, unsigned char byte)
{
	const unsigned char *at = memory;

	while (size--)
		if (*at++ != byte)
			return false;
	return true;
}

static const char *bytes_of(const void *memory, size_t size)
{
	if (all_bytes(memory, size, FILLING))
		return "untouched";
	return all_bytes(memory, size, 0) ? "zero" : "filled";
}

static void tell_params(const char *what, const struct io_uring_params *p)
{
	say("/%s: params: sq=%u cq=%u flags=%x cpu=%u idle=%u features=%x resv=%u,%u,%u", what,
	    p->sq_entries, p->cq_entries, p->flags, p->sq_thread_cpu, p->sq_thread_idle,
	    p->features, p->resv[0], p->resv[1], p->resv[2]);
	say("/%s: sq_off: %u %u %u %u %u %u %u %u cq_off: %u %u %u %u %u %u %u %u", what,
	    p->sq_off.head, p->sq_off.tail, p->sq_off.ring_mask, p->sq_off.ring_entries,
	    p->sq_off.flags, p->sq_off.dropped, p->sq_off.array, p->sq_off.resv1, p->cq_off.head,
	    p->cq_off.tail, p->cq_off.ring_mask, p->cq_off.ring_entries, p->cq_off.overflow,
	    p->cq_off.cqes, p->cq_off.flags, p->cq_off.resv1);
}

static void tell_ring(const char *what, const struct io_uring *ring)
{
	say("/%s: ring: fd=%d enter=%d flags=%x int_flags=%x features=%x pads=%s,%s,%s "
	    "sizes=%zu,%zu array=%s",
	    what, ring->ring_fd, ring->enter_ring_fd, ring->flags, ring->int_flags & ~IOWAIT_MARKS,
	    ring->features, bytes_of(ring->pad, sizeof(ring->pad)),
	    bytes_of(&ring->pad2, sizeof(ring->pad2)), bytes_of(ring->cq.pad, sizeof(ring->cq.pad)),
	    ring->sq.ring_sz, ring->cq.ring_sz, ring->sq.array ? "some" : "NULL");
	say("/%s: rings: %u %u %u %u state %u %u %u %u", what, *ring->sq.kring_entries,
	    *ring->cq.kring_entries, *ring->sq.kring_mask, *ring->cq.kring_mask, *ring->sq.khead,
	    *ring->sq.ktail, *ring->cq.khead, *ring->cq.ktail);
}

static int create(const char *what, unsigned entries, struct io_uring_params *p)
{
	struct io_uring ring;
	int ret, before = open_fds();

	memset(&ring, FILLING, sizeof(ring));
	ret = io_uring_queue_init_params(entries, &ring, p);
	say("/%s: ret=%s struct=%s ring_fd=%d", what, errname(ret), bytes_of(&ring, sizeof(ring)),
	    ring.ring_fd);
	tell_params(what, p);
	if (!ret) {
		tell_ring(what, &ring);
		io_uring_queue_exit(&ring);
	}
	say("/%s: descriptors left: %d", what, open_fds() - before);
	return ret;
}

/* ---- success -------------------------------------------------------------------------- */

static const struct {
	const char *name;
	unsigned entries;
	struct io_uring_params p;
} good[] = {
	{ "plain", ENTRIES, { .flags = 0 } },
	{ "one entry", 1, { .flags = 0 } },
	{ "odd entries", 5, { .flags = 0 } },
	{ "sqpoll", ENTRIES, { .flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 5 } },
	{ "sqpoll cpu", ENTRIES, { .flags = IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF } },
	{ "iopoll", ENTRIES, { .flags = IORING_SETUP_IOPOLL } },
	{ "iopoll sqpoll", ENTRIES, { .flags = IORING_SETUP_IOPOLL | IORING_SETUP_SQPOLL } },
	{ "cqsize", ENTRIES, { .flags = IORING_SETUP_CQSIZE, .cq_entries = 100 } },
	{ "clamp", 1 << 20, { .flags = IORING_SETUP_CLAMP } },
	{ "disabled", ENTRIES, { .flags = IORING_SETUP_R_DISABLED } },
	{ "single", ENTRIES, { .flags = IORING_SETUP_SINGLE_ISSUER } },
	{ "defer", ENTRIES, { .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN } },
	{ "coop", ENTRIES, { .flags = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG } },
	{ "large", ENTRIES, { .flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32 } },
	{ "all", ENTRIES, { .flags = IORING_SETUP_SUBMIT_ALL } },
#ifdef IORING_SETUP_NO_SQARRAY
	{ "no sqarray", ENTRIES, { .flags = IORING_SETUP_NO_SQARRAY } },
#endif
};

static void success(void)
{
	struct io_uring_params p;
	unsigned i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		p = good[i].p;
		create(good[i].name, good[i].entries, &p);
	}
}

static void success_init(void)
{
	static const unsigned flags[] = {
		0,
		IORING_SETUP_IOPOLL,
		IORING_SETUP_SINGLE_ISSUER,
		IORING_SETUP_R_DISABLED,
	};
	struct io_uring ring;
	char what[20];
	unsigned i;

	for (i = 0; i < 4; i++) {
		memset(&ring, FILLING, sizeof(ring));
		snprintf(what, sizeof(what), "%x", flags[i]);
		must(io_uring_queue_init(ENTRIES, &ring, flags[i]), "io_uring_queue_init");
		tell_ring(what, &ring);
		io_uring_queue_exit(&ring);
	}
}

/* ---- failure ---------------------------------------------------------------------------- */

static const struct {
	const char *name;
	unsigned entries;
	struct io_uring_params p;
} bad[] = {
	{ "no entries", 0, { .flags = 0 } },
	{ "too many entries", 40000, { .flags = 0 } },
	{ "unknown flag", ENTRIES, { .flags = 1u << 31 } },
	{ "unknown flag, disabled", ENTRIES, { .flags = 1u << 31 | IORING_SETUP_R_DISABLED } },
	{ "defer alone", ENTRIES, { .flags = IORING_SETUP_DEFER_TASKRUN } },
	{ "taskrun flag alone", ENTRIES, { .flags = IORING_SETUP_TASKRUN_FLAG } },
	{ "sqpoll coop", ENTRIES, { .flags = IORING_SETUP_SQPOLL | IORING_SETUP_COOP_TASKRUN } },
	{ "affinity alone", ENTRIES, { .flags = IORING_SETUP_SQ_AFF } },
	{ "no such cpu",
	  ENTRIES,
	  { .flags = IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF, .sq_thread_cpu = 100000 } },
	{ "cqsize of none", ENTRIES, { .flags = IORING_SETUP_CQSIZE } },
	{ "cqsize too small", 64, { .flags = IORING_SETUP_CQSIZE, .cq_entries = 2 } },
	{ "attached to nothing", ENTRIES, { .flags = IORING_SETUP_ATTACH_WQ, .wq_fd = 9999 } },
	{ "attached to a file", ENTRIES, { .flags = IORING_SETUP_ATTACH_WQ, .wq_fd = 0 } },
	{ "reserved", ENTRIES, { .resv = { 1, 0, 0 } } },
#ifdef IORING_SETUP_REGISTERED_FD_ONLY
	{ "registered only", ENTRIES, { .flags = IORING_SETUP_REGISTERED_FD_ONLY } },
#endif
};

static void failure(void)
{
	struct io_uring_params p;
	unsigned i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		p = bad[i].p;
		create(bad[i].name, bad[i].entries, &p);
	}
}

/* A failed creation must leave nothing behind that a later one trips over. */
static void failure_then_success(void)
{
	struct io_uring_params p = { .flags = 1u << 31 };
	struct io_uring ring;

	say("/first: ret=%s", errname(io_uring_queue_init_params(ENTRIES, &ring, &p)));
	p = (struct io_uring_params){ .flags = 0 };
	say("/second: ret=%s", errname(io_uring_queue_init_params(ENTRIES, &ring, &p)));
	put_question(&ring, &short_wait, "");
	io_uring_queue_exit(&ring);
}

static void no_descriptors(void)
{
	struct rlimit was, none;
	struct io_uring_params p;
	struct io_uring ring;
	int lowest = dup(0);
	int ret;

	getrlimit(RLIMIT_NOFILE, &was);
	none = was;
	none.rlim_cur = lowest;
	close(lowest);
	setrlimit(RLIMIT_NOFILE, &none);
	memset(&ring, FILLING, sizeof(ring));
	p = (struct io_uring_params){ .flags = 0 };
	ret = io_uring_queue_init_params(ENTRIES, &ring, &p);
	say("/params: ret=%s struct=%s", errname(ret), bytes_of(&ring, sizeof(ring)));
	tell_params("params", &p);
	memset(&ring, FILLING, sizeof(ring));
	ret = io_uring_queue_init(ENTRIES, &ring, IORING_SETUP_SINGLE_ISSUER);
	say("/plain: ret=%s struct=%s", errname(ret), bytes_of(&ring, sizeof(ring)));
	setrlimit(RLIMIT_NOFILE, &was);
	p = (struct io_uring_params){ .flags = 0 };
	create("afterwards", ENTRIES, &p);
}

static void no_address_space(void)
{
	struct rlimit was, none;
	struct io_uring_params p = { .flags = 0 };
	struct io_uring ring;
	int ret, before = open_fds();

	getrlimit(RLIMIT_AS, &was);
	none = was;
	none.rlim_cur = 4096;
	memset(&ring, FILLING, sizeof(ring));
	setrlimit(RLIMIT_AS, &none);
	ret = io_uring_queue_init_params(ENTRIES, &ring, &p);
	setrlimit(RLIMIT_AS, &was);
	say("/params: ret=%s ring_fd=%d", errname(ret), ring.ring_fd);
	say("/descriptors left: %d", open_fds() - before);
	p = (struct io_uring_params){ .flags = 0 };
	create("afterwards", ENTRIES, &p);
	make_ring(&ring, ENTRIES, 0);
	put_question(&ring, &short_wait, "afterwards ");
	io_uring_queue_exit(&ring);
}

/* ---- locked memory -------------------------------------------------------------------------- */

/* What the shim counts a user's locked memory in stays, of a user that nobody else is as well. */
static void forget_user(void)
{
	FILE *sets = fopen("/proc/sysvipc/sem", "r");
	unsigned int uid;
	char line[256];
	int id;

	while (sets && fgets(line, sizeof(line), sets))
		if (sscanf(line, "%*d %d %*o %*u %u", &id, &uid) == 2 && uid == geteuid())
			semctl(id, 0, IPC_RMID);
	if (sets)
		fclose(sets);
}

/* A user without privileges has so much memory for rings, and so many rings. */
static void locked_memory(void)
{
	struct rlimit limit = { 256 * 1024, 256 * 1024 };
	static struct io_uring rings[200];
	struct question q = short_wait;
	char what[30];
	int i, ret = 0;

	if (geteuid()) {
		skip("", "only root can become another user");
		return;
	}
	setrlimit(RLIMIT_MEMLOCK, &limit);
	/* A user of our own: what is locked is counted per user, in all processes. */
	if (setgid(100000 + getpid()) || setuid(100000 + getpid()))
		must(-errno, "setuid");
	for (i = 0; i < 200 && !ret; i++)
		ret = io_uring_queue_init(ENTRIES, &rings[i], 0);
	/* A wait area takes a sixty-fourth of the memory at the most. */
	say("/made: %s then %s", ret && i - 1 >= 31 ? "31 or 32" : "fewer", errname(ret));
	q.limit = ZERO;
	for (ret = 0; ret < 8; ret++) {
		snprintf(what, sizeof(what), "ring %d ", ret);
		put_question(&rings[ret], &q, what);
	}
	forget_user();
}

/* ---- questions that need a ring for a moment ------------------------------------------ */

static void probe(void)
{
	struct io_uring_probe *p = io_uring_get_probe();
	int before = open_fds();

	say("/probe: %s", p ? "some" : "NULL");
	if (!p)
		return;
	say("/probe: last_op=%d ops_len=%d", p->last_op, p->ops_len);
	say("/probe: nop=%d bad=%d", io_uring_opcode_supported(p, IORING_OP_NOP),
	    io_uring_opcode_supported(p, 250));
	io_uring_free_probe(p);
	say("/descriptors: %d", open_fds() - before);
}

static void memory_needed(void)
{
	struct io_uring_params p = { .flags = IORING_SETUP_CQSIZE, .cq_entries = 1000 };
	int before = open_fds();

	say("/mlock_size: %zd", io_uring_mlock_size(64, 0));
	say("/mlock_size of nothing: %zd", io_uring_mlock_size(0, 0));
	say("/mlock_size_params: %zd flags=%x", io_uring_mlock_size_params(64, &p), p.flags);
#if LIBURING_AT_LEAST(11)
	say("/memory_size: %zd", io_uring_memory_size(64, 0));
#endif
	say("/descriptors: %d", open_fds() - before);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "success.params", success },
	{ "success.init", success_init },
	{ "failure", failure },
	{ "failure_then_success", failure_then_success },
	{ "no_descriptors", no_descriptors },
	{ "no_address_space", no_address_space },
	{ "locked_memory", locked_memory },
	{ "probe", probe },
	{ "memory_needed", memory_needed },
	{ NULL, NULL }
};
/* clang-format on */
