/* SPDX-License-Identifier: MIT */
/*
 * Mapping symbols, by which assemblers for aarch64 say where data begins in code, and where it ends.
 */
#ifndef REGWAIT_SITES_MAPPING_H
#define REGWAIT_SITES_MAPPING_H

#include "image.h"

/* Finds them. A file that was stripped has none. */
void mapping_read(struct code *c);

/* Do they say that there is data between these addresses? */
bool mapping_has_data(const struct code *c, uint64_t start, uint64_t end);

#endif
