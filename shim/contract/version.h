/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_VERSION_H
#define REGWAIT_VERSION_H

#define REGWAIT_VERSION "0.1.0"

#endif
