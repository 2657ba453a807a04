/* SPDX-License-Identifier: MIT */
/*
 * Makes the stats page (contract/stats_page.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/config.h"
#include "base/format.h"
#include "base/kernel.h"
#include "base/libc.h"
#include "base/log.h"
#include "contract/stats_page_name.h"
#include "process/stats_page.h"

#ifndef MADV_POPULATE_WRITE /* 5.14 */
#define MADV_POPULATE_WRITE 23
#endif

struct regwait_site_counts site_counts;

/* Histograms are large: only a process that starts in such a mode has them. */
static bool has_variants(void)
{
	return config.mode == MODE_AB || config.mode == MODE_AA;
}

static size_t lines_end(unsigned nr_lines)
{
	return sizeof(struct regwait_stats_page) + nr_lines * sizeof(struct regwait_thread_counts);
}

size_t stats_page_size(unsigned nr_lines)
{
	size_t size = lines_end(nr_lines);

	if (has_variants())
		size += config.slots * sizeof(struct regwait_variants);
	return (size + memory_page() - 1) & ~(memory_page() - 1);
}

void stats_page_init(struct regwait_stats_page *page, unsigned nr_lines, bool is_file)
{
	page->version = REGWAIT_STATS_PAGE_VERSION;
	page->size = stats_page_size(nr_lines);
	page->counts_offset = sizeof(*page);
	page->counts_stride = sizeof(struct regwait_thread_counts);
	page->nr_counts = nr_lines;
	if (is_file && has_variants()) {
		page->variants_offset = lines_end(nr_lines);
		page->nr_variants = config.slots;
	}
	page->pid = kernel_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
	page->started = kernel_time(CLOCK_REALTIME);
	memcpy(page->program, config.program, sizeof(page->program));
	page->mode = config.mode;
	page->run = config.run;
	page->sites = site_counts;
	page->magic = REGWAIT_STATS_PAGE_MAGIC;
}

/* Opens the user's directory, if it belongs to the user and is closed to others. */
static int open_dir(void)
{
	char name[64];
	struct stat st;
	int dir;

	format_text(name, sizeof(name), REGWAIT_STATS_PAGE_DIR, (unsigned)geteuid());
	if (mkdir(name, 0700) && errno != EEXIST)
		return -1;
	dir = open(name, O_DIRECTORY | O_NOFOLLOW | O_RDONLY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	if (fstat(dir, &st) || st.st_uid != geteuid() || (st.st_mode & 077)) {
		log_error("%s: not ours alone; there will be no stats page", name);
		kernel_close(dir);
		return -1;
	}
	return dir;
}

/* Two threads may make a stats page at the same time, so each has a hidden name of its own. */
static void hidden_name(char *name, uint64_t pid_namespace)
{
	stats_page_name_hidden(name, pid_namespace, getpid(), gettid());
}

static uint64_t own_pid_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) ? 0 : st.st_ino;
}

/*
 * How much of the file has memory from the start: all with histograms, else one memory page, with
 * the lines that fit into it. Most programs have few threads, and some programs run by the
 * thousand.
 */
static size_t reserved_at_first(size_t size)
{
	return has_variants() ? size : memory_page();
}

/*
 * Makes the file and reserves its memory: if /dev/shm is full, this must fail now and not by SIGBUS
 * later.
 */
static int open_page(int dir, size_t size, uint64_t pid_namespace)
{
	char name[STATS_PAGE_NAME_SIZE];
	int fd;

	hidden_name(name, pid_namespace);
	unlinkat(dir, name, 0); /* left behind by an earlier process with our id */
	fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0 && (posix_fallocate(fd, 0, reserved_at_first(size)) || ftruncate(fd, size))) {
		unlinkat(dir, name, 0);
		kernel_close(fd);
		return -1;
	}
	return fd;
}

bool stats_page_reserve(struct regwait_stats_page *page, unsigned i)
{
	uintptr_t line = (uintptr_t)stats_page_counts(page, i);
	uintptr_t end = line + sizeof(struct regwait_thread_counts);
	uintptr_t start = line & ~(memory_page() - 1);

	if (end - (uintptr_t)page <= reserved_at_first(page->size))
		return true;
	return !kernel_call(SYS_madvise, start, end - start, MADV_POPULATE_WRITE, 0, 0, 0);
}

/* A file that grows beyond RLIMIT_FSIZE brings SIGXFSZ, which by default kills the process. */
static bool may_be_made(size_t size)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_FSIZE, &limit) && limit.rlim_cur >= size)
		return true;
	log_info("no stats page: files are limited to less than its %lu bytes (RLIMIT_FSIZE)",
		 (unsigned long)size);
	return false;
}

struct regwait_stats_page *stats_page_map(unsigned nr_lines)
{
	size_t size = stats_page_size(nr_lines);
	struct regwait_stats_page *map = MAP_FAILED;
	uint64_t pid_namespace;
	int dir, fd;

	if (!config.live || !may_be_made(size))
		return NULL;
	dir = open_dir();
	if (dir < 0)
		return NULL;
	pid_namespace = own_pid_namespace();
	fd = open_page(dir, size, pid_namespace);
	kernel_close(dir);
	if (fd >= 0) {
		map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		kernel_close(fd);
	}
	if (map == MAP_FAILED) {
		log_info("no stats page: %s", strerrordesc_np(errno));
		return NULL;
	}
	stats_page_init(map, nr_lines, true);
	map->pid_namespace = pid_namespace;
	return map;
}

void stats_page_publish(const struct regwait_stats_page *page)
{
	char from[STATS_PAGE_NAME_SIZE], to[STATS_PAGE_NAME_SIZE];
	int dir = open_dir();

	if (dir < 0)
		return;
	hidden_name(from, page->pid_namespace);
	stats_page_name(to, page->pid_namespace, page->pid);
	renameat(dir, from, dir, to);
	kernel_close(dir);
}

void stats_page_unmap(struct regwait_stats_page *page)
{
	char name[STATS_PAGE_NAME_SIZE];
	int dir = open_dir();

	hidden_name(name, page->pid_namespace);
	if (dir >= 0) {
		unlinkat(dir, name, 0);
		kernel_close(dir);
	}
	munmap(page, page->size);
}

void stats_page_remove(const struct regwait_stats_page *page)
{
	char file[STATS_PAGE_NAME_SIZE], name[96];

	if (page->pid != getpid() || page->run)
		return;
	stats_page_name(file, page->pid_namespace, page->pid);
	format_text(name, sizeof(name), REGWAIT_STATS_PAGE_DIR "/%s", (unsigned)geteuid(), file);
	unlink(name);
}
