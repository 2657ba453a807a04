/* SPDX-License-Identifier: MIT */
/*
 * A stats page is believed only if its directory and the file itself belong to one user, and no
 * other has access to them. Anything else there (links, FIFOs, file systems that were mounted) is
 * not even opened.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "contract/stats_page_name.h"
#include "common/message.h"
#include "common/number.h"
#include "directory.h"

/* Opens the directory of a user's stats pages; -errno. */
static int open_dir(uid_t uid)
{
	struct stat st, parent;
	char name[64];
	int fd;

	snprintf(name, sizeof(name), REGWAIT_STATS_PAGE_DIR, (unsigned)uid);
	fd = open(name, O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	/* A user may mount a file system of his own there, which may say anything. */
	if (fstat(fd, &st) || st.st_uid != uid || (st.st_mode & 077) ||
	    fstatat(fd, "..", &parent, 0) || parent.st_dev != st.st_dev) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

static uint64_t namespace_of(const char *process)
{
	char name[64];
	struct stat st;

	snprintf(name, sizeof(name), "/proc/%s/ns/pid", process);
	return stat(name, &st) ? 0 : st.st_ino;
}

/* Fills in what the name of a file says. False: it is not named after a process. */
static bool named_after(struct stats_page *p, const char *name, bool *hidden)
{
	if (!stats_page_name_read(name, &p->pid_namespace, &p->pid, hidden))
		return false;
	p->seen_as = p->pid_namespace == namespace_of("self") ? p->pid : 0;
	return true;
}

/* Opens and reads a file of a directory. 0, -errno. */
static int open_in(struct stats_page *p, int dir, const char *name, bool writable)
{
	struct stat st;
	int fd, err;

	if (strlen(name) >= sizeof(p->name))
		return -ENOENT;
	strcpy(p->name, name);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	if (!S_ISREG(st.st_mode))
		return -EPERM;
	fd = openat(dir, name,
		    (writable ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = stats_page_read(p, fd);
	if (err)
		close(fd);
	return err;
}

/* Calls f for each file of a user that is named after a process. 0, -errno. */
static int each_file(uid_t uid,
		     int (*f)(int dir, const char *name, struct stats_page *p, void *arg),
		     void *arg)
{
	int fd = open_dir(uid), nr = 0;
	struct dirent *e;
	DIR *dir;

	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while ((e = readdir(dir))) {
		struct stats_page p = { .fd = -1, .uid = uid };
		bool hidden;

		if (named_after(&p, e->d_name, &hidden))
			nr += f(fd, e->d_name, &p, arg);
	}
	closedir(dir);
	return nr;
}

/* The caller's own, and for root those of all users. Returns the sum of what f returns. */
static int each_user(int (*f)(int dir, const char *name, struct stats_page *p, void *arg),
		     void *arg)
{
	struct dirent *e;
	int nr = 0, n;
	DIR *dir;

	if (geteuid()) {
		n = each_file(geteuid(), f, arg);
		return n > 0 ? n : 0;
	}
	dir = opendir("/dev/shm");
	while (dir && (e = readdir(dir))) {
		unsigned uid;

		if (strncmp(e->d_name, "regwait-", 8) || !number_unsigned(e->d_name + 8, &uid))
			continue;
		n = each_file(uid, f, arg);
		nr += n > 0 ? n : 0;
	}
	if (dir)
		closedir(dir);
	return nr;
}

/* Whose process it is; the caller if it is gone. */
static uid_t owner_of(pid_t pid)
{
	char name[32];
	struct stat st;

	snprintf(name, sizeof(name), "/proc/%d", (int)pid);
	return stat(name, &st) ? geteuid() : st.st_uid;
}

struct search {
	pid_t pid; /* for us */
	int named; /* for itself, in its own namespace */
	uint64_t pid_namespace;
	bool writable, found, alive;
	struct stats_page best;
	int err;
};

static int consider(int dir, const char *name, struct stats_page *p, void *arg)
{
	struct search *s = arg;
	bool alive;
	int err;

	if (p->pid != s->named || p->pid_namespace != s->pid_namespace || *name == '.')
		return 0;
	p->seen_as = s->pid;
	err = open_in(p, dir, name, s->writable);
	if (err) {
		s->err = err;
		return 0;
	}
	alive = stats_page_alive(p);
	if (s->found &&
	    (alive < s->alive || (alive == s->alive && p->started <= s->best.started))) {
		stats_page_close(p);
		return 0;
	}
	if (s->found)
		stats_page_close(&s->best);
	s->found = true;
	s->alive = alive;
	s->best = *p;
	return 1;
}

static int find_of(struct search *s, uid_t uid)
{
	int nr;

	s->err = -ENOENT;
	nr = each_file(uid, consider, s);
	if (s->found)
		return 0;
	return nr < 0 ? nr : s->err;
}

/* What it is called in its own namespace, which may be one below ours. */
static void name_process(struct search *s)
{
	char file[32], line[256], *last;
	FILE *f;

	snprintf(file, sizeof(file), "%d", (int)s->pid);
	s->named = s->pid;
	s->pid_namespace = namespace_of(file);
	if (!s->pid_namespace)
		s->pid_namespace = namespace_of("self"); /* it is gone, or hidden from us */
	snprintf(file, sizeof(file), "/proc/%d/status", (int)s->pid);
	f = fopen(file, "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "NSpid:", 6) && (last = strrchr(line, '\t')))
			s->named = atoi(last);
	if (f)
		fclose(f);
}

int directory_find(struct stats_page *p, pid_t pid, bool writable)
{
	struct search s = { .pid = pid, .writable = writable };
	uid_t owner = owner_of(pid);
	int err;

	name_process(&s);
	err = find_of(&s, owner);

	/* A daemon made its page before it became another user. */
	if (err && owner != geteuid() && !find_of(&s, geteuid())) {
		if (s.alive)
			err = 0;
		else
			stats_page_close(&s.best);
	}
	/* Whose process it was cannot be found out once it is gone. */
	if (err && !geteuid() && kill(pid, 0) && errno == ESRCH) {
		each_user(consider, &s);
		err = s.found ? 0 : s.err;
	}
	*p = s.best;
	return err;
}

int directory_explain(pid_t pid, int err)
{
	if (err == -ENOENT)
		return fail("process %d has no stats page; start it with regwait run, or "
			    "REGWAIT_LIVE=on",
			    (int)pid);
	if (err == -EACCES)
		return fail("process %d is another user's; only that user and root may do this",
			    (int)pid);
	if (err == -EPERM || err == -ELOOP || err == -ENOTDIR)
		return fail("the stats page of process %d, or its directory under /dev/shm, is "
			    "open to others; it is not used",
			    (int)pid);
	if (err == -EPROTO)
		return fail("the stats page of process %d is broken or of another version",
			    (int)pid);
	return fail("the stats page of process %d cannot be opened: %s", (int)pid, strerror(-err));
}

void directory_remove(const struct stats_page *p)
{
	struct stat named, opened;
	int dir = open_dir(p->uid);

	if (dir < 0)
		return;
	if (!fstat(p->fd, &opened) && !fstatat(dir, p->name, &named, AT_SYMLINK_NOFOLLOW) &&
	    opened.st_ino == named.st_ino)
		unlinkat(dir, p->name, 0);
	close(dir);
}

/* What directory_each is to do. */
struct visit {
	void (*f)(struct stats_page *p, void *arg);
	void *arg;
};

static int visit_page(int dir, const char *name, struct stats_page *p, void *arg)
{
	const struct visit *v = arg;

	if (*name == '.' || open_in(p, dir, name, false))
		return 0;
	v->f(p, v->arg);
	stats_page_close(p);
	return 1;
}

int directory_each(void (*f)(struct stats_page *p, void *arg), void *arg)
{
	struct visit v = { f, arg };

	return each_user(visit_page, &v);
}

/* What processes that are gone have left, whether or not it can be read. */
static int clean_file(int dir, const char *name, struct stats_page *p, void *arg)
{
	bool gone;

	(void)arg;
	if (*name != '.' && !open_in(p, dir, name, false)) {
		gone = !stats_page_alive(p);
		stats_page_close(p);
	} else {
		gone = p->seen_as && kill(p->seen_as, 0) && errno == ESRCH;
	}
	return gone && !unlinkat(dir, name, 0);
}

int directory_clean(void)
{
	return each_user(clean_file, NULL);
}

/* As the shim does it, with its usual number of slots. */
static bool has_room(int dir, bool times)
{
	size_t size = sizeof(struct regwait_stats_page) +
		      63 * sizeof(struct regwait_thread_counts) +
		      (times ? 63 * sizeof(struct regwait_variants) : 0);
	int fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	bool room = fd >= 0 && !posix_fallocate(fd, 0, size);

	if (fd >= 0)
		close(fd);
	return room;
}

const char *directory_reason(bool times)
{
	static char text[160];
	int dir = open_dir(geteuid());
	bool room;

	if (dir == -ENOENT)
		return access("/dev/shm", W_OK | X_OK) ? "there is no /dev/shm to write to" : NULL;
	if (dir < 0) {
		snprintf(text, sizeof(text),
			 REGWAIT_STATS_PAGE_DIR " is not a directory of one's own with "
						"mode 0700; remove it",
			 (unsigned)geteuid());
		return text;
	}
	room = has_room(dir, times);
	close(dir);
	return room ? NULL : "/dev/shm is full, so there is no room for a stats page";
}
