/* SPDX-License-Identifier: MIT */
/*
 * The decoder of aarch64's instructions (decode.h). It is a part of the command.
 */
#ifndef REGWAIT_SITES_A64_H
#define REGWAIT_SITES_A64_H

#include "decode.h"

const struct decoder *a64_decoder(void);

#endif
