/* SPDX-License-Identifier: MIT */
/*
 * The part of a check that is about the system. What the kernel can do is tried, and never
 * concluded from its version.
 */
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include "contract/version.h"
#include "common/library.h"
#include "probe.h"
#include "processors.h"
#include "refused.h"
#include "selftest.h"
#include "system.h"

static void report_kernel(struct report *r)
{
	struct utsname u;

	if (!uname(&u))
		report_string(r, "kernel", "kernel", u.release);
}

/* kernel.io_uring_disabled (6.6): 0 for all, 1 for a group and root, 2 for nobody. */
static void report_switch(struct report *r)
{
	int value = refused_switch();

	if (value >= 0)
		report_integer(r, "io_uring_disabled", "kernel.io_uring_disabled", value,
			       value == 0 ? "(allowed)" :
			       value == 1 ? "(for kernel.io_uring_group and root)" :
					    "(forbidden)");
}

static void report_memlock(struct report *r)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit))
		return;
	if (limit.rlim_cur == RLIM_INFINITY)
		report_string(r, "memlock", "locked memory", "no limit");
	else
		report_integer(r, "memlock", "locked memory", limit.rlim_cur,
			       "bytes; a sixty-fourth of it may be used to arm rings, a page each "
			       "(no limit under CAP_IPC_LOCK)");
}

static void report_step(struct report *r, const char *key, const char *label, int err)
{
	report_string(r, key, label,
		      err ? strerrorname_np(-err) ? strerrorname_np(-err) : "failed" : "ok");
}

static void report_saving(struct report *r, const char *key, const char *label, struct saving s)
{
	char low[32], high[32], note[112];

	report_digits(s.low, low, sizeof(low));
	report_digits(s.high, high, sizeof(high));
	snprintf(note, sizeof(note), "ns per wait (median; 95 %%: %s to %s)", low, high);
	report_real(r, key, label, s.median, note);
}

static void report_probe(struct report *r, struct diagnosis *d)
{
	struct refused refused = { 0 };
	char note[128];
	struct probe p;

	probe_open(&p);
	report_step(r, "ring", "io_uring", p.ring);
	if (!p.ring)
		report_step(r, "region", "registering a wait area", p.region);
	if (!p.region)
		report_bool(r, "registered_wait", "registered wait", probe_works(&p), NULL);
	if (!p.ring)
		report_bool(r, "no_iowait", "waits without iowait", probe_no_iowait(&p),
			    probe_no_iowait(&p) ?
				    "(with REGWAIT_IOWAIT=off)" :
				    "(this kernel has none; they came with Linux 6.15)");
	report_bool(r, "spin", "looking before sleeping", processors_allow_spin(note, sizeof(note)),
		    note);
	if (probe_works(&p)) {
		report_saving(r, "saving_ns", "saved by registering", probe_saving(&p));
		report_saving(r, "poll_saving_ns", "saved by polling at 0", probe_poll_saving(&p));
	} else {
		refused_explain(&p, &refused);
		diagnosis_no(d, refused.next, "%s", refused.text);
	}
	probe_close(&p);
}

static void report_selftest(struct report *r, struct diagnosis *d)
{
	char said[256];
	int ok;

	if (!library_path()) {
		report_none(r, "self_test", "self-test", library_reason());
		diagnosis_no(d, "make install", "%s", library_reason());
		return;
	}
	report_string(r, "library", "library", library_path());
	ok = selftest(said, sizeof(said));
	if (ok < 0)
		report_none(r, "self_test", "self-test", said);
	else
		report_bool(r, "self_test", "self-test", ok, said);
	if (!ok)
		diagnosis_no(d, "REGWAIT_LOG=debug regwait check",
			     "a test wait through the shim was not registered: %s", said);
}

void system_report(struct report *r, struct diagnosis *d)
{
	report_section(r, "system", "System");
	report_string(r, "version", "regwait", REGWAIT_VERSION);
	report_kernel(r);
	report_switch(r);
	report_bool(r, "seccomp", "seccomp filter", refused_filter(), NULL);
	report_memlock(r);
	report_probe(r, d);
	report_selftest(r, d);
	diagnosis_yes(d, "regwait run --observe PROGRAM",
		      "registered waits work here: a program that waits with a timeout can gain");
	report_section(r, NULL, NULL);
}
