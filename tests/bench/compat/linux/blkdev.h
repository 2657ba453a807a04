/* SPDX-License-Identifier: MIT */
/*
 * liburing 2.14 and newer, as Debian builds it, includes <linux/blkdev.h>, which the kernel headers
 * of Debian 12 lack. This stands in for it where there is none (-idirafter): one name, in an inline
 * function that the benchmark never calls.
 */
#ifndef REGWAIT_BENCH_COMPAT_BLKDEV_H
#define REGWAIT_BENCH_COMPAT_BLKDEV_H

#include <linux/ioctl.h>

#define BLOCK_URING_CMD_DISCARD _IO(0x12, 0)

#endif
