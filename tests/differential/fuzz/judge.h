/* SPDX-License-Identifier: MIT */
/* Says whether a subject does the same in both variants, and cuts one that does not. */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "variant.h"

enum outcome {
	SAME,
	DIFFERENT,     /* in many runs, the variants have never done the same */
	UNSTEADY,      /* the plain program does not repeat itself: no difference is shown */
	SHIM_UNSTEADY, /* the plain program repeats itself, and the preloaded one does not */
};

/*
 * Runs the subject some rounds in each variant. With only_last, only the last seed's part of
 * the trace counts.
 */
enum outcome judge(const struct setup *s, const struct subject *sub, bool only_last);

/* The shortest text found that is still DIFFERENT; the caller frees it. */
char *shrink(const struct setup *s, const char *text);

#endif
