# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Completion of regwait for bash.

_regwait_processes() {
	local pid rest
	while read -r pid rest; do
		printf '%s\n' "$pid"
	done < <("${COMP_WORDS[0]}" stat --list 2>/dev/null)
}

# Where the program's own command line begins: sets start, 0 if it has not.
_regwait_program() {
	local i
	start=0
	for ((i = 2; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--) start=$((i + 1)); return ;;
		--metric | --judge | --baseline | --ringfd | --spin | --taskrun | --pairs | --budget | --report | --output | \
			--input | --seed | --attach | --slice) ((i++)) ;;
		-*) ;;
		*) start=$i; return ;;
		esac
	done
}

# Words and files of the program, completed as they are without us.
_regwait_its_own() {
	if ((COMP_CWORD == start)); then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur"; compgen -f -- "$cur")
	elif declare -F _command_offset >/dev/null; then
		_command_offset "$start"
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}

_regwait() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} start=0
	local command=${COMP_WORDS[1]} words=

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "check run stat set compare sites env --help --version" -- "$cur")
		return
	fi
	case $command in
	run | compare)
		_regwait_program
		if ((start)); then
			_regwait_its_own
			return
		fi
		;;
	esac
	# What an option takes is that and nothing else.
	case $command:$prev in
	run:--output | compare:--report | compare:--input | sites:--write)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	compare:--baseline) words=none ;;
	compare:--judge) words="wall cpu" ;;
	compare:--ringfd) words="auto off" ;;
	compare:--spin | run:--spin) words="off auto 50" ;;
	compare:--taskrun) words="asis coop" ;;
	compare:--attach) words=$(_regwait_processes) ;;
	compare:--metric | compare:--pairs | compare:--budget | compare:--seed | compare:--slice) return ;;
	stat:-i | stat:-n) return ;;
	esac
	if [[ -n $words ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		return
	fi
	case $command in
	check) words="--json --help $(_regwait_processes)" ;;
	run) words="--observe --ab --aa --spin --sites --off --children --exec --require --stats --json --output --quiet --help" ;;
	stat) words="-i -n --json --openmetrics --list --clean --help $(_regwait_processes)" ;;
	set)
		case $COMP_CWORD in
		2) words="--help $(_regwait_processes)" ;;
		3) words="on off observe ab aa" ;;
		esac ;;
	compare)
		words="--metric --input --show-output --ignore-failure --larger --judge --baseline --aa
			--ringfd --spin --taskrun --sites --pairs --budget --same-output --report --seed
			--attach --slice --json --help" ;;
	sites) words="--json --write --help" ;;
	env) words="--json --help" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	# Programs, where one may stand and no option was begun.
	case $command in
	check | run | compare | sites)
		if [[ $cur != -* ]]; then
			compopt -o filenames 2>/dev/null
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -c -- "$cur"; compgen -f -- "$cur")
		fi ;;
	esac
}

complete -F _regwait regwait
