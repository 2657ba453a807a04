/* SPDX-License-Identifier: MIT */
/*
 * spin_bare SCENARIO [FLAGS]: bare enters on a ring with these setup flags, and what comes while they look.
 *
 *	found	what comes a moment later, submitted by the enter itself or before
 *	disarmed	the same of a thread whose alternate signal stack disarms itself
 *	nothing	waits that end by their timeouts, and are not early
 *	many	waits for several, which a request's timeout ends; and chains
 *	never	waits that must not look
 *	asleep	waits that find what they submit, each timed way alike often
 *	names	by other numbers than the ring's descriptor
 *	wrong	what the kernel refuses, and SQEs that it does not take
 */
#include <signal.h>

#include "bare.h"

static void found(void)
{
	int way, i;

	for (i = 0; i < 4; i++)
		for (way = 0; way < WAYS; way++) {
			put_timeout(i);
			if (i % 2) {
				io_uring_submit(&ring);
				tell("submitted before", way, wait_by(way, 0, 1, LATER_MS * 1000));
			} else {
				tell("submitted by it", way,
				     wait_by(way, flush(), 1, LATER_MS * 1000));
			}
		}
}

static void nothing(void)
{
	static const int us[] = { 1, 40, 300, 999, 1001, 1500, 5000 };
	unsigned i, way;

	for (i = 0; i < sizeof(us) / sizeof(us[0]); i++)
		for (way = 0; way < WAYS; way++) {
			int64_t start = now_us();

			if (!is_timed(way))
				continue;
			/* What is submitted does not complete, and then that is what is returned. */
			if (i == 3 && way == CALL_TIME)
				put_poll();
			tell("nothing", way, wait_by(way, flush(), 1, us[i]));
			if (now_us() - start < us[i])
				say("too early: %lld us of %d", (long long)(now_us() - start),
				    us[i]);
		}
}

/* Takes what is left, by waits of another kind. */
static void drain(unsigned nr)
{
	struct io_uring_cqe *cqe;

	while (nr && !io_uring_wait_cqe(&ring, &cqe)) {
		io_uring_cqe_seen(&ring, cqe);
		nr--;
	}
}

static void chain(int way, unsigned nr)
{
	unsigned i, there;
	int ret;

	for (i = 0; i < 6; i++) {
		put_nop(&ring, i);
		last_sqe()->flags = i < 5 ? IOSQE_IO_LINK : 0;
	}
	ret = wait_by(way, flush(), nr, LATER_MS * 1000);
	there = io_uring_cq_ready(&ring);
	say("way %d: %u of a chain, for %u: %s", way, there, nr, name_of(ret));
	drain(6);
}

/*
 * A request that is a timeout ends a wait with less than it is for; but not if it was over before the wait
 * began, as on a busy machine it may be.
 */
static void many(void)
{
	int way, by_it = 0, all = 0;

	for (way = 0; way < WAYS; way++) {
		int64_t start;

		chain(way, 1);
		chain(way, 3);
		if (!is_timed(way))
			continue;
		start = now_us();
		put_timeout(1);
		tell("two of one, submitted by it", way, wait_by(way, flush(), 2, 500000));
		by_it += now_us() - start < 250000;
		start = now_us();
		put_timeout(1);
		io_uring_submit(&ring);
		tell("two of one", way, wait_by(way, 0, 2, 500000));
		by_it += now_us() - start < 250000;
		all += 2;
	}
	say("most by the request: %s", by_it > all / 2 ? "yes" : "no");
}

#define WAIT_FLAGS (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

static void never(void)
{
	static const struct __kernel_timespec zero,
		past = { .tv_sec = -1 }, odd = { .tv_nsec = -1 }, far = { .tv_nsec = 2000000 };
	static const struct {
		const char *what;
		unsigned nr, flags;
		bool mask;
		unsigned min;
		const struct __kernel_timespec *ts;
	} waits[] = {
		{ "zero", 1, 0, false, 0, &zero },
		{ "past", 1, 0, false, 0, &past },
		{ "odd", 1, 0, false, 0, &odd },
		{ "mask", 1, 0, true, 0, &far },
		{ "minimum", 1, 0, false, 1000, &far },
		{ "none asked for", 0, 0, false, 0, &far },
		{ "absolute", 1, 1 << 5, false, 0, &far },
	};
	unsigned i, way;
	sigset_t mask;

	sigemptyset(&mask);
	for (way = ENTER2_TIME; way < WAYS; way++) {
		if (!is_timed(way))
			continue;
		for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
			struct argument arg = {
				.sigmask = waits[i].mask ? (uintptr_t)&mask : 0,
				.sigmask_sz = 8,
				.min_wait_usec = waits[i].min,
				.ts = (uintptr_t)waits[i].ts,
			};

			errno = ERRNO_UNTOUCHED;
			tell(waits[i].what, way,
			     enter_as(way, 0, waits[i].nr, WAIT_FLAGS | waits[i].flags, &arg,
				      sizeof(arg)));
		}
		tell("no wait", way, enter_as(way, 0, 1, 0, NULL, 8));
	}
}

static void wrong(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 2000000 };
	struct argument arg = { .ts = (uintptr_t)&ts };
	int way;

	for (way = ENTER2; way < WAYS; way++) {
		errno = ERRNO_UNTOUCHED;
		tell("unknown flag", way,
		     enter_as(way, 0, 1, WAIT_FLAGS | 1 << 20, &arg, sizeof(arg)));
		tell("argument's size", way, enter_as(way, 0, 1, WAIT_FLAGS, &arg, 8));
		tell("no argument", way, enter_as(way, 0, 1, WAIT_FLAGS, (void *)8, sizeof(arg)));
		/* More than there are, and one that the kernel does not take, before one that it would. */
		put_nop(&ring, 1);
		tell("more than there are", way, wait_by(way, flush() + 3, 2, 2000));
		put_nop(&ring, 2);
		put_nop(&ring, 3);
		last_sqe()->opcode = 255;
		put_nop(&ring, 4);
		tell("a bad one", way, wait_by(way, flush(), 2, LATER_MS * 1000));
		tell("what is left", way, wait_by(way, 1, 1, LATER_MS * 1000));
		tell("nothing to be submitted", way, wait_by(way, 2, 1, 2000));
	}
	close(ring.ring_fd);
	for (way = 0; way < WAYS; way++)
		tell("closed", way, wait_by(way, 0, 1, 2000));
	_exit(0);
}

static void asleep(void)
{
	static const enum way ways[] = { ENTER2_TIME, CALL_TIME, SITE_TIME };
	unsigned i;

	for (i = 0; i < 600; i++) {
		struct io_uring_cqe *cqe;
		int ret;

		put_nop(&ring, i);
		ret = wait_by(ways[i % 3], flush(), 1, LATER_MS * 1000);
		if (ret != 1 || errno != ERRNO_UNTOUCHED || io_uring_peek_cqe(&ring, &cqe) ||
		    cqe->user_data != i)
			say("wait %u: %s", i, name_of(ret));
		else
			io_uring_cqe_seen(&ring, cqe);
	}
}

/* By a copy of the descriptor, before a timed wait and after, and by a registered index. */
static void names(void)
{
	static const enum way ways[] = { ENTER2, CALL, ENTER2_TIME, CALL_TIME, ENTER2, CALL };
	const int fd = ring.ring_fd;
	struct io_uring_cqe *cqe;
	unsigned i;

	ring.ring_fd = dup(fd);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		put_timeout(i);
		tell("by a copy", ways[i], wait_by(ways[i], flush(), 1, LATER_MS * 1000));
	}
	close(ring.ring_fd);
	ring.ring_fd = fd;
	if (io_uring_register_ring_fd(&ring) != 1)
		die("io_uring_register_ring_fd", 0);
	for (i = ENTER2; i <= CALL; i += CALL - ENTER2) {
		put_timeout(i);
		io_uring_submit(&ring);
		ring.ring_fd = ring.enter_ring_fd;
		say("by an index, way %u: %s", i,
		    name_of(enter_as(i, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_REGISTERED_RING,
				     NULL, 8)));
		ring.ring_fd = fd;
		io_uring_wait_cqe(&ring, &cqe);
		io_uring_cqe_seen(&ring, cqe);
	}
}

static void disarmed(void)
{
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536, .ss_flags = 1U << 31 };

	if (sigaltstack(&stack, NULL))
		die("sigaltstack", -errno);
	found();
}

int main(int argc, char **argv)
{
	begin(argc, argv);
	if (!strcmp(argv[1], "found"))
		found();
	else if (!strcmp(argv[1], "disarmed"))
		disarmed();
	else if (!strcmp(argv[1], "nothing"))
		nothing();
	else if (!strcmp(argv[1], "many"))
		many();
	else if (!strcmp(argv[1], "asleep"))
		asleep();
	else if (!strcmp(argv[1], "names"))
		names();
	else if (!strcmp(argv[1], "never"))
		never();
	else
		wrong();
	io_uring_queue_exit(&ring);
	return 0;
}
