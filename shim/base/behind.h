/* SPDX-License-Identifier: MIT */
/*
 * The real functions behind ours, where they are looked up while the program runs. dlsym() is for
 * the start: it clears the error that a dlopen() of the program has left for dlerror().
 */
#ifndef REGWAIT_BEHIND_H
#define REGWAIT_BEHIND_H

/* What dlsym(RTLD_NEXT, name) would find among the objects that were loaded at the start, or NULL. */
void *function_behind_us(const char *name);

#endif
