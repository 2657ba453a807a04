# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# Eio of OCaml, whose scheduler waits until the next of its timers: an echo server. The few lines of
# the server are ours, the waits are not.

program=eio where=system
packages='libeio-ocaml-dev ocaml ocaml-findlib gcc libc6-dev liburing-dev'
load='4 clients, 4000 lines echoed each'
expects=registered

prepare() {
	cp "$here/eio_echo.ml" "$place/"
	(cd "$place" && ocamlfind ocamlopt -package cstruct,eio,eio_main -linkpkg eio_echo.ml -o eio)
}

version() {
	printf 'an echo server by Eio %s\n' "$(dpkg-query -W -f '${Version}' libeio-ocaml-dev | sed 's/-.*//')"
}

# One line at a time.
client() {
	local i answer
	exec 3<>"/dev/tcp/127.0.0.1/$1"
	for ((i = 0; i < 4000; i++)); do
		echo $i >&3
		read -r -u 3 answer && [ "$answer" = $i ] || return 1
	done
}

session() {
	local port i clients=()
	port=$(free_port)
	begin env EIO_BACKEND=linux "$place/eio" "$port"
	ready listens "$port"
	for i in 1 2 3 4; do
		(client "$port") &
		clients+=($!)
	done
	for i in "${clients[@]}"; do
		wait "$i" || wrong "what came back is not what was sent"
	done
	finish TERM || [ $? = 143 ] || wrong "it ended by itself"
}
