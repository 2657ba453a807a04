/* SPDX-License-Identifier: MIT */
/*
 * A preload, placed behind the shim, that lets calls fail which the shim itself
 * makes (by their return address); everybody else's go through. FAIL says which:
 *	mmap:2		the second call of mmap
 *	mmap:2+		the second and all that follow
 *	random:SEED:N	one of N calls of any function, but those that find symbols
 * FAIL_COUNTS names a file to which the numbers of calls are written at exit.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* clang-format off */
#define HOOKED(X) \
	X(mmap) X(madvise) X(calloc) X(malloc) X(pthread_key_create) X(pthread_setspecific) \
	X(pthread_mutex_init) X(pthread_mutex_trylock) X(fstat) X(readlink) X(getrlimit) \
	X(clock_gettime) X(open) X(openat) X(write) X(mkdir) X(posix_fallocate) X(renameat) \
	X(dlsym) X(dlopen)

enum hook {
#define X(name) HOOK_##name,
	HOOKED(X)
#undef X
	HOOKS
};
/* clang-format on */

static const char *const names[HOOKS] = {
#define X(name) [HOOK_##name] = #name,
	HOOKED(X)
#undef X
};

static uintptr_t shim_start, shim_end;
static unsigned calls[HOOKS];
static uint64_t random_state;

static int find_shim(struct dl_phdr_info *info, size_t size, void *unused)
{
	int i;

	(void)size;
	(void)unused;
	if (!strstr(info->dlpi_name, "libregwait"))
		return 0;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_X))
			continue;
		shim_start = info->dlpi_addr + ph->p_vaddr;
		shim_end = shim_start + ph->p_memsz;
	}
	return 1;
}

static bool from_shim(const void *caller)
{
	static bool sought;

	if (!sought) {
		sought = true;
		dl_iterate_phdr(find_shim, NULL);
	}
	return (uintptr_t)caller - shim_start < shim_end - shim_start;
}

static bool by_chance(enum hook hook, const char *rest)
{
	unsigned long one_of;

	if (hook == HOOK_dlsym || hook == HOOK_dlopen)
		return false;
	if (!random_state)
		random_state = (strtoul(rest, NULL, 10) + 1) * 0x9e3779b97f4a7c15ULL;
	one_of = strtoul(strchr(rest, ':') + 1, NULL, 10);
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state >> 20) % one_of == 0;
}

/* Is this call to fail? */
static bool fails(enum hook hook, const void *caller)
{
	const char *what = getenv("FAIL"), *number;
	unsigned nr, n;

	if (!from_shim(caller))
		return false;
	nr = __atomic_add_fetch(&calls[hook], 1, __ATOMIC_RELAXED);
	if (!what || !(number = strchr(what, ':')))
		return false;
	if (!strncmp(what, "random:", 7))
		return by_chance(hook, what + 7);
	if (strlen(names[hook]) != (size_t)(number - what) ||
	    memcmp(names[hook], what, number - what))
		return false;
	n = strtoul(number + 1, NULL, 10);
	return strchr(number, '+') ? nr >= n : nr == n;
}

#define FAILS(name) fails(HOOK_##name, __builtin_return_address(0))

static void *real_dlsym(const char *name)
{
	static void *(*find)(void *, const char *);
	static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
	unsigned i;

	for (i = 0; !find && i < 3; i++)
		find = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", versions[i]);
	return find(RTLD_NEXT, name);
}

#define NEXT(name) ((__typeof__(name) *)real_dlsym(#name))

/* What is found without looking, since looking may allocate. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t nr, size_t size);

#define WITH_ERRNO(error, value) \
	({ \
		errno = (error); \
		(value); \
	})

void *malloc(size_t size)
{
	return FAILS(malloc) ? WITH_ERRNO(ENOMEM, NULL) : __libc_malloc(size);
}

void *calloc(size_t nr, size_t size)
{
	return FAILS(calloc) ? WITH_ERRNO(ENOMEM, NULL) : __libc_calloc(nr, size);
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	return FAILS(mmap) ? WITH_ERRNO(ENOMEM, MAP_FAILED) :
			     (void *)syscall(SYS_mmap, addr, len, prot, flags, fd, off);
}

int madvise(void *addr, size_t len, int advice)
{
	return FAILS(madvise) ? WITH_ERRNO(EINVAL, -1) : NEXT(madvise)(addr, len, advice);
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	return FAILS(pthread_key_create) ? EAGAIN : NEXT(pthread_key_create)(key, destructor);
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	return FAILS(pthread_setspecific) ? ENOMEM : NEXT(pthread_setspecific)(key, value);
}

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	return FAILS(pthread_mutex_init) ? ENOMEM : NEXT(pthread_mutex_init)(mutex, attr);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	return FAILS(pthread_mutex_trylock) ? EAGAIN : NEXT(pthread_mutex_trylock)(mutex);
}

int fstat(int fd, struct stat *st)
{
	return FAILS(fstat) ? WITH_ERRNO(EOVERFLOW, -1) : NEXT(fstat)(fd, st);
}

ssize_t readlink(const char *path, char *to, size_t size)
{
	return FAILS(readlink) ? WITH_ERRNO(ENOENT, -1) : NEXT(readlink)(path, to, size);
}

int getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
	return FAILS(getrlimit) ? WITH_ERRNO(EPERM, -1) : NEXT(getrlimit)(resource, limit);
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	return FAILS(clock_gettime) ? WITH_ERRNO(EINVAL, -1) : NEXT(clock_gettime)(clock, ts);
}

static mode_t mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	bool failing = FAILS(open);
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return failing ? WITH_ERRNO(EMFILE, -1) : NEXT(open)(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	bool failing = FAILS(openat);
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return failing ? WITH_ERRNO(EMFILE, -1) : NEXT(openat)(dir, path, flags, mode);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	return FAILS(write) ? WITH_ERRNO(ENOSPC, -1) : NEXT(write)(fd, buf, len);
}

int mkdir(const char *path, mode_t mode)
{
	return FAILS(mkdir) ? WITH_ERRNO(ENOSPC, -1) : NEXT(mkdir)(path, mode);
}

int posix_fallocate(int fd, off_t from, off_t len)
{
	return FAILS(posix_fallocate) ? ENOSPC : NEXT(posix_fallocate)(fd, from, len);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return FAILS(renameat) ? WITH_ERRNO(ENOSPC, -1) :
				 NEXT(renameat)(from_dir, from, to_dir, to);
}

/* RTLD_NEXT counts from here then, which is the same to a shim right before us. */
void *dlsym(void *handle, const char *name)
{
	static void *(*next)(void *, const char *);

	if (FAILS(dlsym))
		return NULL;
	if (!next)
		next = (void *(*)(void *, const char *))real_dlsym("dlsym");
	return next(handle, name);
}

void *dlopen(const char *name, int mode)
{
	return FAILS(dlopen) ? NULL : NEXT(dlopen)(name, mode);
}

static __attribute__((destructor)) void tell(void)
{
	const char *file = getenv("FAIL_COUNTS");
	FILE *f = file ? fopen(file, "a") : NULL;
	int i;

	for (i = 0; f && i < HOOKS; i++)
		if (calls[i])
			fprintf(f, "%s %u\n", names[i], calls[i]);
	if (f)
		fclose(f);
}
