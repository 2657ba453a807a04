/* SPDX-License-Identifier: MIT */
/*
 * Makes system calls by an instruction of its own and compares all registers, the flags, the vector
 * registers and the red zone with what they were before: keeps [once|storm|steps WHAT]
 *
 * Each call is made with other flags (all of them, in turn) and, where it may have any, at another
 * alignment of the stack.
 * storm: meanwhile a timer brings signals, whose handler makes calls by another such instruction.
 * steps: for integration/robust/interrupt, which brings a signal at every instruction.
 */
#if defined(__x86_64__) || defined(__aarch64__)

#include <errno.h>
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "../../robust/programs/marks.h"
#include "inline_call.h"
#ifdef __x86_64__
#include "keeps_x86_64.h"
#else
#include "keeps_aarch64.h"
#endif

static char stack[65536] __attribute__((aligned(64)));
static unsigned turn; /* numbers the calls */
static int differences;
static bool telling, marking, storming;
static volatile unsigned long signals;
static int ring;

static long call(const char *what, long nr, long a, long b, long c, long d, long e, long f)
{
	set_registers((uint8_t *)stack + sizeof(stack) - 1024, turn,
		      (const long[]){ nr, a, b, c, d, e, f });
	if (marking)
		mark();
	site_call();
	if (marking)
		mark();
	differences += compare_all(what, turn);
	turn++;
	if (telling)
		printf("%s: %ld\n", what, site_result());
	return site_result();
}

struct argument {
	uint64_t mask;
	uint32_t mask_size, min_wait;
	uint64_t ts;
};

#define TIMED (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

static long timed(const char *what, int fd, long flags, long nanoseconds)
{
	static struct __kernel_timespec ts;
	static struct argument argument = { .mask_size = 8 };

	ts.tv_nsec = nanoseconds;
	argument.ts = (uintptr_t)&ts;
	return call(what, SYS_io_uring_enter, fd, 0, 1, TIMED | flags, (long)&argument,
		    sizeof(argument));
}

/* Another such instruction. */
static __attribute__((noinline)) long other_enter(unsigned wait_nr, unsigned flags, const void *arg,
						  size_t size)
{
	return inline_call(SYS_io_uring_enter, ring, 0, wait_nr, flags, (long)arg, size);
}

static void handler(int sig)
{
	const struct itimerval soon = { .it_value.tv_usec = 53 };
	struct __kernel_timespec ts = { .tv_nsec = 1 };
	struct argument argument = { .mask_size = 8, .ts = (uintptr_t)&ts };
	char garbage[512];

	(void)sig;
	signals++;
	memset(garbage, (int)signals, sizeof(garbage)); /* by vector registers */
	__asm__ volatile("" : : "r"(garbage) : "memory");
	if (other_enter(1, TIMED, &argument, sizeof(argument)) != -ETIME)
		_exit(3);
	if (other_enter(0, 0, NULL, 0))
		_exit(4);
	/* Not at intervals: a slow machine would do nothing else. */
	if (storming)
		setitimer(ITIMER_REAL, &soon, NULL);
}

static void all_calls(bool told)
{
	static struct io_uring_rsrc_update update;

	telling = told;
	timed("timed wait", ring, 0, 1000);
	timed("again", ring, 0, 1000);
	timed("timeout of zero", ring, 0, 0);
	call("untimed", SYS_io_uring_enter, ring, 0, 0, 0, 0, 0);
	call("mask at no address", SYS_io_uring_enter, ring, 0, 0, IORING_ENTER_GETEVENTS, 8, 8);
	/* A few times the library tries whether an argument can be read. */
	if (told)
		call("argument at no address", SYS_io_uring_enter, ring, 0, 1, TIMED, 8,
		     sizeof(struct argument));
	timed("not a ring", 0, 0, 1000);
	timed("no descriptor", -1, 0, 1000);
	timed("unknown flags", ring, 1 << 30, 1000);
	update.offset = -1U;
	update.data = ring;
	call("an index", SYS_io_uring_register, ring, 20, (long)&update, 1, 0, 0);
	timed("wait by it", update.offset, IORING_ENTER_REGISTERED_RING, 1000);
	update.data = 0;
	call("given back", SYS_io_uring_register, ring, 21, (long)&update, 1, 0, 0);
	call("unknown opcode", SYS_io_uring_register, ring, 4711, 0, 0, 0, 0);
	call("no setup", SYS_io_uring_setup, 0, 0, 0, 0, 0, 0);
	call("close", SYS_close, dup(ring), 0, 0, 0, 0, 0);
	call("close nothing", SYS_close, -1, 0, 0, 0, 0, 0);
	call("close range", SYS_close_range, 1000, 1010, 0, 0, 0, 0);
	call("prctl", SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0, 0);
	call("no such call", 10000, 1, 2, 3, 4, 5, 6);
	call("another call", SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	telling = false;
}

static void storm(void)
{
	int round;

	signal(SIGALRM, handler);
	storming = true;
	raise(SIGALRM);
	for (round = 0; round < 300 || signals < 1000; round++)
		all_calls(false);
	storming = false;
	printf("many signals\n");
}

/* Memory that is written and executed: none, whoever has patched something. */
static void look_at_maps(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, " rwx")) {
			printf("writable code: %s", line);
			differences++;
		}
	if (maps)
		fclose(maps);
}

/* The calls that go different ways, and of these the same again and again. */
static void make(const char *what)
{
	if (!strcmp(what, "wait"))
		timed("wait", ring, 0, 1000);
	else if (!strcmp(what, "zero"))
		timed("zero", ring, 0, 0);
	else if (!strcmp(what, "untimed"))
		call("untimed", SYS_io_uring_enter, ring, 0, 0, 0, 0, 0);
	else if (!strcmp(what, "close"))
		call("close", SYS_close, dup(ring), 0, 0, 0, 0, 0);
	else
		call("other", SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

/* One call, in the parts that interrupt.c wants: each is interrupted an instruction later. */
static void steps(const char *what)
{
	int parts;

	on_interrupt(handler);
	marking = true;
	for (parts = 0; !parts || interrupted; parts++) {
		unsigned long before = signals;

		new_part();
		make(what);
		interrupted = signals != before;
	}
	fprintf(stderr, "%d parts\n", parts);
}

int main(int argc, char **argv)
{
	struct io_uring_params p = { 0 };
	const char *how = argc > 1 ? argv[1] : "";
	int round;

	look_at_maps();
	prepare_vectors();
	ring = call("setup", SYS_io_uring_setup, 4, (long)&p, 0, 0, 0, 0);
	if (ring < 0) {
		fprintf(stderr, "no ring\n");
		return 77;
	}
	if (!strcmp(how, "steps"))
		steps(argc > 2 ? argv[2] : "wait");
	else if (!strcmp(how, "storm"))
		storm();
	else
		for (round = 0; round < (strcmp(how, "once") ? 512 : 1); round++)
			all_calls(!round);
	printf("%d differences\n", differences);
	return differences != 0;
}

#else

#include <stdio.h>

int main(void)
{
	fprintf(stderr, "no sites are patched on this processor\n");
	return 77;
}

#endif
