/* SPDX-License-Identifier: MIT */
/*
 * A program that registers memory regions of its own: region ENTRY CASE. ENTRY is
 * lib (io_uring_register_region, since 2.9), raw (io_uring_register), or index
 * (io_uring_register by registered descriptor).
 */
#include "program.h"
#include "region.h"

static const char *entry;

static int do_register(struct io_uring *ring, struct region *reg, unsigned nr)
{
	if (!strcmp(entry, "index"))
		return io_uring_register(ring->enter_ring_fd, OP_MEM_REGION | OP_BY_INDEX, reg, nr);
#if LIBURING_AT_LEAST(9)
	if (!strcmp(entry, "lib"))
		return io_uring_register_region(ring, (struct io_uring_mem_region_reg *)reg);
#endif
	return io_uring_register(ring->ring_fd, OP_MEM_REGION, reg, nr);
}

static int reg_ret(struct io_uring *ring, const char *what, struct desc *desc, uint64_t flags)
{
	struct region reg = { .desc = (uintptr_t)desc, .flags = flags };

	return RING_CALL(what, do_register(ring, &reg, 1));
}

static struct desc user_memory(void)
{
	return (struct desc){ .addr = (uintptr_t)page(), .size = 4096, .flags = USER_MEMORY };
}

static void make(struct io_uring *ring, unsigned flags)
{
	must_init(ring, 8, flags);
	if (!strcmp(entry, "index") && !(flags & IORING_SETUP_R_DISABLED))
		RING_CALL("register the descriptor", io_uring_register_ring_fd(ring));
}

/* Memory without a type: accepted once, refused afterwards. */
static void plain_memory(void)
{
	struct desc first = user_memory(), second = user_memory();
	struct io_uring ring;

	make(&ring, 0);
	wait_round(&ring);
	reg_ret(&ring, "a region", &first, 0);
	reg_ret(&ring, "another", &second, 0);
	reg_ret(&ring, "another, for waits", &second, WAIT_ARG);
	reg_ret(&ring, "another, at a bad address", (struct desc *)16, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
}

/* Two rings are two rings. */
static void two_rings(void)
{
	struct desc first = user_memory();
	struct io_uring a, b;

	make(&a, 0);
	make(&b, 0);
	reg_ret(&a, "first ring", &first, 0);
	reg_ret(&b, "second ring", &first, 0);
	reg_ret(&a, "first ring again", &first, 0);
	wait_round(&a);
	wait_round(&b);
	io_uring_queue_exit(&a);
	io_uring_queue_exit(&b);
}

static void wait_memory_too_late(void)
{
	struct desc mine = user_memory();
	struct io_uring ring;

	make(&ring, 0);
	reg_ret(&ring, "for waits", &mine, WAIT_ARG);
	reg_ret(&ring, "for waits", &mine, WAIT_ARG);
	wait_round(&ring);
	reg_ret(&ring, "for nothing", &mine, 0);
	reg_ret(&ring, "for waits", &mine, WAIT_ARG);
	io_uring_queue_exit(&ring);
}

static void bad_memory(void)
{
	struct desc good = user_memory(), d;
	struct region reg = { .desc = (uintptr_t)&good };
	char *gone = page(), *read_only = page();
	struct io_uring ring;

	make(&ring, 0);
	munmap(gone, 4096);
	mprotect(read_only, 4096, PROT_READ);
	d = good, d.addr = (uintptr_t)gone;
	reg_ret(&ring, "unmapped memory", &d, 0);
	d = good, d.addr = (uintptr_t)read_only;
	reg_ret(&ring, "read-only memory", &d, 0);
	d = good, d.addr = 0;
	reg_ret(&ring, "no address", &d, 0);
	d = good, d.addr += 8;
	reg_ret(&ring, "askew", &d, 0);
	d = good, d.size = 0;
	reg_ret(&ring, "size 0", &d, 0);
	d = good, d.size = 64;
	reg_ret(&ring, "size 64", &d, 0);
	d = good, d.size = (uint64_t)1 << 44;
	reg_ret(&ring, "size 16 TiB", &d, 0);
	d = good, d.flags = 6;
	reg_ret(&ring, "unknown flags of the memory", &d, 0);
	d = good, d.id = 1;
	reg_ret(&ring, "an id", &d, 0);
	d = good, d.resv[3] = 1;
	reg_ret(&ring, "a reserved field of the memory", &d, 0);
	reg_ret(&ring, "unknown flags of the region", &good, 2);
	reg_ret(&ring, "descriptor at a bad address", (struct desc *)gone, 0);
	reg_ret(&ring, "descriptor in read-only memory", (struct desc *)read_only, 0);
	reg.resv[0] = 1;
	RING_CALL("a reserved field of the region", do_register(&ring, &reg, 1));
	RING_CALL("registration at a bad address", do_register(&ring, (void *)gone, 1));
	RING_CALL("no registration", do_register(&ring, NULL, 1));
	if (strcmp(entry, "lib")) {
		reg.resv[0] = 0;
		RING_CALL("none of them", do_register(&ring, &reg, 0));
		RING_CALL("two of them", do_register(&ring, &reg, 2));
	}
	reg_ret(&ring, "at last a good one", &good, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
}

/* The one thing that the shim takes away. */
static void from_kernel(void)
{
	struct desc kernels = { .size = 4096 };
	struct io_uring ring;

	make(&ring, 0);
	reg_ret(&ring, "from the kernel", &kernels, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
}

/* The program's own registered wait by slot: how it ended, and was it about as long as it says? */
static void own_wait(struct io_uring *ring, struct slot *slots, unsigned i, unsigned ms)
{
	struct timespec a, b;
	long took;
	int ret;

	slots[i] = (struct slot){ .ts = *AFTER_MS(ms), .flags = SLOT_TS };
	clock_gettime(CLOCK_MONOTONIC, &a);
	ret = io_uring_enter2(ring->ring_fd, 0, 1,
			      IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | ENTER_EXT_ARG_REG,
			      (void *)(uintptr_t)(i * sizeof(*slots)), sizeof(*slots));
	clock_gettime(CLOCK_MONOTONIC, &b);
	took = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
	say("own wait %u: %s, %s", i, name_of(ret),
	    took < (long)ms ? "too short" :
	    took > 20000    ? "too long" :
			      "as long as asked");
}

/* Enabled by the program, after it registered what it wants. */
static void before_enable(void)
{
	struct desc mine = user_memory();
	struct slot *slots = (struct slot *)(uintptr_t)mine.addr;
	struct io_uring ring;
	uint64_t flags;

	for (flags = WAIT_ARG; flags != (uint64_t)-1; flags--) {
		make(&ring, IORING_SETUP_R_DISABLED);
		reg_ret(&ring, flags ? "for waits" : "for nothing", &mine, flags);
		reg_ret(&ring, "again", &mine, flags);
		RING_CALL("enable", io_uring_register(ring.ring_fd, OP_ENABLE_RINGS, NULL, 0));
		wait_round(&ring);
		if (flags) {
			own_wait(&ring, slots, 0, 20);
			own_wait(&ring, slots, 5, 40);
		}
		reg_ret(&ring, "after", &mine, 0);
		io_uring_queue_exit(&ring);
	}
}

/* After a failed attempt the ring is free: for the program itself, or for us. */
static void failed_before_enable(void)
{
	struct desc bad = { .addr = 4096, .size = 4096, .flags = USER_MEMORY };
	struct desc good = user_memory();
	struct io_uring ring;

	make(&ring, IORING_SETUP_R_DISABLED);
	reg_ret(&ring, "bad memory", &bad, WAIT_ARG);
	RING_CALL("enable", io_uring_register(ring.ring_fd, OP_ENABLE_RINGS, NULL, 0));
	wait_round(&ring);
	reg_ret(&ring, "late, for waits", &good, WAIT_ARG);
	reg_ret(&ring, "late, for nothing", &good, 0);
	io_uring_queue_exit(&ring);
}

/* Both entry points lead to the same ring. */
static void both_entries(void)
{
	struct desc mine = user_memory();
	struct region reg = { .desc = (uintptr_t)&mine };
	struct io_uring ring;

	make(&ring, 0);
	reg_ret(&ring, "the one", &mine, 0);
	RING_CALL("the bare one", io_uring_register(ring.ring_fd, OP_MEM_REGION, &reg, 1));
	reg_ret(&ring, "the first again", &mine, 0);
	io_uring_queue_exit(&ring);
	make(&ring, 0);
	RING_CALL("the bare one", io_uring_register(ring.ring_fd, OP_MEM_REGION, &reg, 1));
	reg_ret(&ring, "the other", &mine, 0);
	io_uring_queue_exit(&ring);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "plain-memory", plain_memory },
	{ "two-rings", two_rings },
	{ "wait-memory-too-late", wait_memory_too_late },
	{ "bad-memory", bad_memory },
	{ "from-kernel", from_kernel },
	{ "before-enable", before_enable },
	{ "failed-before-enable", failed_before_enable },
	{ "both-entries", both_entries },
};

int main(int argc, char **argv)
{
	unsigned i;

	if (argc < 3)
		die("usage: region lib|raw|index CASE", 0);
	entry = argv[1];
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(cases[i].name, argv[2])) {
			cases[i].run();
			return 0;
		}
	die("no such case", 0);
}
