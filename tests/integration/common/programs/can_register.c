/* SPDX-License-Identifier: MIT */
/*
 * Does this kernel have registered waits, for this user? Exits with 0 if so; otherwise prints why
 * not. It asks the kernel itself, not the shim.
 */
#include <stdint.h>
#include <sys/mman.h>

#include "program.h"

static const char *forbidden(int error)
{
	switch (error) {
	case ENOSYS:
		return "this kernel has no io_uring, or a container's filter hides it";
	case EPERM:
	case EACCES:
		return "nobody may use io_uring here (sysctl kernel.io_uring_disabled, or a "
		       "container's filter)";
	}
	return "no ring can be made here";
}

int main(void)
{
	struct {
		uint64_t addr, size;
		uint32_t flags, id;
		uint64_t more[5];
	} desc = { 0 };
	struct {
		uint64_t desc, flags, resv[2];
	} reg = { .desc = (uintptr_t)&desc, .flags = 1 };
	struct io_uring_params p = { .flags = IORING_SETUP_R_DISABLED };
	int fd = syscall(SYS_io_uring_setup, 1, &p);

	if (fd < 0) {
		fprintf(stderr, "%s: %s\n", forbidden(errno), strerror(errno));
		return 1;
	}
	desc.size = sysconf(_SC_PAGESIZE);
	desc.addr = (uintptr_t)mmap(NULL, desc.size, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	desc.flags = 1;
	if (!syscall(SYS_io_uring_register, fd, OP_MEM_REGION, &reg, 1))
		return 0;
	fprintf(stderr,
		"this kernel has no registered waits, which Linux has since 6.13, or refuses "
		"them: %s\n",
		strerror(errno));
	return 1;
}
