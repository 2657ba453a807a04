/* SPDX-License-Identifier: MIT */
/*
 * Turns reasons and modes into words, by the tables in reasons.h and options.h.
 */
#include <string.h>

#include "names.h"

struct reason {
	const char *name, *text;
};

static const struct reason reasons[REASON_END] = {
#define X(id, name, text) [REASON_##id] = { name, text },
	REGWAIT_REASONS(X)
#undef X
};

static const struct reason site_reasons[SITE_REASON_END] = {
#define X(id, name, text) [SITE_##id] = { name, text },
	REGWAIT_SITE_REASONS(X)
#undef X
};

static const struct reason look_reasons[LOOK_REASON_END] = {
#define X(id, name, text) [LOOK_##id] = { name, text },
	REGWAIT_LOOK_REASONS(X)
#undef X
};

static const char *const modes[MODE_END] = {
#define X(id, name) [MODE_##id] = name,
	REGWAIT_MODES(X)
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

const char *site_reason_name(enum site_reason why)
{
	return site_reasons[why].name;
}

const char *site_reason_text(enum site_reason why)
{
	return site_reasons[why].text;
}

const char *look_reason_name(enum look_reason why)
{
	return look_reasons[why].name;
}

const char *look_reason_text(enum look_reason why)
{
	return look_reasons[why].text;
}

const char *mode_name(unsigned mode)
{
	return mode < MODE_END ? modes[mode] : "unknown";
}

int mode_by_name(const char *name)
{
	int i;

	for (i = 0; i < MODE_END; i++)
		if (!strcmp(modes[i], name))
			return i;
	return -1;
}
