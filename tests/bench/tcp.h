/* SPDX-License-Identifier: MIT */
/* What lanes send each other over TCP. */
#ifndef REGWAIT_BENCH_TCP_H
#define REGWAIT_BENCH_TCP_H

#define MESSAGE 64U

/* Both ends of a connection over loopback, without delay. 0, -errno. */
int tcp_pair(int pair[2]);

#endif
