# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# Sourced by the files of liburing's examples, which Debian ships in liburing's source package only.

where=here
liburing=$top/build/liburing/2.15

get() {
	"$top/tests/fetch" liburing 2.15 && make -s -C "$top" build/tests/external/mpd/server
}

# build NAME [LIBRARY]: an example, linked with the library of the same release, or with that file.
build() {
	cc -O2 -w -D_GNU_SOURCE -I "$liburing/include" -idirafter "$top/tests/lib/compat" \
		-I "$liburing/src/examples" -o "$place/$1" "$liburing/src/examples"/{"$1",helpers}.c \
		-L "$liburing/lib" -Wl,-rpath,"$liburing/lib" "${2:--luring}" -lm -pthread
}

version() {
	printf "liburing %s's %s\n" "$(sed 's/-.*//' "$liburing/debian-version")" "$program"
}
