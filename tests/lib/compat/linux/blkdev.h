/* SPDX-License-Identifier: MIT */
/*
 * Newer liburing headers include <linux/blkdev.h>, which Debian 12's kernel
 * headers lack. The compiler looks here last, so a system's own file wins.
 */
#include <linux/ioctl.h>

#ifndef BLOCK_URING_CMD_DISCARD
#define BLOCK_URING_CMD_DISCARD _IO(0x12, 0)
#endif
