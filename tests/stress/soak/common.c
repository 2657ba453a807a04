/* SPDX-License-Identifier: MIT */
/*
 * Checks, clocks and round trips for the soak scenarios.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "mappings.h"
#include "soak.h"

static int failures;

void fail(const char *file, int line, const char *format, ...)
{
	char text[512];
	va_list args;
	int state;

	/* A write is a cancellation point, and a failure must be reported. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* As many as show what is wrong, and no more. */
	if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < 20)
		dprintf(STDERR_FILENO, "%s:%d: [%d] %s\n", file, line, (int)getpid(), text);
	pthread_setcancelstate(state, NULL);
}

bool failed(void)
{
	return __atomic_load_n(&failures, __ATOMIC_RELAXED);
}

bool sanitized(void)
{
	return getenv("SOAK_SANITIZED");
}

int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void sleep_us(int64_t us)
{
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t) == EINTR)
		;
}

struct __kernel_timespec timespec_of(int64_t us)
{
	return (struct __kernel_timespec){ us / 1000000, us % 1000000 * 1000 };
}

unsigned random_below(unsigned *seed, unsigned n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % n;
}

void spin_until(int *flag)
{
	unsigned tries = 0;

	/* The other thread may be waiting for this very CPU. */
	while (!__atomic_load_n(flag, __ATOMIC_ACQUIRE))
		if (++tries % 1000 == 0)
			sched_yield();
}

#ifdef SOAK_TSAN
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/tsan_interface.h>

void sanitizer_settle(void)
{
	char name[256];

	__sanitizer_symbolize_pc(__builtin_return_address(0), "%f", name, sizeof(name));
}

/*
 * liburing maps and unmaps rings without libc, so TSan takes two rings that had
 * the same address one after the other for one piece of memory.
 */
static char ring_memory;

#define RINGS_ENDED() __tsan_release(&ring_memory)
#define RINGS_MADE()  __tsan_acquire(&ring_memory)
#else
void sanitizer_settle(void)
{
}

#define RINGS_ENDED() ((void)0)
#define RINGS_MADE()  ((void)0)
#endif

/*
 * An ordinary user's locked memory is limited for all of its processes together, of which other tests have some,
 * and the kernel gives it back some time after a ring is gone: it is waited for, a minute at the most.
 */
void ring_make(struct io_uring *ring, unsigned entries, unsigned flags)
{
	int ret, tries = 0;

	while ((ret = io_uring_queue_init(entries, ring, flags)) == -ENOMEM && ++tries < 6000)
		sleep_us(10000);
	RINGS_MADE();
	NEED(!ret, "io_uring_queue_init: %s", strerror(-ret));
}

void ring_end(struct io_uring *ring)
{
	RINGS_ENDED();
	io_uring_queue_exit(ring);
}

void ring_end_by_hand(struct io_uring *ring)
{
	RINGS_ENDED();
	munmap(ring->sq.sqes, ring->sq.ring_entries * sizeof(struct io_uring_sqe));
	if (ring->cq.ring_ptr != ring->sq.ring_ptr)
		munmap(ring->cq.ring_ptr, ring->cq.ring_sz);
	munmap(ring->sq.ring_ptr, ring->sq.ring_sz);
	close(ring->ring_fd);
}

void nop_submit(struct io_uring *ring, uint64_t user_data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	int ret;

	NEED(sqe, "no SQE free");
	io_uring_prep_nop(sqe);
	io_uring_sqe_set_data64(sqe, user_data);
	ret = io_uring_submit(ring);
	CHECK(ret == 1, "io_uring_submit: %d", ret);
}

void nop_round_trip(struct io_uring *ring, uint64_t user_data)
{
	struct __kernel_timespec ts = timespec_of(10 * 1000000);
	struct io_uring_cqe *cqe = NULL;
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	int ret;

	NEED(sqe, "no SQE free");
	io_uring_prep_nop(sqe);
	io_uring_sqe_set_data64(sqe, user_data);
	ret = io_uring_submit_and_wait_timeout(ring, &cqe, 1, &ts, NULL);
	CHECK(ret == 1 || ret == 0, "submit and wait: %d", ret);
	if (!cqe) {
		fail(__FILE__, __LINE__, "no completion after %d", ret);
		return;
	}
	CHECK(cqe->user_data == user_data && !cqe->res, "got %llx, res %d, instead of %llx",
	      (long long)cqe->user_data, cqe->res, (long long)user_data);
	io_uring_cqe_seen(ring, cqe);
}

void check_expired(int64_t start, int64_t us, int ret)
{
	int64_t took = now_us() - start;

	if (ret != -ETIME)
		return;
	CHECK(took >= us, "asked for %lld us, back after %lld", (long long)us, (long long)took);
	CHECK(took <= us + LATE, "asked for %lld us, back only after %lld", (long long)us,
	      (long long)took);
}

void idle_wait(struct io_uring *ring, int64_t us)
{
	struct __kernel_timespec ts = timespec_of(us);
	struct io_uring_cqe *cqe = NULL;
	int64_t start = now_us();
	int ret = io_uring_wait_cqe_timeout(ring, &cqe, &ts);

	CHECK(ret == -ETIME, "wait on an idle ring: %d", ret);
	CHECK(!cqe, "a completion on an idle ring: %llx", (long long)cqe->user_data);
	check_expired(start, us, ret);
}

/* 63 slots by default, one of them the main thread's. */
#define CENSUS 62

struct census {
	struct io_uring ring;
	pthread_barrier_t all_there;
};

static void *census_thread(void *arg)
{
	struct census *c = arg;

	idle_wait(&c->ring, 1000);
	pthread_barrier_wait(&c->all_there);
	return NULL;
}

void census(void)
{
	pthread_t threads[CENSUS];
	struct census c;
	int i;

	ring_make(&c.ring, 4, 0);
	idle_wait(&c.ring, 100);
	pthread_barrier_init(&c.all_there, NULL, CENSUS);
	for (i = 0; i < CENSUS; i++)
		NEED(!pthread_create(&threads[i], NULL, census_thread, &c), "pthread_create");
	for (i = 0; i < CENSUS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&c.all_there);
	ring_end(&c.ring);
}

static long count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	long n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

static long read_rss(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long kb = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmRSS: %ld", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb;
}

void holdings_now(struct holdings *h)
{
	h->fds = count_fds();
	h->maps = mappings_count();
	h->rss_kb = read_rss();
}
