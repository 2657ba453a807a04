/* SPDX-License-Identifier: MIT */
/*
 * Alternate signal stacks that the kernel refuses, and some that it does not: by libc's function,
 * and by its syscall().
 */
#include <errno.h>
#include <liburing.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define AUTODISARM (1U << 31)

static int by_syscall(const stack_t *stack, stack_t *old)
{
	return syscall(SYS_sigaltstack, stack, old);
}

static void try(const char *by, int (*change)(const stack_t *stack, stack_t *old))
{
	char *memory = calloc(1, 65536);
	const struct {
		const char *what;
		stack_t *stack, *old;
	} tries[] = {
		{ "nowhere", (stack_t *)8, NULL },
		{ "the kernel's", (stack_t *)-4096L, NULL },
		{ "old nowhere", NULL, (stack_t *)8 },
		{ "small", &(stack_t){ .ss_sp = memory, .ss_size = 16 }, NULL },
		{ "of no kind", &(stack_t){ .ss_sp = memory, .ss_size = 65536, .ss_flags = 77 },
		  NULL },
		{ "small, disarmed", &(stack_t){ .ss_sp = memory, .ss_flags = AUTODISARM }, NULL },
		{ "none", &(stack_t){ .ss_flags = SS_DISABLE }, NULL },
		{ "good", &(stack_t){ .ss_sp = memory, .ss_size = 65536 }, NULL },
		{ "disarmed",
		  &(stack_t){ .ss_sp = memory, .ss_size = 65536, .ss_flags = AUTODISARM }, NULL },
		{ "nothing", NULL, NULL },
	};
	unsigned i;
	int ret;

	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		errno = 0;
		ret = change(tries[i].stack, tries[i].old);
		printf("%s, %s: %d, %s\n", by, tries[i].what, ret, strerror(errno));
	}
}

int main(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_cqe *cqe;
	struct io_uring ring;

	if (io_uring_queue_init(4, &ring, 0))
		return 77;
	try("sigaltstack", sigaltstack);
	try("syscall", by_syscall);
	printf("wait: %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	io_uring_queue_exit(&ring);
	return 0;
}
