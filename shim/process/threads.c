/* SPDX-License-Identifier: MIT */
/*
 * What is unusual about the threads of the process: three flags, set once and never cleared.
 */
#include "process/threads.h"

bool threads_cloned;
bool threads_disarm_stacks;
bool threads_tables_differ;
