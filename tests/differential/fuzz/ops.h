/* SPDX-License-Identifier: MIT */
/* The table of operations that a sequence may hold. */
#ifndef FUZZ_OPS_H
#define FUZZ_OPS_H

#include <stdbool.h>

#include "line.h"

#define OP_KEYS 10

struct world;

struct op {
	const char *name;
	enum key keys[OP_KEYS];
	void (*run)(struct world *w, const struct line *l);
	unsigned weight; /* how often the generator takes it, among all weights */
	int tag;	 /* which of several calls that share run() */
	bool block;	 /* the lines up to its "end" belong to it */
};

extern const struct op op_table[];
extern const size_t op_count;

const struct op *op_find(const char *name);

/* op_ring.c */
void op_ring(struct world *w, const struct line *l);
void op_exit(struct world *w, const struct line *l);
void op_bareclose(struct world *w, const struct line *l);
void op_closefd(struct world *w, const struct line *l);
void op_move(struct world *w, const struct line *l);

/* op_reg.c */
/* clang-format off */
enum reg_call {
	REG_FD, UNREG_FD, CLOSE_FD, ENABLE, RAW_ENABLE, RESIZE, IOWAIT, CLOCK, REGION, RAW_REGION,
	RESTRICT, DONTFORK, PROBE, MLOCK_SIZE, WAIT_REG,
};
/* clang-format on */
void op_reg(struct world *w, const struct line *l);

/* op_sqe.c */
void op_sqe(struct world *w, const struct line *l);
void op_seen(struct world *w, const struct line *l);
void op_pipewrite(struct world *w, const struct line *l);

/* op_wait.c */
/* clang-format off */
enum wait_call {
	WAIT_CQE, WAIT_CQE_NR, PEEK_CQE, PEEK_BATCH, WAIT_TIMEOUT, WAIT_CQES, WAIT_MIN, SUBMIT,
	SUBMIT_WAIT, SUBMIT_EVENTS, GET_EVENTS, SAW_TIMEOUT, SAW_MIN, SAW_REG, GET_CQE,
	SQRING_WAIT, ENTER, ENTER2, ENTER2_REG, SYSCALL_ENTER,
};
/* clang-format on */
void op_wait(struct world *w, const struct line *l);

/* op_signal.c */
void op_sig(struct world *w, const struct line *l);
void op_raise(struct world *w, const struct line *l);
void op_handler(struct world *w, const struct line *l);
void op_arrive(struct world *w, const struct line *l);

/* op_proc.c */
void op_fork(struct world *w, const struct line *l);
void op_thread(struct world *w, const struct line *l);
void op_twait(struct world *w, const struct line *l);
void op_reset(struct world *w, const struct line *l);

#endif
