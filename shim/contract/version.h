/* SPDX-License-Identifier: MIT */
/*
 * The version, as the statistics, the command and the manual pages say it.
 */
#ifndef REGWAIT_VERSION_H
#define REGWAIT_VERSION_H

#define REGWAIT_VERSION "0.1.0"

#endif
