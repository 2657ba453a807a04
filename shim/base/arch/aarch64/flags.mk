# SPDX-License-Identifier: MIT
# How the library is compiled for aarch64; the Makefile includes it.
# The library does not stop a program from being checked where its jumps lead, and signs return
# addresses.
MACHINE	 := $(call known,-mbranch-protection=standard)
# gcc moves arguments aside before the jumps of these, and back.
JUMPS	 := $(call known,-fno-cse-follow-jumps)
$(addprefix $B/shim/symbols/,raw.o wait.o wait_min.o): private NO_MOVES += $(JUMPS)
