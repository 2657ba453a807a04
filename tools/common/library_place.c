/* SPDX-License-Identifier: MIT */
/*
 * Where the library is installed. The Makefile compiles this once more for each place that it
 * installs to.
 */
#include "library_place.h"

#ifndef LIBRARY_PLACE
#define LIBRARY_PLACE	       ""
#define LIBRARY_PLACE_FROM_BIN ""
#endif

const char library_place[] = LIBRARY_PLACE;
const char library_place_from_bin[] = LIBRARY_PLACE_FROM_BIN;
