/* SPDX-License-Identifier: MIT */
/*
 * Loads the decoder of x86-64's instructions (decode.h).
 */
#ifndef REGWAIT_DECODER_H
#define REGWAIT_DECODER_H

#include "decode.h"

/* NULL: there is none. */
const struct decoder *decoder(void);

/* Then, why: a sentence. */
const char *decoder_reason(void);

#endif
