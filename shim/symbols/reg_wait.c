/* SPDX-License-Identifier: MIT */
/*
 * The registered-wait functions of liburing's manual pages, made to work (regwait.h). With
 * REGWAIT=off they are liburing's own.
 */
#include "wait/reg_wait.h"
#include "symbols/symbols.h"
#include "wait/engine.h"

int io_uring_register_reg_wait(struct io_uring *ring, struct reg_wait *reg, int nr);
struct reg_wait *io_uring_setup_reg_wait(struct io_uring *ring, unsigned nentries, int *err);
void io_uring_free_reg_wait(struct reg_wait *reg, unsigned nentries);

EXPORT int io_uring_register_wait_reg(struct io_uring *ring, struct reg_wait *reg, int nr)
{
	PASS_ON_IF_DUE(io_uring_register_wait_reg, ring, reg, nr);
	return entries_register(ring, next_for(__builtin_return_address(0)), reg, nr);
}

EXPORT int io_uring_register_reg_wait(struct io_uring *ring, struct reg_wait *reg, int nr)
{
	if (passes_to(__builtin_return_address(0)))
		return -EINVAL;
	return entries_register(ring, next_for(__builtin_return_address(0)), reg, nr);
}

EXPORT struct reg_wait *io_uring_setup_reg_wait(struct io_uring *ring, unsigned nentries, int *err)
{
	*err = -EINVAL;
	if (passes_to(__builtin_return_address(0)))
		return NULL;
	return entries_setup(ring, next_for(__builtin_return_address(0)), nentries, err);
}

EXPORT void io_uring_free_reg_wait(struct reg_wait *reg, unsigned nentries)
{
	entries_free(reg, nentries);
}

EXPORT int io_uring_submit_and_wait_reg(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					unsigned wait_nr, int reg_index)
{
	PASS_ON_IF_DUE(io_uring_submit_and_wait_reg, ring, cqe_ptr, wait_nr, reg_index);
	return entries_wait(ring, cqe_ptr, wait_nr, reg_index, __builtin_return_address(0));
}
