/* SPDX-License-Identifier: MIT */
/*
 * shrink FILE: cuts a file short and makes it as long as before again, as fast as possible, until
 * it is killed. Whoever has it mapped gets SIGBUS.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR) : -1;
	static char page[1 << 20];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || st.st_size > (off_t)sizeof(page) ||
	    pread(fd, page, st.st_size, 0) != st.st_size)
		return 1;
	for (;;)
		if (ftruncate(fd, 0) || pwrite(fd, page, st.st_size, 0) != st.st_size)
			return 1;
}
