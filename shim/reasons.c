/* SPDX-License-Identifier: MIT */
#include "reasons.h"

static const struct {
	const char *name, *text;
} reasons[REASON_END] = {
#define X(id, name, text) [REASON_##id] = { name, text },
	REGWAIT_REASONS(X)
#undef X
};

const char *reason_name(enum regwait_reason why)
{
	return reasons[why].name;
}

const char *reason_text(enum regwait_reason why)
{
	return reasons[why].text;
}
