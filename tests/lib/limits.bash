# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced: whether the rings of this user are limited.

# Here the memory that all rings of a user lock counts together, and there is a limit to it.
locks_are_limited() {
	[ "$(id -u)" != 0 ] && [ "$(ulimit -l)" != unlimited ]
}
