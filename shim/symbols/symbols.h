/* SPDX-License-Identifier: MIT */
/*
 * How functions are exported.
 *
 * A function that stands in front of liburing's has a name of its own, on_..., and is exported
 * under liburing's name with liburing's version, and with the one that it has in liburing-ffi; not
 * as the default version (one @), so that only a reference with that version is bound to it: that
 * of an object that was linked with liburing. Objects that carry a liburing inside, or have
 * functions of such a name themselves, and dlsym(), find what they would find without us.
 */
#ifndef REGWAIT_SYMBOLS_H
#define REGWAIT_SYMBOLS_H

#include "base/config.h"
#include "base/next.h"
#include "process/thread.h"

#define EXPORT __attribute__((visibility("default")))

/*
 * A function that an exported one jumps to, so that the return address is still the program's.
 * Where the compiler makes no jumps of calls, it is a part of the exported one instead.
 */
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_THREAD__)
#define SEPARATE static __attribute__((noinline))
#else
#define SEPARATE static inline __attribute__((always_inline))
#endif

/*
 * VERSIONED(function, name, version, version): before the function's definition, whose type is
 * that of the declaration of name. gcc's attribute is what its link-time optimisation
 * understands; clang has none, and understands the assembly.
 */
#ifdef __has_attribute
#if __has_attribute(symver)
#define SYMVER_ATTRIBUTE 1
#endif
#endif

#ifdef SYMVER_ATTRIBUTE
#define SYMVER(function, name, version) \
	EXPORT __attribute__((symver(#name "@" version))) extern __typeof__(name) function
#else
#define SYMVER(function, name, version) \
	EXPORT extern __typeof__(name) function; \
	__asm__(".symver " #function ", " #name "@" version)
#endif

#define VERSIONED_ONCE(function, name, version) SYMVER(function, name, "LIBURING_" version)
#define VERSIONED(function, name, version, ffi_version) \
	SYMVER(function, name, "LIBURING_" version); \
	SYMVER(function, name, "LIBURING_" ffi_version)

/*
 * Where this call goes if it passes through untouched: REGWAIT=off, or a liburing calls another of
 * its functions. Else NULL. A constructor may come to us before ours has run.
 */
static inline const struct next *passes_to(const void *caller)
{
	if (!__builtin_expect(config.loaded, 1))
		config_load();
	if (config.mode == MODE_OFF)
		return next_for(caller);
	return next_known(caller) ? NULL : next_inside(caller);
}

#endif
