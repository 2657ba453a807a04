/* SPDX-License-Identifier: MIT */
/*
 * Writes plans. A file appears whole or not at all: a program may be reading the old one.
 */
#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/message.h"
#include "plan_file.h"

/* Others may read a plan; the library takes none that others may write. */
#define PLAN_MODE 0644

static int by_offset(const void *a, const void *b)
{
	const struct plan_site *p = a, *q = b;

	return p->offset < q->offset ? -1 : p->offset > q->offset;
}

/* The plan, to be freed; *size: its bytes. */
static struct plan *make_plan(const struct code *c, const struct sites *sites, size_t *size)
{
	struct plan_site *to;
	struct plan *p;
	size_t i;

	*size = sizeof(*p) + sites->nr_possible * sizeof(*to);
	p = must(calloc(1, *size));
	memcpy(p->magic, PLAN_MAGIC, sizeof(p->magic));
	p->version = PLAN_VERSION;
	p->nr_sites = sites->nr_possible;
	p->machine = c->machine->elf;
	p->key = c->key;
	to = (struct plan_site *)(p + 1);
	for (i = 0; i < sites->nr; i++)
		if (!sites->site[i].left)
			*to++ = sites->site[i].plan;
	qsort(p + 1, p->nr_sites, sizeof(*to), by_offset);
	p->hash = plan_hash(PLAN_HASH_BEGIN, p + 1, p->nr_sites * sizeof(*to));
	return p;
}

/* A file beside the one that shall be written. */
static int begin(struct plan_file *f, int dir, const char *name)
{
	int fd;

	if (asprintf(&f->temporary, "%s.%d~", name, (int)getpid()) < 0)
		must(NULL);
	unlinkat(dir, f->temporary, 0);
	fd = openat(dir, f->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    PLAN_MODE);
	if (fd < 0)
		return -errno;
	fchmod(fd, PLAN_MODE); /* whatever the umask */
	f->to = fdopen(fd, "w");
	return 0;
}

static int end(struct plan_file *f, int dir, const char *name)
{
	int err = 0;

	if (f->to) {
		err = f->err;
		f->err = 0;
		if (fclose(f->to) && !err)
			err = -errno;
		f->to = NULL;
		if (!err && renameat(dir, f->temporary, dir, name))
			err = -errno;
		if (err)
			unlinkat(dir, f->temporary, 0);
	}
	free(f->temporary);
	f->temporary = NULL;
	return err;
}

int plan_file_open(struct plan_file *f, const char *path)
{
	struct stat st;

	memset(f, 0, sizeof(*f));
	f->path = path;
	f->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir >= 0)
		return 0;
	if (errno != ENOENT && errno != ENOTDIR)
		return -errno;
	/* A plan takes the place of a file, and not of a device or a link. */
	if (!lstat(path, &st) && !S_ISREG(st.st_mode))
		return -EEXIST;
	return begin(f, AT_FDCWD, path);
}

int plan_file_add(struct plan_file *f, const struct code *c, const struct sites *sites)
{
	char name[PLAN_NAME_SIZE];
	struct plan *p;
	size_t size;
	int err = 0;

	if (!sites->nr_possible)
		return 0;
	plan_name(name, &c->key);
	if (f->dir >= 0)
		err = begin(f, f->dir, name);
	if (err)
		return err;
	p = make_plan(c, sites, &size);
	if (fwrite(p, 1, size, f->to) != size)
		f->err = -errno;
	free(p);
	f->nr++;
	return f->dir >= 0 ? end(f, f->dir, name) : 0;
}

int plan_file_close(struct plan_file *f)
{
	if (f->dir < 0)
		return end(f, AT_FDCWD, f->path);
	close(f->dir);
	return 0;
}
