/* SPDX-License-Identifier: MIT */
/*
 * What is unusual about the threads of the process: four flags, set once and never cleared, and
 * how many threads change their alternate stack.
 */
#include "process/threads.h"

bool threads_cloned;
bool threads_disarm_stacks;
bool threads_simulated;
unsigned threads_changing_stacks;
bool threads_tables_differ;
