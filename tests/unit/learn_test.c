/* SPDX-License-Identifier: MIT */
/* What REGWAIT_SPIN=auto makes of waits that take so long one way and so long the other. */
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "base/config.h"
#include "wait/enter_look.h"
#include "wait/learn.h"

/* Of a wait and what the program does until the next, in nanoseconds: both ways. */
struct way_of_life {
	unsigned wall, cpu;
};

struct program {
	struct way_of_life sleeps, looks;
	unsigned sleep_batch, look_batch; /* completions of a wait; 0: they are not counted */
	unsigned noise;			  /* percent, up or down */
	unsigned gap_of;		  /* after so many waits ... */
	unsigned gap;			  /* ... it has nothing to do for so long */
	unsigned taken_of;  /* after so many that looked the processor is taken away */
	unsigned throttled; /* for so long, once in 700 */
	unsigned waits;
	/* What it cost. */
	uint64_t wall, cpu;
	unsigned looked;
	bool looks_at_the_end;
};

static uint32_t dice(void)
{
	static uint32_t x = 1;

	x = x * 1664525 + 1013904223;
	return x >> 8;
}

static uint64_t about(unsigned ns, unsigned noise)
{
	return noise ? (uint64_t)ns * (100 - noise + dice() % (2 * noise + 1)) / 100 : ns;
}

static void run(struct learner *l, struct program *p)
{
	static uint64_t wall = 1000000000, cpu;
	static int64_t taken;
	static uint32_t seen = -1000;
	unsigned i;

	p->wall = p->cpu = p->looked = 0;
	for (i = 0; i < p->waits; i++) {
		const struct way_of_life *way;

		if (l->left)
			l->left--;
		else
			learn_judge(l,
				    &(struct usage){ wall + p->wall, cpu + p->cpu, taken, seen });
		way = learner_looks(l) ? &p->looks : &p->sleeps;
		p->looked += learner_looks(l);
		seen += learner_looks(l) ? p->look_batch : p->sleep_batch;
		taken += p->taken_of && learner_looks(l) && p->looked % p->taken_of == 0;
		if (p->throttled && i % 700 == 0) {
			taken++;
			p->wall += p->throttled;
		}
		p->wall += about(way->wall, p->noise);
		p->cpu += about(way->cpu, p->noise);
		if (p->gap_of && i % p->gap_of == 0)
			p->wall += p->gap;
	}
	wall += p->wall;
	cpu += p->cpu;
	p->looks_at_the_end = learner_looks(l);
}

static void run_anew(struct program *p)
{
	struct learner l = { 0 };

	run(&l, p);
}

/* Wall and processor time, in percent of what they are for one that always sleeps. */
static double wall_of(const struct program *p)
{
	return 100.0 * p->wall / ((double)p->sleeps.wall * p->waits);
}

static double cpu_of(const struct program *p)
{
	return 100.0 * p->cpu / ((double)p->sleeps.cpu * p->waits);
}

static void keeps_to_what_is_faster(void **state)
{
	/* As measured: across processors, with DEFER_TASKRUN and with flags 0. */
	struct program defer = { { 65000, 23000 }, { 9000, 9000 }, .noise = 20, .waits = 20000 };
	struct program none = { { 61000, 23000 }, { 44000, 43000 }, .noise = 5, .waits = 20000 };

	(void)state;
	run_anew(&defer);
	assert_true(wall_of(&defer) < 20);
	assert_true(cpu_of(&defer) < 50);
	run_anew(&none);
	assert_true(wall_of(&none) < 78);
}

/* No wait looks in vain here: on one processor each finds what it looked for, 40 us late. */
static void costs_little_where_it_loses(void **state)
{
	struct program programs[] = {
		{ { 6900, 3500 }, { 45000, 42000 }, .noise = 20, .waits = 20000 },
		{ { 6900, 3500 }, { 45000, 42000 }, .noise = 60, .waits = 20000 },
		/* Longer waits, in which all that it brings is the load. */
		{ { 300000, 12000 }, { 300000, 60000 }, .noise = 10, .waits = 5000 },
		{ { 1000000, 15000 }, { 975000, 60000 }, .noise = 1, .waits = 1000 },
		{ { 50000000, 15000 }, { 49975000, 60000 }, .waits = 100 },
	};
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		run_anew(&programs[i]);
		assert_false(programs[i].looks_at_the_end);
		if (wall_of(&programs[i]) > 102.5 || cpu_of(&programs[i]) > 106)
			fail_msg("program %u: wall %.1f %%, processor %.1f %%, looked %u", i,
				 wall_of(&programs[i]), cpu_of(&programs[i]), programs[i].looked);
	}
}

static void weighs_processor_time(void **state)
{
	/* A little faster, for much more. */
	struct program p = { { 60000, 10000 }, { 52000, 50000 }, .noise = 5, .waits = 20000 };

	(void)state;
	run_anew(&p);
	assert_false(p.looks_at_the_end);
	assert_true(cpu_of(&p) < 104);
}

/* Where processors are scarce, what is faster for more of their time is not worth it. */
static void is_modest_where_processors_are_scarce(void **state)
{
	struct program more = { { 61000, 23000 }, { 44000, 33000 }, .noise = 5, .waits = 20000 };
	struct program less = { { 65000, 23000 }, { 9000, 9000 }, .noise = 5, .waits = 20000 };

	(void)state;
	run_anew(&more);
	assert_true(more.looks_at_the_end);
	more.taken_of = less.taken_of = 3;
	run_anew(&more);
	assert_true(more.looked < 800);
	assert_true(cpu_of(&more) < 102);
	run_anew(&less);
	assert_true(less.looks_at_the_end);
	more.taken_of = less.taken_of = 0;
	more.throttled = less.throttled = 50000000;
	run_anew(&more);
	assert_true(more.looked < 3000);
	run_anew(&less);
	assert_true(less.looks_at_the_end);
	/* What happens now and then means nothing. */
	more.throttled = 0;
	more.taken_of = 50;
	run_anew(&more);
	assert_true(more.looks_at_the_end);
}

/* Half as long for each wait, and no longer for each completion: a server that is woken up to several. */
static void is_not_misled_by_batches(void **state)
{
	struct program loses = { { 60000, 30000 }, { 30000, 18000 }, 4, 2,
				 .noise = 10,	   .waits = 20000 };
	struct program wins = { { 60000, 30000 }, { 12000, 12000 }, 4, 2,
				.noise = 10,	  .waits = 20000 };

	(void)state;
	run_anew(&loses);
	assert_false(loses.looks_at_the_end);
	assert_true(loses.looked < 800);
	run_anew(&wins);
	assert_true(wins.looks_at_the_end);
}

static void is_not_misled_by_gaps(void **state)
{
	/* Nothing to do for half a second now and then, and hundreds of waits in between. */
	struct program loses = { { 6900, 3500 }, { 45000, 42000 }, .noise = 20,
				 .gap_of = 777,	 .gap = 500000000, .waits = 20000 };
	struct program wins = { { 65000, 23000 }, { 9000, 9000 },   .noise = 20,
				.gap_of = 777,	  .gap = 500000000, .waits = 20000 };

	(void)state;
	run_anew(&loses);
	assert_true(loses.looked < 800);
	run_anew(&wins);
	assert_true(wins.looked > 15000);
}

static void notices_a_change(void **state)
{
	struct program wins = { { 65000, 23000 }, { 9000, 9000 }, .noise = 20, .waits = 20000 };
	struct program loses = { { 6900, 3500 }, { 45000, 42000 }, .noise = 20, .waits = 20000 };
	struct learner l = { 0 };

	(void)state;
	run(&l, &wins);
	assert_true(wins.looks_at_the_end);
	run(&l, &loses);
	assert_false(loses.looks_at_the_end);
	assert_true(loses.looked < 1000);
	run(&l, &wins);
	assert_true(wins.looks_at_the_end);
}

/* Of waits that find their completions there nothing is to be learnt; but when they begin to sleep. */
static void wakes_up(void **state)
{
	struct program awake = { { 400, 300 }, { 600, 500 }, .noise = 20, .waits = 20000 };
	struct program wins = { { 65000, 23000 }, { 9000, 9000 }, .noise = 20, .waits = 20000 };
	struct learner l = { 0 };

	(void)state;
	run(&l, &awake);
	assert_int_equal(awake.looked, 0);
	run(&l, &wins);
	assert_true(wins.looks_at_the_end);
	assert_true(wins.looked > 18000);
}

/* Pages of heads of CQs. */
static _Alignas(4096) unsigned heads[66][1024];

/* Of more rings than a thread learns of, each is begun anew. */
static void of_many_rings(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 100000; i++)
		assert_false(learn_looks(heads[i % 64 + 1]));
}

/* As waits ask, with the real clock: of two rings in turn, before anything is tried. */
static void asks_seldom(void **state)
{
	unsigned asked = 0, i;

	(void)state;
	for (i = 0; i < 480; i++) {
		const void *ring = heads[1 + i / 120 % 2];

		if (learn_sleeps(ring))
			continue;
		asked++;
		assert_false(learn_looks(ring));
	}
	/* The last wait of each block, of which there are less if all is fast, and where a turn ends. */
	assert_in_range(asked, 6, 12);
}

/* With the real clock: four are submitted after a wait that sleeps, one after one that looks and is half as long. */
static void sees_what_bare_enters_submit(void **state)
{
	struct enter e = { .fd = 7 };
	const void *ring = enter_key(e.fd);
	unsigned looked = 0, i;
	int ret;

	(void)state;
	for (i = 0; i < 1500; i++) {
		const bool looks = !learn_sleeps(ring) && learn_looks(ring);

		usleep(looks ? 100 : 200);
		looked += looks;
		e.submit = looks ? 1 : 4;
		assert_false(enter_looks(&e, &ret));
	}
	assert_true(looked < 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_to_what_is_faster),
		cmocka_unit_test(costs_little_where_it_loses),
		cmocka_unit_test(weighs_processor_time),
		cmocka_unit_test(is_modest_where_processors_are_scarce),
		cmocka_unit_test(is_not_misled_by_batches),
		cmocka_unit_test(is_not_misled_by_gaps),
		cmocka_unit_test(notices_a_change),
		cmocka_unit_test(wakes_up),
		cmocka_unit_test(of_many_rings),
		cmocka_unit_test(asks_seldom),
		cmocka_unit_test(sees_what_bare_enters_submit),
	};

	config.spin = 50;
	return cmocka_run_group_tests_name("learn", tests, NULL, NULL);
}
