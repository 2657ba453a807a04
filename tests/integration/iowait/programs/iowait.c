/* SPDX-License-Identifier: MIT */
/*
 * Waits of every kind, each named before it begins, so that a trace shows how it entered.
 *
 *	iowait HOW WHAT [FLAGS]
 *
 * HOW:	 init, params; mapped (io_uring_setup and io_uring_queue_mmap); disabled (and enabled); index
 *	 (by a registered descriptor)
 * WHAT: waits	  of liburing, with a timeout and without
 *	 bare	  io_uring_enter, io_uring_enter2, syscall
 *	 keeps	  io_uring_set_iowait(ring, true), then waits
 *	 sets	  io_uring_set_iowait(ring, false), then waits
 *	 own	  bare enters, of which one has the flag, then more of them
 *	 child	  waits of a forked child, on the ring that it inherited
 *	 copy	  waits through a copy of the structure
 *	 resized  waits after io_uring_resize_rings()
 *	 plugin FILE: waits that a library loaded now makes
 *	 sandbox  waits in a seccomp sandbox
 *	 protection  is what the loader made read-only in this program read-only now?
 * FLAGS are those of io_uring_setup(2).
 */
#include <dlfcn.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "program.h"
#include "waker.h"

#define NO_IOWAIT (1U << 7)
#define TIMED	  (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

static struct io_uring ring;
static struct io_uring_params params;

/* So many polls that end once we wait, named, and the kernel has them. */
static void begin(struct io_uring *r, const char *name, unsigned nr)
{
	say("case %s", name);
	waker_prepare(r, nr);
	if (nr && io_uring_submit(r) != (int)nr)
		die("submit", 0);
	/* A polling thread fetches them when it comes by. */
	while (io_uring_sq_ready(r))
		;
	errno = ERRNO_UNTOUCHED;
}

/* After a wait for so many, of so many waker_prepare(): what it gave, and then nothing is left. */
static void end(struct io_uring *r, const char *name, int ret, struct io_uring_cqe *cqe,
		unsigned asked, unsigned nr)
{
	show(name, ret, cqe);
	say("case none");
	while (io_uring_cq_ready(r) < nr)
		if (io_uring_get_events(r) < 0)
			die("get_events", 0);
	io_uring_cq_advance(r, io_uring_cq_ready(r));
	waker_take(asked);
}

static void untimed(struct io_uring *r)
{
	struct io_uring_cqe *cqe = NULL;
	int ret;

	begin(r, "wait-cqe", 1);
	ret = io_uring_wait_cqe(r, &cqe);
	end(r, "wait-cqe", ret, cqe, 1, 1);
	begin(r, "wait-cqe-nr", 2);
	ret = io_uring_wait_cqe_nr(r, &cqe, 2);
	end(r, "wait-cqe-nr", ret, NULL, 1, 2);
	begin(r, "wait-cqes-null", 1);
	ret = io_uring_wait_cqes(r, &cqe, 1, NULL, NULL);
	end(r, "wait-cqes-null", ret, cqe, 1, 1);
	begin(r, "submit-and-wait", 0);
	waker_prepare(r, 1);
	ret = io_uring_submit_and_wait(r, 1);
	end(r, "submit-and-wait", ret, NULL, 1, 1);
	begin(r, "submit-and-wait-timeout-null", 0);
	waker_prepare(r, 1);
	ret = io_uring_submit_and_wait_timeout(r, &cqe, 1, NULL, NULL);
	end(r, "submit-and-wait-timeout-null", ret, cqe, 1, 1);
	begin(r, "submit-and-wait-two", 1);
	waker_prepare(r, 1);
	ret = io_uring_submit_and_wait(r, 2);
	end(r, "submit-and-wait-two", ret, NULL, 2, 2);
}

static void timed(struct io_uring *r)
{
	struct io_uring_cqe *cqe = NULL;
	int ret;

	begin(r, "wait-cqe-timeout", 1);
	ret = io_uring_wait_cqe_timeout(r, &cqe, AFTER_MS(60000));
	end(r, "wait-cqe-timeout", ret, cqe, 1, 1);
	begin(r, "wait-cqe-timeout-etime", 0);
	ret = io_uring_wait_cqe_timeout(r, &cqe, AFTER_MS(5));
	end(r, "wait-cqe-timeout-etime", ret, cqe, 0, 0);
	begin(r, "wait-cqes", 2);
	ret = io_uring_wait_cqes(r, &cqe, 2, AFTER_MS(60000), NULL);
	end(r, "wait-cqes", ret, NULL, 1, 2);
	begin(r, "submit-and-wait-timeout", 0);
	waker_prepare(r, 1);
	ret = io_uring_submit_and_wait_timeout(r, &cqe, 1, AFTER_MS(60000), NULL);
	end(r, "submit-and-wait-timeout", ret, cqe, 1, 1);
#if LIBURING_AT_LEAST(8)
	begin(r, "wait-min", 1);
	ret = io_uring_wait_cqes_min_timeout(r, &cqe, 1, AFTER_MS(60000), 1000, NULL);
	end(r, "wait-min", ret, cqe, 1, 1);
	begin(r, "wait-min-null", 1);
	ret = io_uring_wait_cqes_min_timeout(r, &cqe, 1, NULL, 60000000, NULL);
	end(r, "wait-min-null", ret, cqe, 1, 1);
	begin(r, "submit-min", 0);
	waker_prepare(r, 1);
	ret = io_uring_submit_and_wait_min_timeout(r, &cqe, 1, AFTER_MS(60000), 1000, NULL);
	end(r, "submit-min", ret, cqe, 1, 1);
	begin(r, "submit-min-null", 0);
	waker_prepare(r, 1);
	ret = io_uring_submit_and_wait_min_timeout(r, &cqe, 1, NULL, 60000000, NULL);
	end(r, "submit-min-null", ret, cqe, 1, 1);
#endif
}

static void waits(struct io_uring *r)
{
	untimed(r);
	timed(r);
}

/* Both ways of naming the ring: the descriptor, and an index of it. */
static void bare_by(int fd, unsigned by)
{
	const unsigned untimed_flags = IORING_ENTER_GETEVENTS | by;
	struct io_uring_getevents_arg arg = { .sigmask_sz = 8 };
	int ret;

	begin(&ring, "enter", 1);
	ret = io_uring_enter(fd, 0, 1, untimed_flags, NULL);
	end(&ring, "enter", ret, NULL, 1, 1);
	begin(&ring, "enter2", 1);
	ret = io_uring_enter2(fd, 0, 1, untimed_flags, NULL, 0);
	end(&ring, "enter2", ret, NULL, 1, 1);
	begin(&ring, "enter2-timed", 1);
	arg.ts = (uintptr_t)AFTER_MS(60000);
	ret = io_uring_enter2(fd, 0, 1, TIMED | by, (void *)&arg, sizeof(arg));
	end(&ring, "enter2-timed", ret, NULL, 1, 1);
	begin(&ring, "syscall", 1);
	ret = syscall(SYS_io_uring_enter, fd, 0, 1, untimed_flags, NULL, 0);
	end(&ring, "syscall", ret, NULL, 1, 1);
	begin(&ring, "syscall-timed", 1);
	arg.ts = (uintptr_t)AFTER_MS(60000);
	ret = syscall(SYS_io_uring_enter, fd, 0, 1, TIMED | by, &arg, sizeof(arg));
	end(&ring, "syscall-timed", ret, NULL, 1, 1);
	/* As often as not, a first one finds something out and later ones know it. */
	begin(&ring, "syscall-timed-again", 1);
	ret = syscall(SYS_io_uring_enter, fd, 0, 1, TIMED | by, &arg, sizeof(arg));
	end(&ring, "syscall-timed-again", ret, NULL, 1, 1);
	begin(&ring, "enter2-timed-again", 1);
	ret = io_uring_enter2(fd, 0, 1, TIMED | by, (void *)&arg, sizeof(arg));
	end(&ring, "enter2-timed-again", ret, NULL, 1, 1);
}

static void bare(const char *unused)
{
	bool indexed = ring.enter_ring_fd != ring.ring_fd;

	(void)unused;
	bare_by(ring.enter_ring_fd, indexed ? IORING_ENTER_REGISTERED_RING : 0);
}

/* Once with the flag: by a timed one, so that it comes upon the shortest way. */
static void own(const char *unused)
{
	struct io_uring_getevents_arg arg = { .sigmask_sz = 8 };
	int ret;

	bare(unused);
	begin(&ring, "own", 1);
	arg.ts = (uintptr_t)AFTER_MS(60000);
	ret = io_uring_enter2(ring.ring_fd, 0, 1, TIMED | NO_IOWAIT, (void *)&arg, sizeof(arg));
	end(&ring, "own", ret, NULL, 1, 1);
	bare(unused);
}

static void set_iowait(bool on)
{
#if LIBURING_AT_LEAST(10)
	say("set: %d", io_uring_set_iowait(&ring, on));
#else
	(void)on;
#endif
	waits(&ring);
}

static void keeps(const char *unused)
{
	(void)unused;
	set_iowait(true);
}

static void sets(const char *unused)
{
	(void)unused;
	set_iowait(false);
}

static void child(const char *unused)
{
	pid_t pid = fork();

	(void)unused;
	if (!pid) {
		waits(&ring);
		_exit(0);
	}
	if (waitpid(pid, NULL, 0) != pid)
		die("waitpid", -errno);
}

static void copy(const char *unused)
{
	static struct io_uring moved;

	(void)unused;
	moved = ring;
	memset(&ring, 0x5a, sizeof(ring));
	waits(&moved);
	ring = moved;
}

static void resized(const char *unused)
{
	(void)unused;
#if LIBURING_AT_LEAST(9)
	struct io_uring_params p = { .sq_entries = 32, .cq_entries = 64 };

	say("resize: %s", name_of(io_uring_resize_rings(&ring, &p)));
#endif
	waits(&ring);
}

static void plugin(const char *file)
{
	void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	void (*waits_of)(struct io_uring *, void (*)(struct io_uring *, unsigned));

	waits_of = handle ? dlsym(handle, "plugin_waits") : NULL;
	if (!waits_of)
		die(dlerror(), 0);
	waits_of(&ring, waker_prepare);
}

/* One that allows everything. */
static void sandbox(const char *unused)
{
	struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog filter = { .len = 1, .filter = all };

	(void)unused;
	waits(&ring);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		die("sandbox", -errno);
	say("sandboxed");
	waits(&ring);
	bare(unused);
}

/* Is this address in memory that cannot be written to? */
static bool is_read_only(uintptr_t at)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long start, end;
	char line[512], writes = '?';

	while (maps && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %*c%c", &start, &end, &writes) == 3 && at >= start &&
		    at < end)
			break;
	if (maps)
		fclose(maps);
	return writes == '-';
}

/* The program itself is the first of all objects. */
static int see_relro(struct dl_phdr_info *info, size_t size, void *arg)
{
	const uintptr_t page = sysconf(_SC_PAGESIZE);
	bool *all = arg;
	int i;

	(void)size;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t at = info->dlpi_addr + p->p_vaddr, end = at + p->p_memsz;

		for (at &= -page; p->p_type == PT_GNU_RELRO && at < (end & -page); at += page)
			*all &= is_read_only(at);
	}
	return 1;
}

static void protection(const char *unused)
{
	bool all = true;

	(void)unused;
	waits(&ring);
	dl_iterate_phdr(see_relro, &all);
	say("read-only after: %s", all ? "yes" : "no");
}

static void make(const char *how, unsigned flags)
{
	int fd;

	params.flags = flags;
	if (!strcmp(how, "mapped")) {
		fd = io_uring_setup(16, &params);
		if (fd < 0)
			die("setup", fd);
		RING_CALL("mmap", io_uring_queue_mmap(fd, &params, &ring));
		ring.features = params.features;
		ring.flags = params.flags;
		ring.ring_fd = ring.enter_ring_fd = fd;
		return;
	}
	if (!strcmp(how, "disabled"))
		params.flags |= IORING_SETUP_R_DISABLED;
	if (!strcmp(how, "init"))
		RING_CALL("init", io_uring_queue_init(16, &ring, flags));
	else
		RING_CALL("init", io_uring_queue_init_params(16, &ring, &params));
	if (!strcmp(how, "disabled"))
		RING_CALL("enable", io_uring_register(ring.ring_fd, OP_ENABLE_RINGS, NULL, 0));
	if (!strcmp(how, "index"))
		RING_CALL("register", io_uring_register_ring_fd(&ring));
}

static void all_waits(const char *unused)
{
	(void)unused;
	waits(&ring);
}

static const struct {
	const char *name;
	void (*of)(const char *argument);
} whats[] = {
	{ "waits", all_waits },
	{ "bare", bare },
	{ "keeps", keeps },
	{ "sets", sets },
	{ "own", own },
	{ "child", child },
	{ "copy", copy },
	{ "resized", resized },
	{ "plugin", plugin },
	{ "sandbox", sandbox },
	{ "protection", protection },
};

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "", *argument = argc > 3 ? argv[3] : "0";
	size_t i;

	for (i = 0; i < sizeof(whats) / sizeof(whats[0]); i++) {
		if (strcmp(what, whats[i].name))
			continue;
		waker_start();
		make(argv[1], strtoul(argument, NULL, 0));
		whats[i].of(argument);
		io_uring_queue_exit(&ring);
		return 0;
	}
	return 2;
}
