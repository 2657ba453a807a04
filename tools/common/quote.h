/* SPDX-License-Identifier: MIT */
/*
 * Quotes words for a shell, so that a proposed command can be pasted.
 */
#ifndef REGWAIT_QUOTE_H
#define REGWAIT_QUOTE_H

/* The text as one word; to be freed. */
char *quote(const char *text);

/* A command line of several words, NULL at the end; to be freed. */
char *quote_words(const char *const *words);

#endif
