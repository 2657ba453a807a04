/* SPDX-License-Identifier: MIT */
/*
 * Many threads over one ring, threads that come and go, rings that come and go
 * beside threads that wait on theirs.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "soak.h"

#define SHARED_MAX 200

/*
 * One ring for all. Waiting needs no lock; looking at completions and moving
 * the head does. liburing reads the head unlocked while it waits, which is a
 * race by the letter; so under TSan, which sees liburing's inline functions and
 * not the library, waiters on one ring are kept to waits where nothing comes.
 */
struct shared {
	struct io_uring ring;
	pthread_mutex_t lock;
	unsigned char *seen; /* by user_data: how often it came */
	unsigned total, done;
	bool stop;
};

struct waiter {
	struct shared *s;
	unsigned seed;
	pthread_t thread;
};

static void drain(struct shared *s)
{
	struct io_uring_cqe *cqe;

	pthread_mutex_lock(&s->lock);
	while (!io_uring_peek_cqe(&s->ring, &cqe)) {
		CHECK(cqe->user_data < s->total && !s->seen[cqe->user_data]++,
		      "completion %llu of %u came twice or was never asked for",
		      (long long)cqe->user_data, s->total);
		CHECK(!cqe->res, "NOP ended with %d", cqe->res);
		io_uring_cqe_seen(&s->ring, cqe);
		s->done++;
	}
	pthread_mutex_unlock(&s->lock);
}

static int some_wait(struct shared *s, unsigned *seed)
{
	struct __kernel_timespec ts = timespec_of(200 + random_below(seed, 5000));
	struct io_uring_cqe *cqe = NULL;

	if (random_below(seed, 2))
		return io_uring_wait_cqe_timeout(&s->ring, &cqe, &ts);
	return io_uring_wait_cqes(&s->ring, &cqe, 1 + random_below(seed, 4), &ts, NULL);
}

static void *shared_waiter(void *arg)
{
	struct waiter *w = arg;

	while (!__atomic_load_n(&w->s->stop, __ATOMIC_ACQUIRE)) {
		int ret = some_wait(w->s, &w->seed);

		CHECK(!ret || ret == -ETIME, "a wait among many: %d", ret);
		drain(w->s);
	}
	return NULL;
}

/* Nothing comes: each thread must be timed by its own timeout, not by another's. */
static void *idle_waiter(void *arg)
{
	struct waiter *w = arg;
	int i;

	for (i = 0; i < 5; i++)
		idle_wait(&w->s->ring, 500 + random_below(&w->seed, 20000));
	return NULL;
}

static void start(struct waiter *w, struct shared *s, unsigned nr, void *(*what)(void *))
{
	unsigned i;

	for (i = 0; i < nr; i++) {
		w[i].s = s;
		w[i].seed = i * 7919 + nr;
		NEED(!pthread_create(&w[i].thread, NULL, what, &w[i]), "pthread_create");
	}
}

static void join(struct waiter *w, unsigned nr)
{
	while (nr--)
		pthread_join(w[nr].thread, NULL);
}

static void submit_all(struct shared *s)
{
	unsigned i, done, waited;

	for (i = 0; i < s->total; i++) {
		nop_submit(&s->ring, i);
		/* Leave room in the CQ. */
		for (waited = 0; waited < 100000; waited++) {
			pthread_mutex_lock(&s->lock);
			done = s->done;
			pthread_mutex_unlock(&s->lock);
			if ((int)(i - done) < 32)
				break;
			sleep_us(100);
		}
		NEED(waited < 100000, "%u of %u completions came, then none", done, i);
	}
}

#ifdef SOAK_TSAN
#define COMPETE 0
#else
#define COMPETE 1
#endif

static void share_among(unsigned nr, unsigned total)
{
	struct waiter w[SHARED_MAX];
	unsigned char seen[10000] = { 0 };
	struct shared s = { .seen = seen, .total = total };
	int64_t end;

	ring_make(&s.ring, 64, 0);
	pthread_mutex_init(&s.lock, NULL);
	start(w, &s, nr, idle_waiter);
	join(w, nr);
	if (COMPETE) {
		start(w, &s, nr, shared_waiter);
		submit_all(&s);
		end = now_us() + 2 * LATE;
		do {
			sleep_us(500);
			pthread_mutex_lock(&s.lock);
			total = s.done;
			pthread_mutex_unlock(&s.lock);
		} while (total < s.total && now_us() < end);
		__atomic_store_n(&s.stop, true, __ATOMIC_RELEASE);
		join(w, nr);
		CHECK(s.done == s.total, "%u of %u completions came", s.done, s.total);
	}
	ring_end(&s.ring);
}

void round_shared(int size)
{
	static const unsigned nrs[] = { 2, 8, 40, 200 };
	unsigned i;

	for (i = 0; i < 4; i++)
		share_among(nrs[i], 100 * size > 10000 ? 10000 : 100 * size);
}

/* Threads that live for one or two waits. */
#define AT_ONCE 40

static void *short_life(void *arg)
{
	struct waiter *w = arg;
	struct shared *s = w->s;

	idle_wait(&s[1].ring, 20 + random_below(&w->seed, 200));
	pthread_mutex_lock(&s->lock);
	nop_round_trip(&s->ring, w->seed);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

void round_shortlived(int size)
{
	struct waiter w[AT_ONCE];
	struct shared s[2] = { 0 };
	int i, total = 100 * size;

	ring_make(&s[0].ring, 8, 0);
	ring_make(&s[1].ring, 8, 0);
	pthread_mutex_init(&s->lock, NULL);
	for (i = 0; i < total; i++) {
		struct waiter *one = &w[i % AT_ONCE];

		if (i >= AT_ONCE)
			pthread_join(one->thread, NULL);
		one->s = s;
		one->seed = i;
		NEED(!pthread_create(&one->thread, NULL, short_life, one), "pthread_create");
	}
	join(w, AT_ONCE);
	ring_end(&s[0].ring);
	ring_end(&s[1].ring);
}

/*
 * A thread whose own destructors wait: libc runs them again, four times in all,
 * and the last one comes after everybody else's.
 */
static pthread_key_t waiting_key;
static struct io_uring destructor_ring;

static void waiting_destructor(void *value)
{
	idle_wait(&destructor_ring, 20);
	pthread_setspecific(waiting_key, value);
}

static void *dies_waiting(void *arg)
{
	idle_wait(&destructor_ring, 20);
	pthread_setspecific(waiting_key, arg);
	return NULL;
}

void round_destructor(int size)
{
	pthread_t thread;
	int i;

	ring_make(&destructor_ring, 4, 0);
	idle_wait(&destructor_ring, 20);
	NEED(!pthread_key_create(&waiting_key, waiting_destructor), "pthread_key_create");
	for (i = 0; i < 20 * size; i++) {
		NEED(!pthread_create(&thread, NULL, dies_waiting, &destructor_ring),
		     "pthread_create");
		pthread_join(thread, NULL);
	}
	pthread_key_delete(waiting_key);
	ring_end(&destructor_ring);
}

static void *make_and_end(void *arg)
{
	static const unsigned flags[] = {
		0,
		IORING_SETUP_CQE32,
		IORING_SETUP_COOP_TASKRUN,
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
	};
	struct waiter *w = arg;
	struct io_uring ring, moved;
	unsigned i;

	for (i = 0; i < w->s->total; i++) {
		ring_make(&ring, 1 << random_below(&w->seed, 6), flags[random_below(&w->seed, 4)]);
		nop_round_trip(&ring, (uint64_t)i << 32 | w->seed);
		moved = ring;
		memset(&ring, 0xee, sizeof(ring));
		idle_wait(&moved, random_below(&w->seed, 300));
		if (random_below(&w->seed, 4))
			ring_end(&moved);
		else
			ring_end_by_hand(&moved);
	}
	return NULL;
}

static void *keep_waiting(void *arg)
{
	struct waiter *w = arg;
	struct io_uring ring;
	uint64_t n = 0;

	ring_make(&ring, 8, 0);
	while (!__atomic_load_n(&w->s->stop, __ATOMIC_ACQUIRE)) {
		idle_wait(&ring, random_below(&w->seed, 3000));
		nop_round_trip(&ring, n++);
	}
	ring_end(&ring);
	return NULL;
}

void round_churn(int size)
{
	struct shared s = { .total = 50 * size };
	struct waiter makers[6], waiters[6];

	start(waiters, &s, 6, keep_waiting);
	start(makers, &s, 6, make_and_end);
	join(makers, 6);
	__atomic_store_n(&s.stop, true, __ATOMIC_RELEASE);
	join(waiters, 6);
}
