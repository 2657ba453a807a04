/* SPDX-License-Identifier: MIT */
/*
 * Preloaded behind the library, and so begun before it: what BEFORE says is the case when sites are
 * to be patched.
 */
#include <errno.h>
#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "inline_call.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif
#define SYS_MSEAL 462 /* 6.10 */

static uintptr_t start = UINTPTR_MAX, end; /* of the program's code */

static int see_program(struct dl_phdr_info *info, size_t size, void *arg)
{
	const uintptr_t page = sysconf(_SC_PAGESIZE) - 1;
	int i;

	(void)size, (void)arg;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t at = info->dlpi_addr + p->p_vaddr;

		if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
			continue;
		start = at & ~page;
		end = (at + p->p_memsz + page) & ~page;
	}
	return 1; /* the first is the program */
}

static void need(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "before: %s: %s\n", what, strerror(errno));
	_exit(77);
}

static void *sleeper(void *arg)
{
	pause();
	return arg;
}

static int cloned(void *arg)
{
	while (!arg)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

#define THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

/* Known to the kernel alone: the library stands in front of clone(), too. */
static __attribute__((noinline)) void hidden_thread(void)
{
	static char stack[16384] __attribute__((aligned(16)));
	long ret = inline_call(SYS_clone, THREAD, (long)(stack + sizeof(stack) / 2), 0, 0, 0, 0);

	/* The new thread has no frame to return to. */
	while (!ret)
		inline_call(SYS_ppoll, 0, 0, 0, 0, 0, 0);
	need(ret > 0, "clone");
}

/* Known to the kernel, not to libc. */
static void clone_thread(void)
{
	static char stack[16384] __attribute__((aligned(16)));

	need(clone(cloned, stack + sizeof(stack), THREAD, NULL) > 0, "clone");
}

static void fill(uintptr_t at, uintptr_t to)
{
	const size_t steps[] = { 1UL << 28, 1UL << 24, 1UL << 20, 1UL << 16, 1UL << 12 };
	size_t i;

	while (at < to) {
		for (i = 0; i < 5; i++)
			if (at + steps[i] <= to &&
			    mmap((void *)at, steps[i], PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
				 -1, 0) != MAP_FAILED)
				break;
		at += i < 5 ? steps[i] : 4096;
	}
}

/* No room within 2 GiB. */
static void crowd(void)
{
	const uintptr_t reach = 1UL << 31;

	fill(start > reach ? start - reach : 65536, start);
	fill(end, end + reach);
}

static void filter_mprotect(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	need(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
		     !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program),
	     "a filter");
}

static __attribute__((constructor)) void before(void)
{
	const char *what = getenv("BEFORE");
	pthread_t thread;

	if (!what)
		return;
	dl_iterate_phdr(see_program, NULL);
	if (!strcmp(what, "thread"))
		need(!pthread_create(&thread, NULL, sleeper, NULL), "a thread");
	else if (!strcmp(what, "clone"))
		clone_thread();
	else if (!strcmp(what, "hidden"))
		hidden_thread();
	else if (!strcmp(what, "crowd"))
		crowd();
	else if (!strcmp(what, "seal"))
		need(!syscall(SYS_MSEAL, start, end - start, 0), "mseal");
	else if (!strcmp(what, "mdwe"))
		need(!prctl(PR_SET_MDWE, 1, 0, 0, 0), "PR_SET_MDWE");
	else if (!strcmp(what, "filter"))
		filter_mprotect();
}
