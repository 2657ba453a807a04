# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# The same MPD decodes what comes from a server over HTTP, as fast as it comes.

# shellcheck source=tests/external/programs/mpd-file.bash
. "$here/mpd-file.bash"
load='decodes a WAV stream of two minutes over HTTP'

# The other end is the one of make mpd, and not slow.
choose_song() {
	helper "$top/build/tests/external/mpd/server" "$place/music/tone.wav" 1000000000 >"$work/port"
	until_true holds "$work/port" . || wrong "the HTTP server does not start"
	song=http://127.0.0.1:$(<"$work/port")/tone.wav
}
