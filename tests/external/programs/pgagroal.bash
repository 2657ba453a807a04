# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# pgagroal, a pool of connections in front of PostgreSQL. The event loops of its processes, of which
# one is its client's, wait a tenth of a millisecond at a time, whatever comes.

program=pgagroal where=system
packages='pgagroal postgresql-18'
load='4000 queries of a client'
expects=registered
binaries=/usr/lib/postgresql/18/bin

# Neither of the two can be run as root.
as_postgres() {
	setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
}

# client PORT ARGUMENT...
client() {
	as_postgres "$binaries/psql" -h 127.0.0.1 -p "$1" -d postgres -At "${@:2}"
}

prepare() {
	chown postgres "$place"
	as_postgres "$binaries/initdb" -D "$place/data" --auth=trust --no-sync
	local port
	port=$(free_port)
	helper as_postgres "$binaries/postgres" -D "$place/data" -k "$place" -p "$port" \
		-c listen_addresses=127.0.0.1 -c fsync=off -c io_method=sync
	until_true client "$port" -c 'select 1'
	echo "$port" >"$place/port"
	seq -f 'select md5((%.0f)::text);' 4000 >"$place/queries"
	client "$port" -f "$place/queries" >"$place/answers"
	[ "$(wc -l <"$place/answers")" = 4000 ]
}

version() {
	# Its exit status is 1.
	{ pgagroal --version || true; } | sed -n '1s/ *$//p'
}

# configure PORT
configure() {
	cat >"$work/conf" <<-CONF
		[pgagroal]
		host = 127.0.0.1
		port = $1
		unix_socket_dir = $work
		log_type = console
		log_level = warn
		max_connections = 8
		pidfile = $work/pgagroal.pid
		[primary]
		host = 127.0.0.1
		port = $(<"$place/port")
	CONF
	echo 'host all all all trust' >"$work/hba"
	chown -R postgres "$work"
}

# start_pool PORT
start_pool() {
	configure "$1"
	begin setpriv --reuid=postgres --regid=postgres --clear-groups \
		pgagroal -c "$work/conf" -a "$work/hba"
	ready listens "$1"
}

# What a process of it computed counts once pgagroal has waited for it.
childless() {
	[ -z "$(<"/proc/$pid/task/$pid/children")" ]
}

# One client: if one comes while another gives back a connection, pgagroal takes one of its own
# descriptors for that connection now and then, and is in a loop for ever.
session() {
	local port
	port=$(free_port)
	start_pool "$port"
	client "$port" -f "$place/queries" >"$work/answers" 2>&1 ||
		wrong "the client failed: $(tail -n 1 "$work/answers")"
	cmp "$work/answers" "$place/answers" || wrong "a query has another result"
	until_true childless || wrong "the client's process does not end"
	finish TERM || wrong "it ended with status $?"
}
