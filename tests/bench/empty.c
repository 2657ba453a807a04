/* SPDX-License-Identifier: MIT */
/* A library that does nothing: preloading it shows what any preload costs a program's start. */
extern int regwait_bench_empty;
int regwait_bench_empty;
