/* SPDX-License-Identifier: MIT */
/*
 * Opens a library with an engine, runs it and closes the library: opens LIBRARY [again|thread|child]
 *
 * again: several times. thread: while there is a second thread. child: in a forked child.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 8

/* Code in no file. */
static int count_nameless(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	int n = 0;

	while (maps && fgets(line, sizeof(line), maps))
		n += strstr(line, " r-xp 00000000 00:00 0") && !strchr(line, '[') &&
		     !strchr(line, '/');
	if (maps)
		fclose(maps);
	return n;
}

static void run(const char *path)
{
	void *library = dlopen(path, RTLD_NOW);
	int (*engine)(void);

	if (!library) {
		puts(dlerror());
		exit(2);
	}
	engine = (int (*)(void))dlsym(library, "engine");
	printf("engine returns %d\n", engine());
	printf("nothing: %s\n", dlsym(library, "no such name") ? "found" : dlerror());
	dlclose(library);
}

static void run_again(const char *path)
{
	int first = 0, i;

	for (i = 0; i < ROUNDS; i++) {
		run(path);
		if (i == 1)
			first = count_nameless();
	}
	printf("code in no file %s\n", count_nameless() > first ? "grows" : "does not grow");
}

static void run_in_child(const char *path)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		run(path);
		exit(0);
	}
	waitpid(pid, &status, 0);
	printf("child ended %d\n", status);
}

static void *sleeper(void *arg)
{
	pause();
	return arg;
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[2] : "";
	pthread_t thread;

	if (argc < 2)
		return 2;
	if (!strcmp(how, "thread") && pthread_create(&thread, NULL, sleeper, NULL))
		return 2;
	/* Who is asked for depends on who asks. */
	printf("the next syscall() is %s\n",
	       dlsym(RTLD_NEXT, "syscall") == dlsym(RTLD_DEFAULT, "syscall") ? "the first" :
									       "another");
	if (!strcmp(how, "again"))
		run_again(argv[1]);
	else if (!strcmp(how, "child"))
		run_in_child(argv[1]);
	else
		run(argv[1]);
	return 0;
}
