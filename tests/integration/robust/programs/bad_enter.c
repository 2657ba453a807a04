/* SPDX-License-Identifier: MIT */
/*
 * A timed enter that the kernel refuses, and what comes after it: bad_enter BY [WHICH]
 *
 * BY: enter2, syscall. WHICH: flag (one that does not exist), size (of the argument), mask (its
 * size), pointer (of the timeout), argument (its address), pointers, arguments and timeouts (many of
 * them, the last by liburing's function), entry (a registered wait, where no area is), none. Then 1000 waits, and a registered wait of the program's own, which has
 * no area.
 */
#include <errno.h>
#include <liburing.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TIMED	(IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)
#define UNKNOWN (1U << 20)
#define ENTRY	(1U << 6) /* IORING_ENTER_EXT_ARG_REG */

static struct io_uring ring;
static const char *by;

static int enter(unsigned flags, void *arg, size_t size)
{
	if (*by == 'e')
		return io_uring_enter2(ring.ring_fd, 0, 1, flags, arg, size);
	return syscall(__NR_io_uring_enter, ring.ring_fd, 0, 1, flags, arg, size) < 0 ? -errno : 0;
}

/* Wherever nothing is: more pages than are tried before addresses are trusted. */
static int many(const char *which)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_getevents_arg arg = { .ts = (uintptr_t)&ts };
	struct io_uring_cqe *cqe;
	int i, refused = 0;

	for (i = 0; i < 200; i++) {
		uintptr_t nowhere = ((uintptr_t)1 << 46) + i * (uintptr_t)8192;

		if (*which == 'p') {
			arg.ts = nowhere;
			refused += enter(TIMED, &arg, sizeof(arg)) == -EFAULT;
		} else if (*which == 'a') {
			refused += enter(TIMED, (void *)nowhere, sizeof(arg)) == -EFAULT;
		} else {
			refused += io_uring_wait_cqe_timeout(&ring, &cqe, (void *)nowhere) ==
				   -EFAULT;
		}
	}
	return refused;
}

int main(int argc, char **argv)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_getevents_arg good = { .ts = (uintptr_t)&ts }, bad = good;
	const char *which = argc > 2 ? argv[2] : "none";
	struct io_uring_cqe *cqe;
	int i, ret = 0, others = 0;

	if (argc < 2 || io_uring_queue_init(4, &ring, 0))
		return 77;
	by = argv[1];
	printf("first %d\n", enter(TIMED, &good, sizeof(good)));
	if (!strcmp(which, "flag"))
		ret = enter(TIMED | UNKNOWN, &good, sizeof(good));
	else if (!strcmp(which, "size"))
		ret = enter(TIMED, &good, 23);
	else if (!strcmp(which, "mask"))
		bad.sigmask = (uintptr_t)&ts, bad.sigmask_sz = 4,
		ret = enter(TIMED, &bad, sizeof(bad));
	else if (!strcmp(which, "pointer"))
		bad.ts = 8, ret = enter(TIMED, &bad, sizeof(bad));
	else if (!strcmp(which, "argument"))
		ret = enter(TIMED, (void *)8, sizeof(bad));
	else if (which[strlen(which) - 1] == 's')
		ret = many(which);
	else if (!strcmp(which, "entry"))
		ret = enter(TIMED | ENTRY, NULL, 64);
	printf("%s %d\n", which, ret);
	for (i = 0; i < 1000; i++)
		others += enter(TIMED, &good, sizeof(good)) != -ETIME;
	printf("of 1000 others %d\n", others);
	printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	printf("an entry of its own %d\n", enter(TIMED | ENTRY, NULL, 64));
	printf("one that is not there %d\n", enter(TIMED | ENTRY, (void *)4096, 64));
	printf("last %d\n", enter(TIMED, &good, sizeof(good)));
	return 0;
}
