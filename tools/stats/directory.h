/* SPDX-License-Identifier: MIT */
/*
 * The directories of stats pages: one for each user, under /dev/shm.
 */
#ifndef REGWAIT_DIRECTORY_H
#define REGWAIT_DIRECTORY_H

#include "stats_page.h"

/*
 * Opens the stats page of a process, which may lie in another /dev/shm. If there are several, the
 * one that is mapped, or else the newest. 0, or -errno: -ENOENT if there is none, -EACCES if it is
 * another user's, -EPROTO if it is no stats page or of another version, -EPERM, -ELOOP or -ENOTDIR
 * if it is open to others.
 */
int directory_find(struct stats_page *p, pid_t pid, bool writable);

/* Prints why a stats page could not be opened, by what directory_find returned. Returns EXIT_NO. */
int directory_explain(pid_t pid, int err);

/*
 * Calls f for each stats page that can be read: the caller's own; for root, all users'. Broken ones
 * are passed over. Returns how many there were.
 */
int directory_each(void (*f)(struct stats_page *p, void *arg), void *arg);

/* The same for each other /dev/shm that some process has, as in containers. */
int directory_each_foreign(void (*f)(struct stats_page *p, void *arg), void *arg);

/* Removes the files of processes that are gone. Returns how many. */
int directory_clean(void);

/* Removes the file of a stats page, if the name still leads to that file. */
void directory_remove(const struct stats_page *p);

/*
 * Why a program that we run under the shim could make no stats page: a sentence. NULL: it could, so
 * the shim was not there. times: a page with histograms, for ab and aa.
 */
const char *directory_reason(bool times);

#endif
