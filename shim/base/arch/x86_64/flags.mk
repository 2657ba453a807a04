# SPDX-License-Identifier: MIT
# How the library is compiled for x86-64; the Makefile includes it.
# What the library puts on the stack need not be aligned for vector registers: a program whose stack
# is off by eight bytes may call syscall(), close() and liburing, which do not need it either.
MACHINE	 := $(call known,-mgeneral-regs-only)
