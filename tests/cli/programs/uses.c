/* SPDX-License-Identifier: MIT */
/*
 * A program whose library waits with a timeout; see tests/cli/libraries/waits.c. Where there is
 * no such library, it says so.
 */
#include <stdio.h>

__attribute__((weak)) int wait_a_little(void);

int main(void)
{
	printf("%d\n", wait_a_little ? wait_a_little() : -1);
	return 0;
}
