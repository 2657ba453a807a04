/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer target: "regwait stat" must survive any stats page, since a broken process may have
 * written it. The input becomes the page of our own process; its first byte says whether the header
 * is corrected first, so that the code after the header is reached.
 */
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../shim/contract/stats_page.h"
#include "../../../shim/contract/stats_page_name.h"
#include "../../../tools/commands.h"
#include "../../../tools/common/message.h"

#define must(x) \
	do { \
		if (!(x)) \
			__builtin_trap(); \
	} while (0)

static char name[128];

static void clean_up(void)
{
	unlink(name);
}

static void make_name(void)
{
	char dir[48], file[STATS_PAGE_NAME_SIZE];
	struct stat st;

	snprintf(dir, sizeof(dir), REGWAIT_STATS_PAGE_DIR, (unsigned)geteuid());
	if (mkdir(dir, 0700) && access(dir, W_OK)) {
		perror(dir);
		exit(77);
	}
	stats_page_name(file, stat("/proc/self/ns/pid", &st) ? 0 : st.st_ino, getpid());
	snprintf(name, sizeof(name), "%s/%s", dir, file);
	atexit(clean_up);
}

static void put_right(struct regwait_stats_page *page, size_t size, uint8_t how)
{
	size_t rest = size - sizeof(*page), one = sizeof(struct regwait_thread_counts);

	page->magic = REGWAIT_STATS_PAGE_MAGIC;
	page->version = REGWAIT_STATS_PAGE_VERSION;
	page->size = size;
	page->counts_offset = sizeof(*page);
	page->counts_stride = one;
	page->pid = getpid();
	if (how & 2)
		page->nr_counts = rest / one;
	if (how & 4)
		page->variants_offset = 0;
}

static void write_page(const uint8_t *data, size_t size)
{
	uint8_t how = size ? data[0] : 0;
	size_t room = size;
	uint8_t *page;
	int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	/* Large enough for a header whatever the input's size. */
	if (size <= sizeof(struct regwait_stats_page) && (how & 1))
		room = sizeof(struct regwait_stats_page) + 4 * sizeof(struct regwait_thread_counts);
	page = calloc(1, room + 1);
	must(page && fd >= 0);
	if (size)
		memcpy(page, data + 1, size - 1);
	if (how & 1)
		put_right((struct regwait_stats_page *)page, room, how);
	must(write(fd, page, room) == (ssize_t)room);
	close(fd);
	free(page);
}

/* What the command prints, or NULL if it refused the page. */
static char *stat_page(const char *option)
{
	char pid[16], *text = NULL;
	char *argv[] = { "stat", pid, (char *)option, NULL };
	FILE *real = stdout;
	size_t len;
	int code;

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	stdout = open_memstream(&text, &len);
	must(stdout);
	optind = 0;
	code = command_stat(option ? 3 : 2, argv);
	fclose(stdout);
	stdout = real;
	if (code == EXIT_OK)
		return text;
	free(text);
	return NULL;
}

static void check_json(const char *text)
{
	const struct regwait_stats_page *page = NULL;
	const char *program;
	json_t *json;

	if (!text)
		return;
	json = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
	must(json_is_object(json));
	/* The name in the page need not end: what lies behind it is not part of it. */
	program = json_string_value(json_object_get(json, "program"));
	must(!program || strlen(program) <= sizeof(page->program));
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!*name)
		make_name();
	write_page(data, size);
	free(stat_page(NULL));
	text = stat_page("--json");
	check_json(text);
	free(text);
	text = stat_page("--openmetrics");
	must(!text || strstr(text, "\n# EOF\n"));
	free(text);
	return 0;
}
