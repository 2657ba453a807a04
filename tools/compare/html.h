/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_HTML_H
#define REGWAIT_HTML_H

#include <stdio.h>

#include "comparison.h"

/* Writes a comparison as one file with the distributions drawn. 0, or -errno; closes the file. */
int html_write(const struct comparison *c, FILE *to);

#endif
