/* SPDX-License-Identifier: MIT */
/*
 * dlerror() returns the program's own last error, once; errors of what a shim does must not show
 * there.
 */
#include <dlfcn.h>
#include <signal.h>
#include <time.h>

#include "program.h"

static void tell(const char *when)
{
	const char *error = dlerror();

	say("%s: %s", when, error ? error : "no error");
}

/* The first call of one of libc's functions that may make a thread. */
static void make_timer(void)
{
	struct sigevent none = { .sigev_notify = SIGEV_NONE };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &none, &timer) || timer_delete(timer))
		die("timer_create", -errno);
}

int main(void)
{
	struct io_uring ring;

	tell("at the start");
	must_init(&ring, 8, 0);
	tell("after making a ring");
	wait_round(&ring);
	tell("after waiting");
	io_uring_queue_exit(&ring);
	tell("after ending the ring");

	dlsym(RTLD_DEFAULT, "there_is_no_such_function");
	must_init(&ring, 8, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	tell("of a symbol that was sought before using io_uring");

	dlsym(RTLD_DEFAULT, "there_is_no_such_function");
	make_timer();
	tell("of a symbol that was sought before making a timer");
	return 0;
}
