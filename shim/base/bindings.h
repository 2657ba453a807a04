/* SPDX-License-Identifier: MIT */
/*
 * Binds an object's calls of a function to another one, as the loader would have if that were
 * exported. It is for functions that we cannot export, since every call of every program would come
 * by: they would cost something where nobody wants anything of them.
 *
 * What is changed is the word by which the object calls the function, which is data of its own; where
 * the loader has made it read-only, it is that again afterwards.
 */
#ifndef REGWAIT_BINDINGS_H
#define REGWAIT_BINDINGS_H

#include "base/objects.h"

/*
 * Each reference of this object to a function of that name, with a version, that is bound to real, or
 * is to be bound when it is first called. False: some could not be changed.
 */
bool bindings_change(const struct object *o, const char *name, void *real, void *ours);

#endif
