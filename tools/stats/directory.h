/* SPDX-License-Identifier: MIT */
/*
 * The directories of stats pages: one for each user, under /dev/shm.
 */
#ifndef REGWAIT_DIRECTORY_H
#define REGWAIT_DIRECTORY_H

#include "stats_page.h"

/*
 * Opens the page of a process, which may lie in a /dev/shm of its own; of several the one that
 * is mapped, or else the youngest.
 * 0, or -errno: -ENOENT if there is none, -EACCES if it is another user's, -EPROTO if it is
 * not a page or of another version, -EPERM, -ELOOP or -ENOTDIR if it is open to others.
 */
int directory_find(struct stats_page *p, pid_t pid, bool writable);

/* Prints why a stats page could not be opened, by what directory_find returned. Returns EXIT_NO. */
int directory_explain(pid_t pid, int err);

/*
 * Calls f for each page that can be read: the caller's own, and as root everybody's. What is
 * broken is passed over. Returns how many there were.
 */
int directory_each(void (*f)(struct stats_page *p, void *arg), void *arg);

/* The same for those in each other /dev/shm that processes have, as in containers. */
int directory_each_foreign(void (*f)(struct stats_page *p, void *arg), void *arg);

/* Removes what processes that are gone left behind. Returns how many files. */
int directory_clean(void);

/* Removes the file of a page, if it still is that of this page. */
void directory_remove(const struct stats_page *p);

/*
 * Why a program of ours, under the shim, could make no stats page: a sentence. NULL: it could, and
 * so the shim was not there. times: one with histograms, for ab and aa.
 */
const char *directory_reason(bool times);

#endif
