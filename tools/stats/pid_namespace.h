/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_PID_NAMESPACE_H
#define REGWAIT_PID_NAMESPACE_H

#include <stdint.h>
#include <sys/types.h>

/* The PID namespace of a process (0: our own), by its inode; 0: it is not known. */
uint64_t pid_namespace(pid_t pid);

/* The id that a process has in its own namespace, which may be below ours; 0: it is not known. */
pid_t pid_in_its_namespace(pid_t pid);

/* The id that we see a process of another namespace by; 0: we do not see it. */
pid_t pid_seen_from_here(uint64_t namespace, pid_t pid);

#endif
