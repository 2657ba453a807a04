/* SPDX-License-Identifier: MIT */
/*
 * Where is nothing of ours done? In a process of another C library, and under ThreadSanitizer.
 *
 * Which C library is this? A preload is inherited by all that a program starts, and musl's loader gives
 * us musl's functions by glibc's names; if one is missing, it ends the program. So the names that
 * only glibc has are weak references. Where they lead nowhere, nothing of ours is done (init.c).
 */
#ifndef REGWAIT_LIBC_H
#define REGWAIT_LIBC_H

#include <stdbool.h>
#include <string.h>
#include <sys/single_threaded.h>

#pragma weak __libc_single_threaded
#pragma weak strerrordesc_np

static inline bool libc_is_glibc(void)
{
	return &__libc_single_threaded;
}

/*
 * ThreadSanitizer wraps functions of libc's, for all callers, but sees what code does between them only
 * if that is built for it. So it would report our mutexes and memory, which it does not see us lock, as
 * the program's data races. We may be built for it ourselves.
 */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#ifdef __SANITIZE_THREAD__
#define BUILT_FOR_TSAN 1
#else
#define BUILT_FOR_TSAN 0
#endif

void __tsan_init(void) __attribute__((weak));

static inline bool tsan_reports_us(void)
{
	return !BUILT_FOR_TSAN && __tsan_init;
}

#endif
