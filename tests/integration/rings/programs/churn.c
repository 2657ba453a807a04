/* SPDX-License-Identifier: MIT */
/*
 * Many rings: churn CASE COUNT. Under a memory lock limit the kernel refuses to
 * make too many, and no more of them may be refused because of the shim.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "program.h"

static unsigned made, refused, wrong;
static int last_error;

static int make(struct io_uring *ring)
{
	int ret = io_uring_queue_init(8, ring, 0);

	if (ret < 0) {
		refused++;
		last_error = ret;
	} else {
		made++;
	}
	return ret;
}

static void use(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;

	put_nop(ring, 1);
	if (io_uring_submit_and_wait_timeout(ring, &cqe, 1, AFTER_MS(60000), NULL) != 1 || !cqe) {
		wrong++;
		return;
	}
	io_uring_cqe_seen(ring, cqe);
	if (io_uring_wait_cqe_timeout(ring, &cqe, AFTER_MS(0)) != -ETIME)
		wrong++;
}

/* What io_uring_queue_exit() does, by a program that does it itself. */
static void bare_exit(struct io_uring *ring)
{
	munmap(ring->sq.sqes, *ring->sq.kring_entries * sizeof(struct io_uring_sqe));
	munmap(ring->sq.ring_ptr, ring->sq.ring_sz);
	if (ring->cq.ring_ptr != ring->sq.ring_ptr)
		munmap(ring->cq.ring_ptr, ring->cq.ring_sz);
	close(ring->ring_fd);
}

static void one_by_one(unsigned count, void (*end)(struct io_uring *))
{
	struct io_uring ring;

	while (count--)
		if (!make(&ring)) {
			use(&ring);
			end(&ring);
		}
}

static void at_once(unsigned count)
{
	struct io_uring *rings = calloc(count, sizeof(*rings));
	unsigned i;

	for (i = 0; i < count && !make(&rings[i]); i++)
		;
	while (i--) {
		use(&rings[i]);
		io_uring_queue_exit(&rings[i]);
	}
	free(rings);
}

/* A few at a time, as in a server with connections that come and go. */
static void in_waves(unsigned count)
{
	struct io_uring rings[100];
	unsigned i;

	for (; count >= 100; count -= 100) {
		for (i = 0; i < 100; i++)
			if (make(&rings[i]))
				rings[i].ring_fd = -1;
		for (i = 0; i < 100; i++)
			if (rings[i].ring_fd >= 0) {
				use(&rings[i]);
				io_uring_queue_exit(&rings[i]);
			}
	}
}

/* A daemon: its first ring is root's, the others belong to the user it becomes. */
static void as_another(unsigned count, uid_t uid)
{
	struct io_uring ring;

	make(&ring);
	use(&ring);
	if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		die("setresuid", -errno);
	one_by_one(count, io_uring_queue_exit);
	io_uring_queue_exit(&ring);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 2 ? atoi(argv[2]) : 1;
	const char *which = argc > 1 ? argv[1] : "";

	if (!strcmp(which, "one-by-one"))
		one_by_one(count, io_uring_queue_exit);
	else if (!strcmp(which, "bare"))
		one_by_one(count, bare_exit);
	else if (!strcmp(which, "at-once"))
		at_once(count);
	else if (!strcmp(which, "waves"))
		in_waves(count);
	else if (!strcmp(which, "daemon") && argc > 3)
		as_another(count, atoi(argv[3]));
	else
		die("usage: churn CASE COUNT [UID]", 0);
	say("made %u, refused %u (%s), wrong results %u", made, refused, name_of(last_error),
	    wrong);
	return 0;
}
