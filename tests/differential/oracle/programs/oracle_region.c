/* SPDX-License-Identifier: MIT */
/* The program's own memory regions and registered waits. */
#include <sys/mman.h>

#include "oracle.h"

#define ENTRIES 4

#if LIBURING_AT_LEAST(9)

static struct io_uring_reg_wait *new_page(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		must(-errno, "mmap");
	return page;
}

static int add_region(struct io_uring *ring, void *page, unsigned flags)
{
	struct io_uring_region_desc desc = {
		.user_addr = (unsigned long)page,
		.size = 4096,
		.flags = page ? IORING_MEM_REGION_TYPE_USER : 0,
	};
	struct io_uring_mem_region_reg reg = {
		.region_uptr = (unsigned long)&desc,
		.flags = flags,
	};

	return io_uring_register_region(ring, &reg);
}

static void set_slot(struct io_uring_reg_wait *slot, double ms)
{
	*slot = (struct io_uring_reg_wait){
		.ts = after_ms(ms),
		.flags = IORING_REG_WAIT_TS,
	};
}

static void saw_reg(struct io_uring *ring, int index, const char *prefix)
{
	struct sight s;

	look(&s, ring, "%sregistered wait %d", prefix, index);
	tell(&s, io_uring_submit_and_wait_reg(ring, &s.cqe, 1, index));
}

/* What the release before 2.15 does not survive is not asked of it. */
static void saw_reg_stuck(struct io_uring *ring, int index, const char *prefix)
{
	struct sight s;

	if (!LIBURING_AT_LEAST(15)) {
		skip("saw_reg with a stuck SQE", "this liburing crashes");
		return;
	}
	put_stuck(ring, UD_STUCK);
	look(&s, ring, "%sregistered wait %d with a stuck SQE", prefix, index);
	tell(&s, io_uring_submit_and_wait_reg(ring, &s.cqe, 1, index));
}

/* As the manual page does it: a disabled ring, a region, and then enabled. */
static void own_waits(unsigned flags)
{
	struct io_uring_reg_wait *slots = new_page();
	struct io_uring ring;

	make_ring(&ring, ENTRIES, flags | IORING_SETUP_R_DISABLED);
	set_slot(&slots[0], MIN_WAIT_MS);
	set_slot(&slots[1], T_MS);
	say("/region: ret=%s", errname(add_region(&ring, slots, IORING_MEM_REGION_REG_WAIT_ARG)));
	say("/enable: ret=%s flags=%x", errname(enable_ring(&ring)), ring.flags);
	saw_reg(&ring, 0, "");
	saw_reg(&ring, 1, "");
	three_questions(&ring, "between ");
	/* The slots are the program's, whatever other waits there were. */
	saw_reg(&ring, 0, "again ");
	put_nops(&ring, 1, UD_NOP);
	saw_reg(&ring, 1, "a NOP ");
	drain(&ring);
	saw_reg_stuck(&ring, 1, "");
	saw_reg(&ring, -1, "");
	saw_reg(&ring, 64, "");
	say("/slots: %s",
	    slots[0].flags == IORING_REG_WAIT_TS && slots[2].flags == 0 ? "kept" : "changed");
	say("/second region: ret=%s", errname(add_region(&ring, new_page(), 0)));
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void textbook(void)		{ own_waits(0); }
static void textbook_sqpoll(void)	{ own_waits(IORING_SETUP_SQPOLL); }
/* clang-format on */

static void textbook_defer(void)
{
	own_waits(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
}

/* A region that is not for waits. */
static void other_region(unsigned flags, bool after_waiting, bool kernel_memory)
{
	void *page = kernel_memory ? NULL : new_page();
	struct io_uring ring;

	make_ring(&ring, ENTRIES, flags);
	if (after_waiting)
		three_questions(&ring, "before ");
	say("/region: ret=%s", errname(add_region(&ring, page, 0)));
	if (flags & IORING_SETUP_R_DISABLED)
		say("/enable: ret=%s", errname(enable_ring(&ring)));
	three_questions(&ring, "after ");
	saw_reg(&ring, 0, "");
	say("/second region: ret=%s", errname(add_region(&ring, new_page(), 0)));
	say("/wait region: ret=%s",
	    errname(add_region(&ring, new_page(), IORING_MEM_REGION_REG_WAIT_ARG)));
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void other_enabled(void)		{ other_region(0, false, false); }
static void other_late(void)		{ other_region(0, true, false); }
static void other_disabled(void)	{ other_region(IORING_SETUP_R_DISABLED, false, false); }
/* clang-format on */

/* The kernel takes a region for waits from a disabled ring only. */
static void wait_region_enabled(void)
{
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	say("/first: ret=%s",
	    errname(add_region(&ring, new_page(), IORING_MEM_REGION_REG_WAIT_ARG)));
	three_questions(&ring, "");
	saw_reg(&ring, 0, "");
	say("/second: ret=%s",
	    errname(add_region(&ring, new_page(), IORING_MEM_REGION_REG_WAIT_ARG)));
	io_uring_queue_exit(&ring);
}

static void disabled_twice(void)
{
	struct io_uring_reg_wait *slots = new_page();
	struct io_uring ring;

	make_ring(&ring, ENTRIES, IORING_SETUP_R_DISABLED);
	set_slot(&slots[0], T_MS);
	say("/first: ret=%s", errname(add_region(&ring, slots, IORING_MEM_REGION_REG_WAIT_ARG)));
	say("/second: ret=%s",
	    errname(add_region(&ring, new_page(), IORING_MEM_REGION_REG_WAIT_ARG)));
	put_question(&ring, &short_wait, "disabled ");
	say("/enable: ret=%s", errname(enable_ring(&ring)));
	say("/enable twice: ret=%s", errname(enable_ring(&ring)));
	saw_reg(&ring, 0, "");
	three_questions(&ring, "enabled ");
	io_uring_queue_exit(&ring);
}

static int register_descriptor(struct io_uring *ring, void *desc, unsigned flags)
{
	struct io_uring_mem_region_reg reg = {
		.region_uptr = (unsigned long)desc,
		.flags = flags,
	};

	return io_uring_register_region(ring, &reg);
}

/* What cannot be registered, on a disabled ring and on an enabled one. */
static void refused(unsigned flags)
{
	/* Below the lowest address that may be mapped. */
	void *hole = (void *)4096, *constant = new_page();
	struct io_uring ring;

	mprotect(constant, 4096, PROT_READ);
	make_ring(&ring, ENTRIES, flags);
	say("/unmapped: ret=%s", errname(add_region(&ring, hole, IORING_MEM_REGION_REG_WAIT_ARG)));
	say("/unmapped, plain: ret=%s", errname(add_region(&ring, hole, 0)));
	say("/read-only: ret=%s", errname(add_region(&ring, constant, 0)));
	say("/unaligned: ret=%s", errname(add_region(&ring, (char *)constant + 64, 0)));
	say("/flags: ret=%s", errname(add_region(&ring, new_page(), 1u << 20)));
	say("/no descriptor: ret=%s", errname(register_descriptor(&ring, BAD_POINTER, 0)));
	if (flags)
		say("/enable: ret=%s", errname(enable_ring(&ring)));
	three_questions(&ring, "");
	saw_reg(&ring, 0, "");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void refused_enabled(void)	{ refused(0); }
static void refused_disabled(void)	{ refused(IORING_SETUP_R_DISABLED); }
/* clang-format on */

/* Registered waits without anything registered. */
static void no_region(void)
{
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	saw_reg(&ring, 0, "");
	saw_reg(&ring, 1, "");
	saw_reg(&ring, 63, "");
	saw_reg(&ring, -1, "");
	three_questions(&ring, "");
	saw_reg(&ring, 0, "after waits ");
	put_nops(&ring, 1, UD_NOP);
	saw_reg(&ring, 0, "a NOP ");
	drain(&ring);
	io_uring_queue_exit(&ring);
}

/* By bare system calls instead of liburing's functions. */
static void raw_calls(void)
{
	struct io_uring_reg_wait *slots = new_page();
	struct io_uring_region_desc desc = {
		.user_addr = (unsigned long)slots,
		.size = 4096,
		.flags = IORING_MEM_REGION_TYPE_USER,
	};
	struct io_uring_mem_region_reg reg = {
		.region_uptr = (unsigned long)&desc,
		.flags = IORING_MEM_REGION_REG_WAIT_ARG,
	};
	unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | IORING_ENTER_EXT_ARG_REG;
	struct io_uring ring;
	struct sight s;

	set_slot(&slots[3], MIN_WAIT_MS);
	make_ring(&ring, ENTRIES, IORING_SETUP_R_DISABLED);
	say("/region: ret=%s",
	    errname(io_uring_register(ring.ring_fd, IORING_REGISTER_MEM_REGION, &reg, 1)));
	say("/enable: ret=%s",
	    errname(io_uring_register(ring.ring_fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0)));
	three_questions(&ring, "");
	look(&s, &ring, "enter 3");
	tell(&s, io_uring_enter2(ring.ring_fd, 0, 1, flags, (void *)(3 * sizeof(*slots)),
				 sizeof(*slots)));
	saw_reg(&ring, 3, "");
	say("/second: ret=%s",
	    errname(io_uring_register(ring.ring_fd, IORING_REGISTER_MEM_REGION, &reg, 1)));
	io_uring_queue_exit(&ring);

	make_ring(&ring, ENTRIES, 0);
	reg.flags = 0;
	say("/enabled: ret=%s",
	    errname(io_uring_register(ring.ring_fd, IORING_REGISTER_MEM_REGION, &reg, 1)));
	three_questions(&ring, "enabled ");
	look(&s, &ring, "enter 0");
	tell(&s, io_uring_enter2(ring.ring_fd, 0, 1, flags, NULL, sizeof(*slots)));
	io_uring_queue_exit(&ring);
}

#else

static void none(void)
{
	skip("", "this liburing does not have regions");
}

#endif

const struct scenario scenarios[] = {
#if LIBURING_AT_LEAST(9)
	{ "textbook", textbook },
	{ "textbook.sqpoll", textbook_sqpoll },
	{ "textbook.defer", textbook_defer },
	{ "other.enabled", other_enabled },
	{ "other.late", other_late },
	{ "other.disabled", other_disabled },
	{ "wait_region_enabled", wait_region_enabled },
	{ "disabled_twice", disabled_twice },
	{ "refused.enabled", refused_enabled },
	{ "refused.disabled", refused_disabled },
	{ "no_region", no_region },
	{ "raw_calls", raw_calls },
#else
	{ "none", none },
#endif
	{ NULL, NULL }
};
