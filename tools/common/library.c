/* SPDX-License-Identifier: MIT */
/*
 * Finds libregwait.so. The loader splits LD_PRELOAD at spaces and colons and replaces words that
 * begin with a dollar sign, and there is no way to quote these characters. So a path that contains
 * one cannot be preloaded; but this command may have been called by another path, through a
 * symbolic link.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "contract/version.h"
#include "library.h"
#include "library_file.h"
#include "library_place.h"

#define LIBRARY	   "libregwait.so"
#define SEPARATORS " :"

static char found[2 * PATH_MAX + 32]; /* the library, whether or not it can be preloaded */
static char other[sizeof(found)];     /* a library of another version */
static char other_version[32];

static bool can_be_preloaded(const char *path)
{
	return !strpbrk(path, SEPARATORS "$");
}

/*
 * Is the file in found the library, of our version? What is counted, and how, depends on the
 * version.
 */
static bool is_there(void)
{
	char version[sizeof(other_version)] = "unknown";

	if (access(found, R_OK))
		return false;
	if (!library_file_version(found, version, sizeof(version)) &&
	    !strcmp(version, REGWAIT_VERSION))
		return true;
	if (!*other) {
		strcpy(other, found);
		strcpy(other_version, version);
	}
	return false;
}

/*
 * Looks beside a command of this name, at the place of the library relative to it, and in ../lib.
 */
static bool look_beside(const char *command)
{
	const char *const places[] = { ".", library_place_from_bin, "../lib" };
	const char *slash = strrchr(command, '/');
	size_t i;

	for (i = 0; slash && i < sizeof(places) / sizeof(places[0]); i++) {
		if (!*places[i])
			continue;
		snprintf(found, sizeof(found), "%.*s%s%s" LIBRARY, (int)(slash + 1 - command),
			 command, i ? places[i] : "", i ? "/" : "");
		if (is_there())
			return true;
	}
	found[0] = '\0';
	return false;
}

/*
 * Looks beside the name by which we were called, if it still leads to this file (self; "":
 * unknown).
 */
static bool look_by_name(const char *self)
{
	const char *name = (const char *)getauxval(AT_EXECFN);
	char full[2 * PATH_MAX], cwd[PATH_MAX];
	struct stat a, b;

	if (!name || !strchr(name, '/'))
		return false;
	if (*name == '/')
		snprintf(full, sizeof(full), "%s", name);
	else if (getcwd(cwd, sizeof(cwd)))
		snprintf(full, sizeof(full), "%s/%s", cwd, name);
	else
		return false;
	if (*self &&
	    (stat(full, &a) || stat(self, &b) || a.st_dev != b.st_dev || a.st_ino != b.st_ino))
		return false;
	return look_beside(full);
}

/* The place of installation, if the command has been moved, or /bin is a link to usr/bin. */
static bool look_in_place(void)
{
	snprintf(found, sizeof(found), "%s/" LIBRARY, library_place);
	if (*library_place && is_there())
		return true;
	found[0] = '\0';
	return false;
}

const char *library_path(void)
{
	char self[PATH_MAX], first[sizeof(found)];
	ssize_t n;

	if (*found)
		return can_be_preloaded(found) ? found : NULL;
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[n > 0 ? n : 0] = '\0'; /* there may be no /proc */
	if (*self && look_beside(self) && can_be_preloaded(found))
		return found;
	strcpy(first, found);
	if (look_by_name(self) && can_be_preloaded(found))
		return found;
	if (look_in_place() && can_be_preloaded(found))
		return found;
	if (*first)
		strcpy(found, first);
	return NULL;
}

const char *library_reason(void)
{
	static char text[sizeof(found) + 256];

	if (!*found && *other)
		snprintf(text, sizeof(text),
			 "%s is of version %s, this command of %s; install both anew", other,
			 other_version, REGWAIT_VERSION);
	else if (!*found)
		snprintf(text, sizeof(text),
			 "%s is neither beside this command nor in %s; install both", LIBRARY,
			 *library_place ? library_place : "../lib");
	else
		snprintf(
			text, sizeof(text),
			"%s cannot be preloaded: the loader would split its path at a space, colon "
			"or dollar sign; call regwait through a symbolic link to its directory "
			"whose path has none",
			found);
	return text;
}

const char *library_beside(const char *file)
{
	static char path[sizeof(found) + NAME_MAX];
	const char *slash;

	library_path(); /* which may have found one that cannot be preloaded */
	slash = strrchr(found, '/');
	if (!slash)
		return NULL;
	snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - found), found, file);
	return access(path, R_OK) ? NULL : path;
}

static bool is_ours(const char *entry, size_t len)
{
	size_t name = strlen(LIBRARY);

	return len >= name && !memcmp(entry + len - name, LIBRARY, name) &&
	       (len == name || entry[len - name - 1] == '/');
}

int library_preload(void)
{
	const char *old = getenv("LD_PRELOAD"), *library = library_path();
	size_t n, room = (old ? strlen(old) : 0) + strlen(library) + 2;
	char *all = calloc(1, room);
	int err;

	if (!all)
		return -ENOMEM;
	/*
	 * Another copy of the library is removed from the list: each of two would take the other
	 * for liburing's interposer.
	 */
	for (; old && *old; old += n) {
		n = strspn(old, SEPARATORS);
		old += n;
		n = strcspn(old, SEPARATORS);
		if (n && !is_ours(old, n))
			sprintf(all + strlen(all), "%.*s:", (int)n, old);
	}
	strcat(all, library);
	err = setenv("LD_PRELOAD", all, 1) ? -ENOMEM : 0;
	free(all);
	return err;
}
