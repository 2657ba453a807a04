/* SPDX-License-Identifier: MIT */
/* Makes the sequence of a seed. */
#ifndef FUZZ_GEN_H
#define FUZZ_GEN_H

#include <stdint.h>

#include "text.h"

/* Operations whose names are in the list "a,b,c" do not occur. */
void gen_seed(struct prog *p, uint64_t seed, const char *without);

#endif
