/* SPDX-License-Identifier: MIT */
/*
 * A program with liburing.a within, which exports it (-rdynamic) to the plugins that it loads. Of
 * two names it has versions of its own.
 */
#include <dlfcn.h>
#include <liburing.h>
#include <stdio.h>

int io_uring_setup_reg_wait(void);
int io_uring_free_reg_wait(int nr);

int io_uring_setup_reg_wait(void)
{
	return 4711;
}

int io_uring_free_reg_wait(int nr)
{
	return nr + 1;
}

int main(int argc, char **argv)
{
	void *plugin = dlopen(argv[argc - 1], RTLD_NOW);
	int (*engine)(void) = plugin ? (int (*)(void))dlsym(plugin, "engine") : NULL;
	struct io_uring ring;

	printf("own %d %d, init %d\n", io_uring_setup_reg_wait(), io_uring_free_reg_wait(4711),
	       io_uring_queue_init(4, &ring, 0));
	return engine ? engine() : 2;
}
