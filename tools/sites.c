/* SPDX-License-Identifier: MIT */
/*
 * regwait sites: lists the system call instructions of programs and libraries by which they may use
 * io_uring, and writes down how they can be patched.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "common/message.h"
#include "common/report.h"
#include "common/text.h"
#include "sites/decoder.h"
#include "sites/plan_file.h"

static const char help[] =
	"Usage: regwait sites [--json] [--write FILE|DIRECTORY] [--] PROGRAM|LIBRARY...\n"
	"\n"
	"Lists the system call instructions by which a program or library may make rings,\n"
	"register with them, wait, or close descriptors, and what would be replaced by a\n"
	"jump, or why nothing. With --write, writes that into a plan for REGWAIT_SITES:\n"
	"into FILE, or into a file for each in DIRECTORY. regwait run --sites does so for\n"
	"a program and its libraries.\n"
	"\n"
	"Exit status: 0; 1 a file could not be read or written; 2 usage.\n";

struct options {
	bool json;
	const char *write;
};

static const char *name_of(const struct code *c, int call)
{
	return call == PLAN_ANY_CALL ? "any call" : call_name(c->machine, call);
}

static void report_site(struct report *r, const char *path, const struct code *c,
			const struct site *s)
{
	char label[192], value[320];
	const char *name;
	uint64_t offset;

	name = code_name(c, s->address, &offset);
	if (name)
		snprintf(label, sizeof(label), "%s+%" PRIu64, name, offset);
	else
		snprintf(label, sizeof(label), "0x%" PRIx64, s->address);
	if (s->left)
		snprintf(value, sizeof(value), "%s: left alone: %s", name_of(c, s->call),
			 left_text(s->left));
	else
		snprintf(value, sizeof(value), "%s: replaces %s%s", name_of(c, s->call),
			 s->replaced, s->joined ? " (jumps lead behind it, past us)" : "");
	report_item(r, "sites");
	report_string(r, "file", NULL, path);
	report_integer(r, "address", NULL, s->address, NULL);
	report_string(r, "function", NULL, name ? name : "");
	report_string(r, "call", NULL, name_of(c, s->call));
	report_bool(r, "possible", NULL, !s->left, NULL);
	report_string(r, "reason", NULL, s->left ? left_name(s->left) : "");
	report_string(r, "replaces", NULL, s->replaced);
	report_bool(r, "joined", NULL, s->joined, NULL);
	report_string(r, "text", label, value);
}

static void report_file(struct report *r, const char *path, const struct code *c,
			const struct sites *sites)
{
	char key[PLAN_NAME_SIZE], of[96];
	size_t i;

	report_section(r, NULL, path);
	report_item(r, "files");
	plan_name(key, &c->key);
	*strrchr(key, '.') = '\0';
	snprintf(of, sizeof(of), "of %zu%s", sites->nr,
		 sites->nr ? "" : ": no system call instruction here may be one of io_uring");
	report_string(r, "file", NULL, path);
	report_string(r, "key", NULL, key);
	report_integer(r, "possible", "can be patched", sites->nr_possible, of);
	report_integer(r, "sites", NULL, sites->nr, NULL);
	for (i = 0; i < sites->nr; i++)
		report_site(r, path, c, &sites->site[i]);
}

static int look_at(struct report *r, const char *path, struct plan_file *plans)
{
	struct sites sites;
	struct code c;
	int err = code_open(&c, path, true);

	if (err)
		return fail("cannot read %s: %s", text_name(path),
			    err == -ENOEXEC ? "not a program or library for x86-64 or aarch64" :
					      error_text(err));
	if (!c.machine->decoder()) {
		code_close(&c);
		return fail("%s: %s", path, decoder_reason());
	}
	sites_find(&sites, &c);
	report_file(r, path, &c, &sites);
	if (plans)
		err = plan_file_add(plans, &c, &sites);
	sites_free(&sites);
	code_close(&c);
	return err ? fail("cannot write %s: %s", text_name(plans->path), error_text(err)) : EXIT_OK;
}

static int look_at_all(char **files, const struct options *o)
{
	struct report *r = report_new();
	struct plan_file plans;
	int code = EXIT_OK, err;

	if (o->write) {
		err = plan_file_open(&plans, o->write);
		if (err)
			return fail("cannot write %s: %s", text_name(o->write),
				    err == -EEXIST ? "a plan would replace what is no file" :
						     error_text(err));
	}
	for (; *files; files++)
		code |= look_at(r, *files, o->write ? &plans : NULL);
	err = o->write ? plan_file_close(&plans) : 0;
	if (err)
		code = fail("cannot write %s: %s", text_name(o->write), error_text(err));
	report_print(r, o->json, stdout);
	report_free(r);
	return code;
}

int command_sites(int argc, char **argv)
{
	struct options o = { 0 };
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			fputs(help, stdout);
			return EXIT_OK;
		}
		if (!strcmp(argv[i], "--")) {
			i++;
			break;
		}
		if (!strcmp(argv[i], "--json"))
			o.json = true;
		else if (!strcmp(argv[i], "--write") && i + 1 < argc)
			o.write = argv[++i];
		else
			return misuse("an argument was not understood: %s", text_name(argv[i]));
	}
	if (i == argc)
		return misuse("no file given");
	return look_at_all(argv + i, &o);
}
