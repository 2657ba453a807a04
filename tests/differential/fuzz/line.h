/* SPDX-License-Identifier: MIT */
/* One operation of a sequence: its name and the values of its keys. */
#ifndef FUZZ_LINE_H
#define FUZZ_LINE_H

/* clang-format off */
enum key {
	K_NONE,
	K_R, K_Q, K_E, K_CQ, K_F, K_VIA, K_NR, K_SUB, K_TS, K_MASK, K_MIN, K_KIND, K_SF,
	K_US, K_CNT, K_UD, K_P, K_N, K_HOW, K_MODE, K_FN, K_KEYS,
};
/* clang-format on */

/* What the words of ts= mean; see world.c for the values. */
/* clang-format off */
enum ts_word {
	TS_NULL, TS_0, TS_1NS, TS_1MS, TS_2MS, TS_25MS, TS_10S, TS_NEG, TS_NEGNS, TS_BIGNS,
	TS_HUGENS, TS_FOREVER, TS_BAD8, TS_BADPAGE, TS_WORDS,
};
/* clang-format on */

enum mask_word { MASK_NULL, MASK_NONE, MASK_USR1, MASK_ALRM, MASK_ALL, MASK_BAD8, MASK_WORDS };

/* clang-format off */
enum sqe_kind {
	SQE_NOP, SQE_NOPRES, SQE_TIMEOUT, SQE_LINKTIMEOUT, SQE_TOREMOVE, SQE_TOUPDATE, SQE_POLL,
	SQE_POLLMULTI, SQE_POLLREMOVE, SQE_READ, SQE_WRITE, SQE_SEND, SQE_RECV, SQE_CANCEL,
	SQE_CANCELALL, SQE_MSG, SQE_MSGFLAGS, SQE_BADFD, SQE_BAD, SQE_KINDS,
};
/* clang-format on */

enum via_word { VIA_PARAMS, VIA_INIT, VIA_MEM, VIA_RAW, VIA_WORDS };
enum mode_word { MODE_COUNT, MODE_WAIT, MODE_SUBMIT, MODE_JUMP, MODE_WORDS };

struct op;

struct line {
	const struct op *op;
	long v[K_KEYS];
};

#endif
