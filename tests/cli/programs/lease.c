/* SPDX-License-Identifier: MIT */
/*
 * lease FILE: takes a lease on a file, which holds up whoever opens it, and keeps it until it is
 * killed.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_RDWR) : -1;

	signal(SIGIO, SIG_IGN);
	if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK)) {
		perror("lease");
		return 1;
	}
	puts("leased");
	fflush(stdout);
	for (;;)
		pause();
}
