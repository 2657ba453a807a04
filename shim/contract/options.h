/* SPDX-License-Identifier: MIT */
/*
 * The environment variables. Their parsing, the messages about wrong values and regwait env all use
 * this table.
 *
 * X(identifier, variable, kind, default, allowed, meaning)
 *
 * kind is CHOICE (allowed is a list separated by |, and the value becomes its index in it), NUMBER
 * (allowed is MIN..MAX), or TEXT (anything is allowed).
 */
#ifndef REGWAIT_CONTRACT_OPTIONS_H
#define REGWAIT_CONTRACT_OPTIONS_H

#define REGWAIT_PREFIX "REGWAIT"

/* clang-format off */
#define REGWAIT_OPTIONS(X) \
	X(MODE,	     "REGWAIT",		  CHOICE, "on",	 "on|off|observe|ab|aa", \
	  "make timed waits registered waits; leave everything alone; only count; measure both ways; measure the plain way twice") \
	X(POLL,	     "REGWAIT_POLL",	  CHOICE, "on",	 "on|off", \
	  "answer a timeout of zero without arming a timer") \
	X(SYSCALL,   "REGWAIT_SYSCALL",	  CHOICE, "on",	 "on|off", \
	  "serve rings and timed waits that come through libc's syscall(3)") \
	X(RINGFD,    "REGWAIT_RINGFD",	  CHOICE, "auto", "auto|off", \
	  "wait by a registered ring descriptor: on SINGLE_ISSUER rings of a process with one thread; never") \
	X(IOWAIT,    "REGWAIT_IOWAIT",	  CHOICE, "on",	 "on|off", \
	  "count the waits of rings as iowait, unless the program says otherwise; keep all of them out of it (Linux 6.15)") \
	X(SPIN,	     "REGWAIT_SPIN",	  NUMBER, "off", "off, auto or 1..1000", \
	  "before a wait sleeps, look for its completions for so many microseconds; where that pays") \
	X(TASKRUN,   "REGWAIT_TASKRUN",	  CHOICE, "asis", "asis|coop", \
	  "make rings with the flags that they ask for; with IORING_SETUP_COOP_TASKRUN where they ask for nothing of the kind") \
	X(SLOTS,     "REGWAIT_SLOTS",	  NUMBER, "63",	 "1..4095", \
	  "threads that can wait registered at the same time; every 64 cost each ring one more locked page") \
	X(MAX_RINGS, "REGWAIT_MAX_RINGS", NUMBER, "auto", "auto or 0..1000000", \
	  "armed rings of the process at the same time; by default as many as lock, over all processes of the user, a sixty-fourth of RLIMIT_MEMLOCK, without limit under CAP_IPC_LOCK") \
	X(ONLY,	     "REGWAIT_ONLY",	  TEXT,	  "",	 "program names separated by colons", \
	  "act in these programs only") \
	X(SKIP,	     "REGWAIT_SKIP",	  TEXT,	  "",	 "program names separated by colons", \
	  "do not act in these programs") \
	X(STATS,     "REGWAIT_STATS",	  TEXT,	  "",	 "1 (standard error) or a file name, in which %p becomes the process id", \
	  "write counts at exit; a file is appended to") \
	X(LIVE,	     "REGWAIT_LIVE",	  CHOICE, "off",	 "on|off", \
	  "count in a file under /dev/shm that regwait stat and regwait set can open") \
	X(PID,	     "REGWAIT_PID",	  NUMBER, "0",	 "0..2147483647", \
	  "act in the process with this id only (0: in any)") \
	X(RUN,	     "REGWAIT_RUN",	  NUMBER, "0",	 "0..2147483647", \
	  "set by regwait run: marks the files of REGWAIT_LIVE, which then outlive their processes") \
	X(SEED,	     "REGWAIT_SEED",	  NUMBER, "1",	 "0..2147483647", \
	  "of the coin that ab and aa toss for each wait") \
	X(SITES,     "REGWAIT_SITES",	  TEXT,	  "",	 "a plan or a directory of plans, from regwait sites --write", \
	  "serve system calls that programs and libraries make by their own instructions, where a plan says how") \
	X(LOG,	     "REGWAIT_LOG",	  CHOICE, "none", "none|error|info|debug", \
	  "tell on standard error what the shim does")

enum regwait_option {
#define X(id, variable, kind, def, allowed, text) OPTION_##id,
	REGWAIT_OPTIONS(X)
#undef X
	OPTION_END
};

/* The values of REGWAIT, in the order of its choices above. */
#define REGWAIT_MODES(X) \
	X(ON,	   "on") \
	X(OFF,	   "off") \
	X(OBSERVE, "observe") \
	X(AB,	   "ab") \
	X(AA,	   "aa")

enum regwait_mode {
#define X(id, name) MODE_##id,
	REGWAIT_MODES(X)
#undef X
	MODE_END
};
enum regwait_ringfd { RINGFD_AUTO, RINGFD_OFF };
enum regwait_log { LOG_NONE, LOG_ERROR, LOG_INFO, LOG_DEBUG };
/* clang-format on */

#endif
