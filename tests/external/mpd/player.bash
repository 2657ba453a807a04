# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # for who sources this
# Sourced: MPD in a room that tests/external/mpd/room made, driven by mpc. $room is that room.

# configure_mpd DIR MUSIC: a configuration for an MPD that keeps what it has in DIR, but for its audio
# output, which comes from standard input.
configure_mpd() {
	{
		printf '%s "%s"\n' music_directory "$2" db_file "$1/db" log_file "$1/log" \
			bind_to_address "$1/socket"
		cat
	} >"$1/conf"
}

# mpd_in DIR WORD...: puts the command that runs it there into mpd_command, these words before MPD.
# Without Avahi it announces nothing, and keeps a timer to try again.
mpd_in() {
	mpd_command=(env DBUS_SYSTEM_BUS_ADDRESS="unix:path=$1/none"
		"${@:2}" "$room/start" mpd --no-daemon "$1/conf")
}

# mpc_in DIR ARGUMENT...
mpc_in() {
	"$room/start" mpc -h "$1/socket" "${@:2}"
}
