/* SPDX-License-Identifier: MIT */
/*
 * Reads the first line of a script. The kernel passes all that follows the interpreter's name as
 * one argument, blanks included. env(1) splits such an argument only after -S, and by rules of its
 * own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "script.h"

#define BLANKS	      " \t"
#define MOST_WORDS    64
#define DEFAULT_PATH  "/bin:/usr/bin" /* the directories of execvp(3) without PATH */
#define WITH_VALUE    "uCSa"	      /* env's short options that take a value */
#define WITHOUT_VALUE "i0v"

/* The words that env(1) reads; they lie in text. */
struct words {
	char text[1024];
	size_t used;
	const char *word[MOST_WORDS];
	size_t nr;
};

/* The character that a backslash and this one stand for in env -S; -1: none. */
static int unescape(char c)
{
	static const char names[] = "_fnrtv#$\\\"'", values[] = " \f\n\r\t\v#$\\\"'";
	const char *at = c ? strchr(names, c) : NULL;

	return at ? values[at - names] : -1;
}

/* The value of the ${NAME} at *from; moves *from behind it. */
static const char *variable(const char **from)
{
	const char *end = strchr(*from, '}'), *value;
	char name[128] = "";

	if (strncmp(*from, "${", 2) || !end || end - *from - 2 >= (int)sizeof(name))
		return "";
	memcpy(name, *from + 2, end - *from - 2);
	*from = end;
	value = getenv(name);
	return value ? value : "";
}

static void put(struct words *w, char c)
{
	if (w->used + 1 < sizeof(w->text))
		w->text[w->used++] = c;
}

/* One word as env -S reads it: quotes, backslashes, variables. Returns where it ends. */
static const char *split_word(struct words *w, const char *from)
{
	const char *value;
	char quote = '\0';
	int c;

	w->word[w->nr++] = w->text + w->used;
	for (; *from && (quote || !strchr(BLANKS, *from)); from++) {
		if (*from == quote) {
			quote = '\0';
		} else if (!quote && (*from == '\'' || *from == '"')) {
			quote = *from;
		} else if (*from == '\\' && !quote && from[1] == '_') {
			from += 2; /* \_ is a blank between words */
			break;
		} else if (*from == '\\' && quote != '\'' && from[1] == 'c') {
			from += strlen(from);
			break;
		} else if (*from == '\\' && quote != '\'' && (c = unescape(from[1])) >= 0) {
			put(w, c);
			from++;
		} else if (*from == '$' && quote != '\'') {
			for (value = variable(&from); *value; value++)
				put(w, *value);
		} else {
			put(w, *from);
		}
	}
	put(w, '\0');
	return from;
}

/* Replaces the words from i on by those of a text. */
static void split(struct words *w, size_t i, const char *text)
{
	struct words rest = *w;
	size_t j;

	w->nr = i;
	while (w->nr < MOST_WORDS) {
		text += strspn(text, BLANKS);
		if (!*text || *text == '#')
			break;
		text = split_word(w, text);
	}
	for (j = i + 1; j < rest.nr && w->nr < MOST_WORDS; j++)
		w->word[w->nr++] = rest.word[j];
}

enum step { OPTION, OPTION_AND_VALUE, SPLIT, NO_OPTION, REFUSED };

/* Which option this word is for env; *value: the rest of the word, after -S. */
static enum step look_at_word(const char *word, const char **value)
{
	const char *at;

	if (word[0] != '-' || !strcmp(word, "--"))
		return NO_OPTION;
	if (!strncmp(word, "--split-string=", 15)) {
		*value = word + 15;
		return SPLIT;
	}
	if (!strcmp(word, "--unset") || !strcmp(word, "--chdir") || !strcmp(word, "--argv0"))
		return OPTION_AND_VALUE;
	if (word[1] == '-')
		return strpbrk(word, BLANKS) && !strchr(word, '=') ? REFUSED : OPTION;
	for (at = word + 1; *at; at++) {
		if (*at == 'S') {
			*value = at + 1;
			return SPLIT;
		}
		if (strchr(WITH_VALUE, *at))
			return at[1] ? OPTION : OPTION_AND_VALUE;
		if (!strchr(WITHOUT_VALUE, *at))
			return REFUSED;
	}
	return OPTION;
}

/* Does this option, with the next word, remove PATH? */
static bool forgets_path(const char *word, const char *next)
{
	size_t flags = strspn(word + 1, WITHOUT_VALUE);
	const char *unset = word + 1 + flags;

	if (!word[1] || !strcmp(word, "--ignore-environment") || memchr(word + 1, 'i', flags))
		return true;
	return !strcmp(word, "--unset=PATH") || !strcmp(unset, "uPATH") ||
	       ((!strcmp(word, "--unset") || !strcmp(unset, "u")) && next && !strcmp(next, "PATH"));
}

static void note_setting(struct script *s, const char *word)
{
	if (strncmp(word, "PATH=", 5) || strlen(word + 5) >= sizeof(s->search))
		return;
	s->has_search = true;
	strcpy(s->search, word + 5);
}

/* Reads env's words in the same order as env does. */
static void look_at_env(struct script *s, const char *argument)
{
	struct words w = { .nr = 1 };
	const char *value = NULL;
	bool is_split = false;
	size_t i = 0;
	enum step step;

	strncpy(w.text, argument, sizeof(w.text) - 1);
	w.word[0] = w.text;
	w.used = strlen(w.text) + 1;
	while (i < w.nr && (step = look_at_word(w.word[i], &value)) != NO_OPTION) {
		if (step == REFUSED) {
			s->env_refuses = true;
			return;
		}
		if (forgets_path(w.word[i], i + 1 < w.nr ? w.word[i + 1] : NULL)) {
			s->has_search = true;
			strcpy(s->search, DEFAULT_PATH);
		}
		if (step == SPLIT) {
			split(&w, i, value);
			is_split = true;
			continue;
		}
		i += step == OPTION_AND_VALUE ? 2 : 1;
	}
	if (i < w.nr && !strcmp(w.word[i], "--"))
		i++;
	for (; i < w.nr && strchr(w.word[i], '='); i++)
		note_setting(s, w.word[i]);
	if (i < w.nr && strlen(w.word[i]) < sizeof(s->program))
		strcpy(s->program, w.word[i]);
	s->env_refuses = !is_split && strpbrk(s->program, BLANKS);
}

static void look_at_line(char *line, struct script *s)
{
	char *at = line + strspn(line, BLANKS), *slash;
	size_t n = strcspn(at, BLANKS), end;
	char *argument = at + n + strspn(at + n, BLANKS);

	memcpy(s->interpreter, at, n);
	end = strlen(argument);
	while (end && strchr(BLANKS, argument[end - 1]))
		argument[--end] = '\0';
	slash = strrchr(s->interpreter, '/');
	s->is_env = slash && !strcmp(slash, "/env");
	if (s->is_env && *argument)
		look_at_env(s, argument);
}

bool script_look(const char *path, struct script *s)
{
	char line[sizeof(s->interpreter)] = ""; /* the kernel reads no more either */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n = 0;

	memset(s, 0, sizeof(*s));
	if (fd < 0)
		return false;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		n = pread(fd, line, sizeof(line) - 1, 0);
	close(fd);
	if (n < 3 || line[0] != '#' || line[1] != '!')
		return false;
	line[strcspn(line, "\n")] = '\0';
	look_at_line(line + 2, s);
	return true;
}
