/* SPDX-License-Identifier: MIT */
/*
 * A test for each sentence of the manual pages of io_uring_register_reg_wait(3) and
 * its family. Prints "ok" or "not ok" and the sentence; exits with 1 if one fails.
 *
 * manual enabled | disabled: on rings that are enabled when the entries are registered,
 * or that the program enables afterwards. manual names: which of the functions are there.
 */
#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "regwait.h"

/* liburing 2.3 has no version numbers, and none before 2.8 has the struct. */
#if !defined(IO_URING_VERSION_MINOR) || IO_URING_VERSION_MINOR < 8
#define IORING_REG_WAIT_TS 1
struct io_uring_reg_wait {
	struct __kernel_timespec ts;
	__u32 min_wait_usec, flags;
	__u64 sigmask;
	__u32 sigmask_sz, pad[3];
	__u64 pad2[2];
};
#endif

#define ENTRIES ((int)(sysconf(_SC_PAGESIZE) / sizeof(struct io_uring_reg_wait)))

static int failures;
static bool disabled;

static void check(bool ok, const char *sentence)
{
	printf("%s %s\n", ok ? "ok" : "not ok", sentence);
	failures += !ok;
}

static void make_ring(struct io_uring *ring, unsigned flags)
{
	if (io_uring_queue_init(16, ring, flags | (disabled ? IORING_SETUP_R_DISABLED : 0))) {
		puts("SKIP no io_uring");
		exit(77);
	}
}

static void enable(struct io_uring *ring)
{
	if (disabled && io_uring_register(ring->ring_fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0))
		puts("not ok cannot enable the ring"), failures++;
}

static struct io_uring_reg_wait *page(void)
{
	return mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void set(struct io_uring_reg_wait *entry, long ms)
{
	memset(entry, 0, sizeof(*entry));
	entry->ts.tv_sec = ms / 1000;
	entry->ts.tv_nsec = ms % 1000 * 1000000;
	entry->flags = IORING_REG_WAIT_TS;
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What an entry is set to that is not to be used, and what a busy machine may make of the others. */
#define UNUSED_MS 60000
#define MOST_MS	  20000

/* A wait for one completion by this entry: what it returned, and whether it took this long. */
static bool wait_took(struct io_uring *ring, int index, int expected, long ms)
{
	struct io_uring_cqe *cqe;
	long start = now_ms(), took;
	int ret = io_uring_submit_and_wait_reg(ring, &cqe, 1, index);

	took = now_ms() - start;
	if (ret != expected || took < ms - 1 || took > MOST_MS)
		printf("# returned %d (expected %d) after %ld ms (expected %ld)\n", ret, expected,
		       took, ms);
	return ret == expected && took >= ms - 1 && took <= MOST_MS;
}

static void test_registering(void)
{
	struct io_uring_reg_wait *reg = page();
	struct io_uring ring;

	make_ring(&ring, 0);
	check(io_uring_register_reg_wait(&ring, reg, 0) == -EINVAL, "no entries: -EINVAL");
	check(io_uring_register_reg_wait(&ring, reg, -1) == -EINVAL, "a negative number: -EINVAL");
	check(io_uring_register_reg_wait(&ring, reg, ENTRIES + 1) == -EINVAL,
	      "more than one page: -EINVAL");
	check(io_uring_register_reg_wait(&ring, (void *)((char *)reg + 64), 1) == -EINVAL,
	      "not aligned to a page: -EINVAL");
	munmap(reg, sysconf(_SC_PAGESIZE));
	check(io_uring_register_reg_wait(&ring, reg, ENTRIES) == -EFAULT,
	      "memory that is not there: -EFAULT");
	reg = page();
	check(io_uring_register_reg_wait(&ring, reg, ENTRIES) == 0, "one whole page: 0");
	check(io_uring_register_reg_wait(&ring, reg, ENTRIES) == -EBUSY, "a second time: -EBUSY");
	check(io_uring_register_wait_reg(&ring, reg, 1) == -EBUSY,
	      "by liburing's name it is the same function");
	io_uring_queue_exit(&ring);
	make_ring(&ring, 0);
	check(io_uring_register_wait_reg(&ring, reg, 1) == 0, "the same memory with a later ring");
	io_uring_queue_exit(&ring);
}

static void test_waiting(void)
{
	struct io_uring_reg_wait *reg = page();
	struct io_uring ring;
	int i;

	make_ring(&ring, 0);
	io_uring_register_reg_wait(&ring, reg, ENTRIES);
	enable(&ring);
	for (i = 0; i < ENTRIES; i++)
		set(&reg[i], UNUSED_MS);
	set(&reg[0], 30);
	check(wait_took(&ring, 0, -ETIME, 30), "nothing submitted and the time out: -ETIME");
	set(&reg[0], 50);
	check(wait_took(&ring, 0, -ETIME, 50), "an entry may be modified between waits");
	set(&reg[0], UNUSED_MS);
	set(&reg[1], 60);
	check(wait_took(&ring, 1, -ETIME, 60), "different indices have different settings");
	set(&reg[1], UNUSED_MS);
	set(&reg[ENTRIES - 1], 90);
	check(wait_took(&ring, ENTRIES - 1, -ETIME, 90), "the last entry of the page works");
	set(&reg[0], 0);
	check(wait_took(&ring, 0, -ETIME, 0), "a timeout of zero");
	check(wait_took(&ring, ENTRIES, -EFAULT, 0), "behind the last entry: -EFAULT");
	check(wait_took(&ring, -1, -EFAULT, 0), "before the first entry: -EFAULT");
	reg[2].flags = 2;
	check(wait_took(&ring, 2, -EINVAL, 0), "unknown flags in an entry: -EINVAL");
	io_uring_queue_exit(&ring);
}

static void test_submitting(void)
{
	struct __kernel_timespec later = { .tv_nsec = 50000000 };
	struct io_uring_reg_wait *reg = page();
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	int ret, nobody_writes[2];
	long start;

	if (pipe(nobody_writes))
		exit(77);
	make_ring(&ring, 0);
	io_uring_register_reg_wait(&ring, reg, 2);
	enable(&ring);
	set(&reg[0], 30);
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	ret = io_uring_submit_and_wait_reg(&ring, &cqe, 2, 0);
	check(ret == 2 && cqe, "returns the number of new requests submitted");
	io_uring_cq_advance(&ring, 2);
	io_uring_prep_poll_add(io_uring_get_sqe(&ring), nobody_writes[0], POLLIN);
	check(wait_took(&ring, 0, 1, 30),
	      "a submitting wait that times out returns its count (2.9 to 2.14 crash)");
	ret = io_uring_submit_and_wait_reg(&ring, &cqe, 0, 0);
	check(ret == -EAGAIN, "waiting for nothing with nothing there: -EAGAIN");
	set(&reg[0], UNUSED_MS);
	start = now_ms();
	io_uring_prep_timeout(io_uring_get_sqe(&ring), &later, 0, 0);
	io_uring_submit(&ring);
	ret = io_uring_submit_and_wait_reg(&ring, &cqe, 1, 0);
	check(ret == 0 && cqe && now_ms() - start >= 49 && now_ms() - start < MOST_MS,
	      "valid purely for waiting");
	io_uring_queue_exit(&ring);
}

static volatile sig_atomic_t handled;

static void handler(int sig)
{
	(void)sig;
	handled++;
}

static void test_sigmask(void)
{
	struct sigaction action = { .sa_handler = handler };
	struct io_uring_reg_wait *reg = page();
	struct io_uring ring;
	sigset_t usr1, none;

	make_ring(&ring, 0);
	io_uring_register_reg_wait(&ring, reg, 1);
	enable(&ring);
	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	raise(SIGUSR1);
	set(&reg[0], UNUSED_MS);
	reg[0].sigmask = (unsigned long)&none;
	reg[0].sigmask_sz = 8;
	check(wait_took(&ring, 0, -EINTR, 0) && handled == 1,
	      "the entry's sigmask is in force during the wait");
	set(&reg[0], 30);
	reg[0].sigmask = (unsigned long)&none;
	reg[0].sigmask_sz = 3;
	check(wait_took(&ring, 0, -EINVAL, 0), "a sigmask of another size: -EINVAL");
	sigprocmask(SIG_UNBLOCK, &usr1, NULL);
	io_uring_queue_exit(&ring);
}

/* One completion is there, two are asked for: min_wait is what counts. */
static void test_min_wait(void)
{
	struct io_uring_reg_wait *reg = page();
	struct io_uring ring;

	make_ring(&ring, 0);
	if (!(ring.features & (1U << 15))) {
		puts("ok min_wait_usec # SKIP the kernel has no min_timeout");
		io_uring_queue_exit(&ring);
		return;
	}
	io_uring_register_reg_wait(&ring, reg, 1);
	enable(&ring);
	set(&reg[0], UNUSED_MS);
	reg[0].min_wait_usec = 40000;
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	io_uring_submit(&ring);
	{
		struct io_uring_cqe *cqe;
		long start = now_ms();
		int ret = io_uring_submit_and_wait_reg(&ring, &cqe, 2, 0);

		check(ret == 0 && cqe && now_ms() - start >= 39 && now_ms() - start < MOST_MS,
		      "min_wait_usec is honoured");
	}
	io_uring_queue_exit(&ring);
}

static void test_setup(void)
{
	struct io_uring_reg_wait *reg;
	struct io_uring ring;
	int err = 1;

	make_ring(&ring, 0);
	reg = io_uring_setup_reg_wait(&ring, ENTRIES + 1, &err);
	check(!reg && err == -EINVAL, "setup: more than a page is -EINVAL");
	reg = io_uring_setup_reg_wait(&ring, ENTRIES, &err);
	check(reg && !err, "setup: allocates and registers");
	enable(&ring);
	set(&reg[3], 30);
	check(wait_took(&ring, 3, -ETIME, 30), "setup: its entries work");
	check(!io_uring_setup_reg_wait(&ring, 1, &err) && err == -EBUSY, "setup: twice is -EBUSY");
	io_uring_queue_exit(&ring);
	io_uring_free_reg_wait(reg, ENTRIES);
	check(msync(reg, 1, MS_ASYNC) && errno == ENOMEM, "free: frees");
}

static void test_without(void)
{
	struct io_uring ring;

	make_ring(&ring, 0);
	enable(&ring);
	check(wait_took(&ring, 0, -EFAULT, 0) || wait_took(&ring, 0, -EINVAL, 0),
	      "a ring without entries: an error, not a wait");
	io_uring_queue_exit(&ring);
}

static void names(void)
{
	const struct {
		const char *name;
		bool there;
	} functions[] = {
		{ "io_uring_register_reg_wait", io_uring_register_reg_wait },
		{ "io_uring_setup_reg_wait", io_uring_setup_reg_wait },
		{ "io_uring_free_reg_wait", io_uring_free_reg_wait },
		{ "io_uring_register_wait_reg", io_uring_register_wait_reg },
		{ "io_uring_submit_and_wait_reg", io_uring_submit_and_wait_reg },
	};
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		printf("%s %s\n", functions[i].there ? "there" : "missing", functions[i].name);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "names")) {
		names();
		return 0;
	}
	disabled = argc > 1 && !strcmp(argv[1], "disabled");
	if (!io_uring_register_reg_wait) {
		puts("without the library the functions are not there, and a program can tell");
		return 3;
	}
	if (!io_uring_register_wait_reg || !io_uring_submit_and_wait_reg) {
		puts("SKIP this liburing lacks two of the functions");
		return 77;
	}
	test_registering();
	test_waiting();
	test_submitting();
	test_sigmask();
	test_min_wait();
	test_setup();
	test_without();
	return !!failures;
}
