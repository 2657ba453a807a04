# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# MPD of bookworm-backports decodes a file of its music directory and records it, as fast as it can.

program=mpd where=here
load='decodes a WAV file of two minutes'
expects=registered

# shellcheck source=tests/external/mpd/player.bash
. "$top/tests/external/mpd/player.bash"
room=$top/build/mpd/room

get() {
	"$top/tests/external/mpd/room" && make -s -C "$top" build/tests/external/mpd/server
}

prepare() {
	mkdir -p "$place/music"
	"$room/start" sox -n -r 44100 -c 2 -b 16 "$place/music/tone.wav" synth 120 sine 440
}

version() {
	"$room/start" mpd --version | sed -n '1s/.*(v\?\(.*\))$/MPD \1/p'
}

choose_song() {
	song=tone.wav
}

# All that there is to record has been; a header of as many bytes is before each.
recorded() {
	[ "$(stat -c %s "$work/recorded")" = "$(stat -c %s "$place/music/tone.wav")" ]
}

session() {
	configure_mpd "$work" "$place/music" <<-CONF
		audio_output {
			type "recorder"
			name "r"
			encoder "wave"
			path "$work/recorded"
			format "44100:16:2"
		}
	CONF
	mpd_in "$work"
	begin "${mpd_command[@]}"
	ready [ -S "$work/socket" ]
	mpc_in "$work" --quiet update --wait
	choose_song
	mpc_in "$work" --quiet add "$song"
	mpc_in "$work" --quiet play
	until_true recorded || wrong "it did not play to the end"
	cmp -i 44 "$work/recorded" "$place/music/tone.wav" || wrong "it played something else"
	finish TERM || wrong "MPD ended with status $?"
}
