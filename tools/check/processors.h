/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_PROCESSORS_H
#define REGWAIT_PROCESSORS_H

#include <stdbool.h>
#include <stddef.h>

/* Can it help here if waits look before they sleep? Writes what is to be said of it. */
bool processors_allow_spin(char *note, size_t size);

#endif
