/* SPDX-License-Identifier: MIT */
/*
 * A system call instruction of the program's own, around which all registers are known: every one is
 * loaded before it, and stored behind it.
 */
#ifndef SITES_SITE_H
#define SITES_SITE_H

#ifdef __x86_64__
#include "site_x86_64.h"
#else
#include "site_aarch64.h"
#endif

#endif
