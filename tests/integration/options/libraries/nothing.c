/* SPDX-License-Identifier: MIT */
/* A library that does nothing: what loading one costs by itself. */
int regwait_test_nothing;
