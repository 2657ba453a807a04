/* SPDX-License-Identifier: MIT */
/*
 * A page is believed only if its directory and the file itself belong to one
 * user and to nobody else's access, and if its own header fits its size: it is
 * written by a process that may be broken.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/message.h"
#include "stats_page.h"

static void dir_name(char *name, size_t size, uid_t uid)
{
	snprintf(name, size, REGWAIT_PAGE_DIR, (unsigned)uid);
}

/* The directory of a user's pages, opened; -errno. */
static int open_dir(uid_t uid)
{
	char name[64];
	struct stat st;
	int fd;

	dir_name(name, sizeof(name), uid);
	fd = open(name, O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || st.st_uid != uid || (st.st_mode & 077)) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

static bool believable(const struct regwait_page *map, uint64_t size)
{
	return map->magic == REGWAIT_PAGE_MAGIC && map->version == REGWAIT_PAGE_VERSION &&
	       map->size == size && map->nr_counts > 0 &&
	       map->counts_stride == sizeof(struct regwait_thread_counts) &&
	       map->counts_offset == sizeof(struct regwait_page) &&
	       sizeof(*map) + (uint64_t)map->nr_counts * map->counts_stride <= size &&
	       (!map->arms_offset ||
		(map->arms_offset % _Alignof(struct regwait_arms) == 0 &&
		 map->arms_offset + map->nr_counts * sizeof(struct regwait_arms) <= size));
}

/* Does that process have this file mapped? Another may have its id by now. */
static bool maps_file(pid_t pid, const struct stat *file)
{
	char name[64], line[512], needle[32];
	bool found = false;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/maps", (int)pid);
	snprintf(needle, sizeof(needle), " %lu ", (unsigned long)file->st_ino);
	f = fopen(name, "re");
	if (!f)
		return kill(pid, 0) == 0 || errno == EPERM;
	while (!found && fgets(line, sizeof(line), f))
		found = strstr(line, needle) && strstr(line, "/regwait-");
	fclose(f);
	return found;
}

/* A page is written by a process that may be broken: its name need not end, or be text. */
static void copy_name(struct stats_page *p)
{
	size_t i;

	for (i = 0; i < sizeof(p->map->program) && p->map->program[i]; i++)
		p->program[i] = p->map->program[i] >= ' ' && p->map->program[i] <= '~' ?
				p->map->program[i] : '?';
	p->program[i] = '\0';
}

static int map_page(struct stats_page *p, int fd, bool writable)
{
	struct regwait_page header;
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_uid != p->uid || (st.st_mode & 077))
		return -EPERM;
	if ((size_t)st.st_size < sizeof(struct regwait_page))
		return -EPROTO;
	p->map = mmap(NULL, st.st_size, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, fd, 0);
	if (p->map == MAP_FAILED)
		return -errno;
	memcpy(&header, p->map, sizeof(header));
	if (!believable(&header, st.st_size)) {
		munmap(p->map, st.st_size);
		return -EPROTO;
	}
	p->size = st.st_size;
	p->nr_counts = header.nr_counts;
	p->arms_offset = header.arms_offset;
	copy_name(p);
	p->alive = p->map->pid == p->pid && maps_file(p->pid, &st);
	return 0;
}

static int open_in(struct stats_page *p, int dir, bool writable)
{
	char name[16];
	int fd, err;

	snprintf(name, sizeof(name), "%d", (int)p->pid);
	fd = openat(dir, name, (writable ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = map_page(p, fd, writable);
	close(fd);
	return err;
}

/* Whose process it is; the caller if it is gone. */
static uid_t owner_of(pid_t pid)
{
	char name[32];
	struct stat st;

	snprintf(name, sizeof(name), "/proc/%d", (int)pid);
	return stat(name, &st) ? geteuid() : st.st_uid;
}

static int open_of(struct stats_page *p, uid_t uid, bool writable)
{
	int dir = open_dir(uid), err;

	if (dir < 0)
		return dir;
	p->uid = uid;
	err = open_in(p, dir, writable);
	close(dir);
	return err;
}

int stats_page_open(struct stats_page *p, pid_t pid, bool writable)
{
	uid_t owner = owner_of(pid);
	int err;

	p->pid = pid;
	err = open_of(p, owner, writable);
	/* A daemon made its page before it became another user. */
	if (err && owner != geteuid() && !open_of(p, geteuid(), writable)) {
		if (p->alive)
			return 0;
		stats_page_close(p);
	}
	return err;
}

/* As the shim does it, with its usual number of slots. */
static bool has_room(int dir, bool times)
{
	size_t size = sizeof(struct regwait_page) + 63 * sizeof(struct regwait_thread_counts) +
		      (times ? 63 * sizeof(struct regwait_arms) : 0);
	int fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	bool room = fd >= 0 && !posix_fallocate(fd, 0, size);

	if (fd >= 0)
		close(fd);
	return room;
}

const char *stats_page_obstacle(bool times)
{
	static char text[160];
	int dir = open_dir(geteuid());
	bool room;

	if (dir == -ENOENT)
		return access("/dev/shm", W_OK | X_OK) ? "there is no /dev/shm to write to" : NULL;
	if (dir < 0) {
		snprintf(text, sizeof(text), REGWAIT_PAGE_DIR " is not a directory of one's own with "
			 "mode 0700; remove it", (unsigned)geteuid());
		return text;
	}
	room = has_room(dir, times);
	close(dir);
	return room ? NULL : "/dev/shm is full, so there is no page to count in";
}

int stats_page_explain(pid_t pid, int err)
{
	if (err == -ENOENT)
		return fail("process %d has no stats page; start it with regwait run, or REGWAIT_LIVE=on",
			    (int)pid);
	if (err == -EACCES)
		return fail("process %d is another user's; only they and root may do this", (int)pid);
	if (err == -EPERM || err == -ELOOP || err == -ENOTDIR)
		return fail("the page of process %d, or its directory under /dev/shm, is open to others; "
			    "it is not used", (int)pid);
	if (err == -EPROTO)
		return fail("the page of process %d is broken or of another version", (int)pid);
	return fail("the page of process %d cannot be opened: %s", (int)pid, strerror(-err));
}

void stats_page_close(struct stats_page *p)
{
	munmap(p->map, p->size);
}

void stats_page_delete(const struct stats_page *p)
{
	char name[64];
	int dir = open_dir(p->uid);

	if (dir < 0)
		return;
	snprintf(name, sizeof(name), "%d", (int)p->pid);
	unlinkat(dir, name, 0);
	close(dir);
}

/* What stats_page_each is to do. */
struct visit {
	void (*f)(struct stats_page *p, void *arg);
	void *arg;
};

/* All pages of one user. */
static int each_of(uid_t uid, const struct visit *v)
{
	int fd = open_dir(uid), nr = 0;
	struct dirent *e;
	DIR *dir;

	dir = fd < 0 ? NULL : fdopendir(fd);
	while (dir && (e = readdir(dir))) {
		struct stats_page p = { .pid = atoi(e->d_name), .uid = uid };

		if (p.pid <= 0 || open_in(&p, fd, false))
			continue;
		nr++;
		v->f(&p, v->arg);
		stats_page_close(&p);
	}
	if (dir)
		closedir(dir);
	return nr;
}

/* The process that a file is named after: PID, or .PID.TID while it is being made; 0: none. */
static pid_t named_after(const char *name)
{
	char *end;
	long pid = strtol(name + (*name == '.'), &end, 10);

	return pid > 0 && (*end == '\0' || (*name == '.' && *end == '.')) ? pid : 0;
}

/* Whatever dead processes left, whether or not it can be read. */
static int clean_of(uid_t uid, const struct visit *v)
{
	int fd = open_dir(uid), nr = 0;
	struct dirent *e;
	DIR *dir;

	(void)v;
	dir = fd < 0 ? NULL : fdopendir(fd);
	while (dir && (e = readdir(dir))) {
		struct stats_page p = { .pid = named_after(e->d_name), .uid = uid };
		bool whole = p.pid && *e->d_name != '.' && !open_in(&p, fd, false);
		bool gone = whole ? !p.alive : p.pid && kill(p.pid, 0) && errno == ESRCH;

		if (whole)
			stats_page_close(&p);
		if (gone)
			nr += !unlinkat(fd, e->d_name, 0);
	}
	if (dir)
		closedir(dir);
	return nr;
}

/* One's own, and as root everybody's. */
static int each_user(int (*of)(uid_t uid, const struct visit *v), const struct visit *v)
{
	struct dirent *e;
	int nr = 0;
	DIR *dir;

	if (geteuid())
		return of(geteuid(), v);
	dir = opendir("/dev/shm");
	while (dir && (e = readdir(dir))) {
		char *end;
		unsigned long uid;

		if (strncmp(e->d_name, "regwait-", 8))
			continue;
		uid = strtoul(e->d_name + 8, &end, 10);
		if (!*end && end > e->d_name + 8)
			nr += of(uid, v);
	}
	if (dir)
		closedir(dir);
	return nr;
}

int stats_page_each(void (*f)(struct stats_page *p, void *arg), void *arg)
{
	struct visit v = { f, arg };

	return each_user(each_of, &v);
}

int stats_page_clean(void)
{
	return each_user(clean_of, NULL);
}

struct regwait_wait_counts stats_page_waits(const struct stats_page *p)
{
	struct regwait_wait_counts sum = p->map->slotless;
	uint64_t *to = (uint64_t *)&sum;
	size_t i, j;

	for (i = 0; i < p->nr_counts; i++) {
		const char *at = (const char *)p->map + sizeof(*p->map) +
				 i * sizeof(struct regwait_thread_counts);

		for (j = 0; j < sizeof(sum) / sizeof(*to); j++)
			to[j] += __atomic_load_n((const uint64_t *)at + j, __ATOMIC_RELAXED);
	}
	return sum;
}

uint64_t stats_page_plain(const uint64_t *plain)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < REASON_END; i++)
		sum += plain[i];
	return sum;
}
