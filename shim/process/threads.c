/* SPDX-License-Identifier: MIT */
/*
 * Notes what is unusual about the threads of the process. It holds for good.
 */
#include "process/threads.h"

bool threads_cloned;
bool threads_tables_differ;
