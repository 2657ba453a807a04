/* SPDX-License-Identifier: MIT */
/*
 * The functions for registered waits that liburing's manual pages describe, made to work
 * (regwait.h). With REGWAIT=off they do what liburing's do.
 */
#include "wait/reg_wait.h"
#include "symbols/symbols.h"

/* No liburing has these three, so they have no version. */
int io_uring_register_reg_wait(struct io_uring *ring, struct reg_wait *reg, int nr);
struct reg_wait *io_uring_setup_reg_wait(struct io_uring *ring, unsigned nentries, int *err);
void io_uring_free_reg_wait(struct reg_wait *reg, unsigned nentries);

VERSIONED_ONCE(on_register_wait_reg, io_uring_register_wait_reg, "2.9");
int on_register_wait_reg(struct io_uring *ring, struct reg_wait *reg, int nr)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);

	if (next)
		return next->io_uring_register_wait_reg(ring, reg, nr);
	return reg_waits_register(ring, next_for(caller), reg, nr);
}

EXPORT int io_uring_register_reg_wait(struct io_uring *ring, struct reg_wait *reg, int nr)
{
	const void *caller = __builtin_return_address(0);

	if (passes_to(caller))
		return -EINVAL;
	return reg_waits_register(ring, next_for(caller), reg, nr);
}

EXPORT struct reg_wait *io_uring_setup_reg_wait(struct io_uring *ring, unsigned nentries, int *err)
{
	const void *caller = __builtin_return_address(0);

	*err = -EINVAL;
	if (passes_to(caller))
		return NULL;
	return reg_waits_setup(ring, next_for(caller), nentries, err);
}

EXPORT void io_uring_free_reg_wait(struct reg_wait *reg, unsigned nentries)
{
	reg_waits_free(reg, nentries);
}

VERSIONED_ONCE(on_submit_and_wait_reg, io_uring_submit_and_wait_reg, "2.9");
int on_submit_and_wait_reg(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			   int reg_index)
{
	const void *caller = __builtin_return_address(0);
	const struct next *next = passes_to(caller);

	if (next)
		return next->io_uring_submit_and_wait_reg(ring, cqe_ptr, wait_nr, reg_index);
	return reg_waits_wait(ring, cqe_ptr, wait_nr, reg_index, origin_here());
}
