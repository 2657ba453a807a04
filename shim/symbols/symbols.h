/* SPDX-License-Identifier: MIT */
/*
 * How functions are exported.
 *
 * A function that interposes one of liburing's is called on_... and is exported under liburing's
 * name and version, and under the version that liburing-ffi has for it. It is not the default
 * version (one @ and not two), so only a reference with that version is bound to it: one from an
 * object that was linked with liburing. Objects that contain a liburing, or define such names
 * themselves, and dlsym(), find what they would find without us.
 */
#ifndef REGWAIT_SYMBOLS_H
#define REGWAIT_SYMBOLS_H

#include "base/config.h"
#include "base/next.h"
#include "process/thread.h"

#define EXPORT __attribute__((visibility("default")))

/*
 * A function that an exported one jumps to, so that the return address stays the program's. If the
 * compiler does not turn such calls into jumps, it is inlined into the exported one instead. Nor may it
 * be cloned for arguments that are always the same: gcc 16 left one out, and a function with six cannot
 * jump to one with seven, of which the last is on the stack.
 */
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define SEPARATE static __attribute__((noinline, noclone))
#elif defined(__OPTIMIZE__) && !defined(__SANITIZE_THREAD__)
#define SEPARATE static __attribute__((noinline))
#else
#define SEPARATE static inline __attribute__((always_inline))
#endif

/*
 * VERSIONED(function, name, version, ffi_version) goes before the definition of the function, which
 * gets the type of the declaration of name. gcc has an attribute for it, which its link-time
 * optimisation understands. clang has none, and understands the assembly.
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
 * Where this call goes if we have nothing to do with it: REGWAIT=off, one function of a liburing calls
 * another, or the system calls of that liburing are patched. Else NULL. Another library's constructor
 * may call us before ours has run.
 */
static inline const struct next *passes_to(const void *caller)
{
	const struct next *next;

	if (!__builtin_expect(config.loaded, 1))
		config_load();
	if (config.mode == MODE_OFF)
		return next_for(caller);
	next = next_known(caller);
	if (!next) {
		next = next_inside(caller);
		if (next)
			return next;
		next = next_for(caller);
	}
	return next->by_sites ? next : NULL;
}

#endif
