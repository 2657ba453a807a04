/* SPDX-License-Identifier: MIT */
/*
 * Makes system calls by an instruction of its own and compares all registers, the flags, the vector
 * registers and the red zone with what they were before: keeps [once|storm|steps WHAT]
 *
 * Each call is made with other flags (all of them, in turn) and at another alignment of the stack.
 * storm: meanwhile a timer brings signals, whose handler makes calls by another such instruction.
 * steps: for integration/robust/interrupt, which brings a signal at every instruction.
 */
#if defined(__x86_64__)

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
#include "site.h"

#define FLAG_ALWAYS 0x202 /* interrupts are on */
#define FLAG_DF	    0x400

static const uint64_t arithmetic[] = { 0x1, 0x4, 0x10, 0x40, 0x80, 0x800 };
static const char *const names[REGS] = { "rax", "rcx", "rdx", "rbx", "rsp",  "rbp",
					 "rsi", "rdi", "r8",  "r9",  "r10",  "r11",
					 "r12", "r13", "r14", "r15", "flags" };

static char stack[65536] __attribute__((aligned(64)));
static unsigned turn; /* numbers the calls */
static int differences;
static bool telling, marking;
static volatile unsigned long signals;
static int ring;

/* Each part of the vector state: where it lies, and how long it is. */
static void part_at(unsigned part, unsigned *offset, unsigned *size)
{
	unsigned c, d;

	if (part < 2) { /* registers of x87, then of SSE */
		*offset = part ? 160 : 32;
		*size = part ? 256 : 128;
		return;
	}
	__cpuid_count(0xd, part, *size, *offset, c, d);
}

static void prepare_vectors(void)
{
	unsigned low, high, part, offset, size, i;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	site_parts = low & 0xe7;
	memset(site_vectors_in, 0, sizeof(site_vectors_in));
	memcpy(site_vectors_in, &(uint16_t){ 0x037f }, 2);	/* x87: as at the start */
	memcpy(site_vectors_in + 24, &(uint32_t){ 0x3f80 }, 4); /* mxcsr: rounds down */
	site_vectors_in[4] = 0xff; /* all of x87's registers are in use */
	memcpy(site_vectors_in + 512, &site_parts, 8);
	for (part = 0; part < 8; part++) {
		if (!(site_parts >> part & 1))
			continue;
		part_at(part, &offset, &size);
		for (i = 0; i < size; i++)
			/* The upper six bytes of x87's registers are none. */
			site_vectors_in[offset + i] = part || i % 16 < 10 ? random() : 0;
	}
}

static void compare_vectors(const char *what)
{
	unsigned part, offset, size;

	for (part = 0; part < 8; part++) {
		if (!(site_parts >> part & 1))
			continue;
		part_at(part, &offset, &size);
		if (!memcmp(site_vectors_in + offset, site_vectors_out + offset, size))
			continue;
		printf("%s: part %u of the vector registers differs\n", what, part);
		differences++;
	}
	if (memcmp(site_vectors_in + 24, site_vectors_out + 24, 4)) {
		printf("%s: mxcsr differs\n", what);
		differences++;
	}
}

static uint64_t flags_of_turn(void)
{
	uint64_t flags = FLAG_ALWAYS;
	unsigned i;

	for (i = 0; i < sizeof(arithmetic) / sizeof(arithmetic[0]); i++)
		if (turn >> i & 1)
			flags |= arithmetic[i];
	return turn >> i & 1 ? flags | FLAG_DF : flags;
}

static void compare_registers(const char *what)
{
	unsigned i;

	for (i = RCX; i < REGS; i++) {
		uint64_t want = i == RCX ? (uintptr_t)site_behind :
				i == R11 ? site_in[FLAGS] :
					   site_in[i];
		/* A tracer's trap flag may show. */
		uint64_t mask = i == R11 || i == FLAGS ? ~(uint64_t)0x100 : ~(uint64_t)0;

		if (!((site_out[i] ^ want) & mask))
			continue;
		printf("%s: %s is %#lx, not %#lx (turn %u)\n", what, names[i],
		       (unsigned long)site_out[i], (unsigned long)want, turn);
		differences++;
	}
}

static long call(const char *what, long nr, long a, long b, long c, long d, long e, long f)
{
	static uint8_t red[RED_ZONE];
	uint8_t *top = (uint8_t *)stack + sizeof(stack) - 1024 + turn % 16;
	unsigned i;

	for (i = 0; i < REGS; i++)
		site_in[i] = (uint64_t)random() << 33 ^ random();
	site_in[RAX] = nr, site_in[RDI] = a, site_in[RSI] = b, site_in[RDX] = c;
	site_in[R10] = d, site_in[R8] = e, site_in[R9] = f;
	site_in[RSP] = (uintptr_t)top;
	site_in[FLAGS] = flags_of_turn();
	for (i = 0; i < RED_ZONE; i++)
		top[-1 - (int)i] = red[i] = random();
	if (marking)
		mark();
	site_call();
	if (marking)
		mark();
	compare_registers(what);
	compare_vectors(what);
	for (i = 0; i < RED_ZONE; i++)
		if (top[-1 - (int)i] != red[i])
			break;
	if (i < RED_ZONE) {
		printf("%s: the red zone was written to, %u bytes down\n", what, i + 1);
		differences++;
	}
	turn++;
	if (telling)
		printf("%s: %ld\n", what, (long)site_out[RAX]);
	return site_out[RAX];
}

/* Another such instruction, for the handler. */
static __attribute__((noinline)) long handlers_enter(unsigned fd, unsigned wait_nr, unsigned flags,
						     const void *arg, size_t size)
{
	register long r10 __asm__("r10") = flags;
	register long r8 __asm__("r8") = (long)arg;
	register long r9 __asm__("r9") = size;
	long ret = SYS_io_uring_enter;

	__asm__ volatile("mov $426, %%eax\n\tsyscall"
			 : "=&a"(ret)
			 : "D"(fd), "S"(0), "d"(wait_nr), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
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

static void handler(int sig)
{
	struct __kernel_timespec ts = { .tv_nsec = 1 };
	struct argument argument = { .mask_size = 8, .ts = (uintptr_t)&ts };
	char garbage[512];

	(void)sig;
	signals++;
	memset(garbage, (int)signals, sizeof(garbage)); /* by vector registers */
	__asm__ volatile("" : : "r"(garbage) : "memory");
	if (handlers_enter(ring, 1, TIMED, &argument, sizeof(argument)) != -ETIME)
		_exit(3);
	if (handlers_enter(ring, 0, 0, NULL, 0))
		_exit(4);
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
	struct itimerval often = { .it_interval.tv_usec = 53, .it_value.tv_usec = 53 },
			 none = { 0 };
	int round;

	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &often, NULL);
	for (round = 0; round < 300 || signals < 1000; round++)
		all_calls(false);
	setitimer(ITIMER_REAL, &none, NULL);
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
	fprintf(stderr, "sites are patched on x86-64 only\n");
	return 77;
}

#endif
