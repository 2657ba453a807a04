/* SPDX-License-Identifier: MIT */
/*
 * The releases of liburing whose rules for waits are known, as 100 * major + minor. Older releases
 * return other values from waits, and newer ones may.
 */
#ifndef REGWAIT_CONTRACT_RELEASES_H
#define REGWAIT_CONTRACT_RELEASES_H

#define LIBURING_OLDEST 203
#define LIBURING_NEWEST 215

#endif
