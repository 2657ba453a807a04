/* SPDX-License-Identifier: MIT */
/*
 * Finds and opens stats pages. A stats page is trusted only if the directory and the file belong to
 * one user, and no other has access to them. Anything else there (links, FIFOs, mounted file
 * systems) is not even opened.
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
#include "foreign.h"
#include "pid_namespace.h"

/* Opens a directory, if it is this user's and closed to others. A descriptor, or -errno. */
static int open_own(int at, const char *name, uid_t uid)
{
	struct stat st, parent;
	int fd = openat(at, name, O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	/* A user may mount a file system there that answers anything. */
	if (fstat(fd, &st) || st.st_uid != uid || (st.st_mode & 077) ||
	    fstatat(fd, "..", &parent, 0) || parent.st_dev != st.st_dev) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

/* Opens the directory of a user's stats pages. A descriptor, or -errno. */
static int open_dir(uid_t uid)
{
	char name[64];

	snprintf(name, sizeof(name), REGWAIT_STATS_PAGE_DIR, (unsigned)uid);
	return open_own(AT_FDCWD, name, uid);
}

/* Fills in what the name of a file says. False: it is not named after a process. */
static bool named_after(struct stats_page *p, const char *name, bool *hidden)
{
	if (!stats_page_name_read(name, &p->pid_namespace, &p->pid, hidden))
		return false;
	p->seen_as = p->pid_namespace == pid_namespace(0) ? p->pid : 0;
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

/*
 * Calls f for each file of an open directory that is named after a process; closes the directory.
 * Returns the sum of what f returns, or -errno.
 */
static int each_file(int fd, uid_t uid,
		     int (*f)(int dir, const char *name, struct stats_page *p, void *arg),
		     void *arg)
{
	int nr = 0;
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

/* What directory_each or foreign_shm_each is to do. */
struct visit {
	int (*f)(int dir, const char *name, struct stats_page *p, void *arg);
	void *arg;
};

/* The directories in a /dev/shm that is not ours, and where users may have other numbers. */
static int each_dir_of(int shm, void *arg)
{
	const struct visit *v = arg;
	DIR *dir = fdopendir(openat(shm, ".", O_DIRECTORY | O_RDONLY | O_CLOEXEC));
	struct dirent *e;
	struct stat st;
	int nr = 0, n;

	while (dir && (e = readdir(dir))) {
		if (strncmp(e->d_name, "regwait-", 8) ||
		    fstatat(shm, e->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		n = each_file(open_own(shm, e->d_name, st.st_uid), st.st_uid, v->f, v->arg);
		nr += n > 0 ? n : 0;
	}
	if (dir)
		closedir(dir);
	return nr;
}

/* The caller's own directory; for root, all users'. Returns the sum of what f returns. */
static int each_user(int (*f)(int dir, const char *name, struct stats_page *p, void *arg),
		     void *arg)
{
	struct dirent *e;
	int nr = 0, n;
	DIR *dir;

	if (geteuid()) {
		n = each_file(open_dir(geteuid()), geteuid(), f, arg);
		return n > 0 ? n : 0;
	}
	dir = opendir("/dev/shm");
	while (dir && (e = readdir(dir))) {
		unsigned uid;

		if (strncmp(e->d_name, "regwait-", 8) || !number_unsigned(e->d_name + 8, &uid))
			continue;
		n = each_file(open_dir(uid), uid, f, arg);
		nr += n > 0 ? n : 0;
	}
	if (dir)
		closedir(dir);
	return nr;
}

/* The owner of a process; the caller if the process is gone. */
static uid_t owner_of(pid_t pid)
{
	char name[32];
	struct stat st;

	snprintf(name, sizeof(name), "/proc/%d", (int)pid);
	return stat(name, &st) ? geteuid() : st.st_uid;
}

struct search {
	pid_t pid; /* in our namespace */
	int named; /* in its own namespace */
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
	nr = each_file(open_dir(uid), uid, consider, s);
	if (s->found)
		return 0;
	return nr < 0 ? nr : s->err;
}

static void name_process(struct search *s)
{
	s->pid_namespace = pid_namespace(s->pid);
	if (!s->pid_namespace)
		s->pid_namespace = pid_namespace(0); /* it is gone, or hidden from us */
	s->named = pid_in_its_namespace(s->pid);
	if (!s->named)
		s->named = s->pid;
}

/*
 * Looks in the process's own /dev/shm. Others may have put a file with its name there, but only the
 * process's own page is mapped by it.
 */
static int find_foreign(struct search *s, uid_t owner)
{
	struct visit v = { consider, s };
	int shm = foreign_shm(s->pid);

	if (shm < 0)
		return -ENOENT;
	each_dir_of(shm, &v);
	close(shm);
	if (!s->found || s->alive || s->best.uid == owner)
		return s->found ? 0 : -ENOENT;
	stats_page_close(&s->best);
	s->found = false;
	return -ENOENT;
}

int directory_find(struct stats_page *p, pid_t pid, bool writable)
{
	struct search s = { .pid = pid, .writable = writable };
	uid_t owner = owner_of(pid);
	int err;

	name_process(&s);
	err = find_of(&s, owner);

	/* A daemon may have made its stats page before it changed its user. */
	if (err && owner != geteuid() && !find_of(&s, geteuid())) {
		if (s.alive)
			err = 0;
		else
			stats_page_close(&s.best);
	}
	if (err && !find_foreign(&s, owner))
		err = 0;
	/* The owner of a process that is gone is not known. */
	if (err && !geteuid() && kill(pid, 0) && errno == ESRCH) {
		each_user(consider, &s);
		err = s.found ? 0 : s.err;
	}
	*p = s.best;
	return err;
}

void directory_remove(const struct stats_page *p)
{
	struct stat named, opened;
	int dir = open_dir(p->uid);

	if (dir < 0)
		return;
	if (!fstat(p->fd, &opened) && !fstatat(dir, p->name, &named, AT_SYMLINK_NOFOLLOW) &&
	    opened.st_ino == named.st_ino && opened.st_dev == named.st_dev)
		unlinkat(dir, p->name, 0);
	close(dir);
}

/* What is to be done with each page. */
struct page_visit {
	void (*f)(struct stats_page *p, void *arg);
	void *arg;
};

static int visit_page(int dir, const char *name, struct stats_page *p, void *arg)
{
	const struct page_visit *v = arg;

	if (*name == '.' || open_in(p, dir, name, false))
		return 0;
	if (!p->seen_as)
		p->seen_as = pid_seen_from_here(p->pid_namespace, p->pid);
	v->f(p, v->arg);
	stats_page_close(p);
	return 1;
}

int directory_each(void (*f)(struct stats_page *p, void *arg), void *arg)
{
	struct page_visit v = { f, arg };

	return each_user(visit_page, &v);
}

int directory_each_foreign(void (*f)(struct stats_page *p, void *arg), void *arg)
{
	struct page_visit pages = { f, arg };
	struct visit v = { visit_page, &pages };

	return foreign_shm_each(each_dir_of, &v);
}

/* Removes a file of a dead process, whether or not it can be read. */
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

/* As the shim does it, with its usual number of slots. 0, or an error number. */
static int reserve(int dir, bool times)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t size = sizeof(struct regwait_stats_page) +
		      63 * sizeof(struct regwait_thread_counts) +
		      (times ? 63 * sizeof(struct regwait_variants) : 0);
	int fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	int err = fd < 0 ? errno : posix_fallocate(fd, 0, (size + page - 1) / page * page);

	if (fd >= 0)
		close(fd);
	return err;
}

const char *directory_reason(bool times)
{
	static char text[160];
	int dir = open_dir(geteuid()), err;

	if (dir == -ENOENT)
		return access("/dev/shm", W_OK | X_OK) ? "there is no /dev/shm to write to" : NULL;
	if (dir < 0) {
		snprintf(text, sizeof(text),
			 REGWAIT_STATS_PAGE_DIR " is not a directory of one's own with "
						"mode 0700; remove it",
			 (unsigned)geteuid());
		return text;
	}
	err = reserve(dir, times);
	close(dir);
	if (err == EFBIG)
		return "files are limited to less than the size of a stats page (ulimit -f)";
	return err ? "/dev/shm is full, so there is no room for a stats page" : NULL;
}
