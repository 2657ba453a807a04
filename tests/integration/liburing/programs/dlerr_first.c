/* SPDX-License-Identifier: MIT */
/*
 * The same as dlerr, where the program's failure lies before its first use of
 * io_uring, when a shim has most to look for.
 */
#include <dlfcn.h>

#include "program.h"

int main(void)
{
	const char *error;
	struct io_uring ring;

	dlsym(RTLD_DEFAULT, "there_is_no_such_function");
	must_init(&ring, 8, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	error = dlerror();
	say("%s", error ? error : "no error");
	return 0;
}
