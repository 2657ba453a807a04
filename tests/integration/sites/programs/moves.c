/* SPDX-License-Identifier: MIT */
/*
 * Waits by a system call instruction of its own, changes the memory of its own code and waits again:
 * moves huge|dropped|forked
 *
 * huge: a copy takes the place of the code, as it is done to have it in large pages. dropped: what was
 * changed in the code since it was loaded is dropped. forked: that in a child.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inline_call.h"
#include "program.h"

static struct io_uring ring;

/* Within one page. */
static __attribute__((noinline, aligned(64))) long site(long nr, long a, long b, long c, long d,
							long e, long f)
{
	return inline_call(nr, a, b, c, d, e, f);
}

static void wait_once(void)
{
	static struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_getevents_arg argument = { .sigmask_sz = 8, .ts = (uintptr_t)&ts };

	printf("wait: %ld\n", site(SYS_io_uring_enter, ring.ring_fd, 0, 1,
				   IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, (long)&argument,
				   sizeof(argument)));
	fflush(stdout);
}

static void must(const char *what, bool done)
{
	if (done)
		return;
	perror(what);
	exit(1);
}

/* The page in which the function begins. */
static char *start_of_code(size_t *size)
{
	const long page = sysconf(_SC_PAGESIZE);

	*size = page;
	return (char *)((uintptr_t)site & -page);
}

static void replace_by_copy(void)
{
	size_t size;
	char *code = start_of_code(&size);
	char *copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must("mmap", copy != MAP_FAILED);
	memcpy(copy, code, size);
	must("mprotect", !mprotect(copy, size, PROT_READ | PROT_EXEC));
	must("mremap", mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, code) == code);
}

static void drop_changes(void)
{
	size_t size;
	char *code = start_of_code(&size);

	must("madvise", !madvise(code, size, MADV_DONTNEED));
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	int status = 0;

	must_init(&ring, 8, 0);
	wait_once();
	if (*how == 'h') {
		replace_by_copy();
	} else if (*how == 'f' && !fork()) {
		drop_changes();
		wait_once();
		_exit(0);
	} else if (*how == 'd') {
		drop_changes();
	}
	if (*how == 'f') {
		wait(&status);
		printf("child: %d\n", status);
	}
	wait_once();
	return 0;
}
