/* SPDX-License-Identifier: MIT */
/* The table of operations: name, keys, what runs it, how often the generator takes it. */
#include <string.h>

#include "ops.h"

/* clang-format off */
#define OP(name_, weight_, run_, tag_, ...) \
	{ .name = name_, .weight = weight_, .run = run_, .tag = tag_, .keys = { __VA_ARGS__ } }
#define BLOCK(name_, weight_, run_, ...) \
	{ .name = name_, .weight = weight_, .run = run_, .block = true, .keys = { __VA_ARGS__ } }
/* clang-format on */

#define RING_KEYS  K_R, K_E, K_F, K_CQ, K_VIA, K_Q
#define TIMED_KEYS K_R, K_NR, K_TS, K_MASK, K_MIN
#define RAW_KEYS   K_R, K_SUB, K_NR, K_TS, K_MASK, K_MIN, K_N

const struct op op_table[] = {
	OP("ring", 6, op_ring, 0, RING_KEYS),
	OP("exit", 4, op_exit, 0, K_R),
	OP("bareclose", 3, op_bareclose, 0, K_R),
	OP("closefd", 1, op_closefd, 0, K_R),
	OP("move", 4, op_move, 0, K_R),

	OP("regfd", 6, op_reg, REG_FD, K_R),
	OP("unregfd", 3, op_reg, UNREG_FD, K_R),
	OP("closeringfd", 2, op_reg, CLOSE_FD, K_R),
	OP("enable", 8, op_reg, ENABLE, K_R),
	OP("rawenable", 2, op_reg, RAW_ENABLE, K_R),
	OP("resize", 6, op_reg, RESIZE, K_R, K_E, K_F, K_CQ),
	OP("iowait", 3, op_reg, IOWAIT, K_R, K_N),
	OP("clock", 3, op_reg, CLOCK, K_R, K_N),
	OP("region", 2, op_reg, REGION, K_R, K_N),
	OP("rawregion", 1, op_reg, RAW_REGION, K_R, K_N),
	OP("restrict", 1, op_reg, RESTRICT, K_R),
	OP("dontfork", 1, op_reg, DONTFORK, K_R),
	OP("waitreg", 1, op_reg, WAIT_REG, K_R),
	OP("probe", 1, op_reg, PROBE, 0),
	OP("mlocksize", 1, op_reg, MLOCK_SIZE, K_E, K_F),

	OP("sqe", 70, op_sqe, 0, K_R, K_KIND, K_SF, K_US, K_CNT, K_UD, K_P, K_Q, K_N),
	OP("seen", 25, op_seen, 0, K_R, K_N),
	OP("pipewrite", 10, op_pipewrite, 0, K_P, K_N),

	OP("wait_cqe", 3, op_wait, WAIT_CQE, K_R),
	OP("wait_cqe_nr", 3, op_wait, WAIT_CQE_NR, K_R, K_NR),
	OP("peek_cqe", 4, op_wait, PEEK_CQE, K_R),
	OP("peek_batch", 3, op_wait, PEEK_BATCH, K_R),
	OP("wait_timeout", 12, op_wait, WAIT_TIMEOUT, K_R, K_TS),
	OP("wait_cqes", 16, op_wait, WAIT_CQES, K_R, K_NR, K_TS, K_MASK),
	OP("wait_min", 8, op_wait, WAIT_MIN, TIMED_KEYS),
	OP("submit", 12, op_wait, SUBMIT, K_R),
	OP("submit_wait", 5, op_wait, SUBMIT_WAIT, K_R, K_NR),
	OP("submit_events", 2, op_wait, SUBMIT_EVENTS, K_R),
	OP("get_events", 2, op_wait, GET_EVENTS, K_R),
	OP("saw_timeout", 26, op_wait, SAW_TIMEOUT, K_R, K_NR, K_TS, K_MASK),
	OP("saw_min", 10, op_wait, SAW_MIN, TIMED_KEYS),
	OP("saw_reg", 1, op_wait, SAW_REG, K_R, K_NR, K_TS, K_MASK, K_MIN, K_N),
	OP("get_cqe", 2, op_wait, GET_CQE, K_R, K_SUB, K_NR, K_MASK),
	OP("sqring_wait", 1, op_wait, SQRING_WAIT, K_R),
	OP("enter", 1, op_wait, ENTER, K_R, K_SUB, K_NR, K_MASK),
	OP("enter2", 3, op_wait, ENTER2, RAW_KEYS),
	OP("enter2_reg", 1, op_wait, ENTER2_REG, RAW_KEYS),
	OP("syscall_enter", 2, op_wait, SYSCALL_ENTER, RAW_KEYS),

	OP("sig", 5, op_sig, 0, K_N, K_HOW),
	OP("raise", 6, op_raise, 0, 0),
	OP("handler", 4, op_handler, 0, K_MODE, K_R),
	OP("arrive", 8, op_arrive, 0, K_HOW, K_P),

	BLOCK("fork", 2, op_fork, K_N),
	BLOCK("thread", 2, op_thread, 0),
	OP("twait", 2, op_twait, 0, K_R, K_NR, K_FN, K_MASK),
	OP("end", 0, NULL, 0, 0),
	OP("reset", 0, op_reset, 0, 0),
};

const size_t op_count = sizeof(op_table) / sizeof(op_table[0]);

const struct op *op_find(const char *name)
{
	for (size_t i = 0; i < op_count; i++) {
		if (!strcmp(op_table[i].name, name))
			return &op_table[i];
	}
	return NULL;
}
