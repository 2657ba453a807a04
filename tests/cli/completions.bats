#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# Completions: what each shell's own engine offers after a line.

load ../lib/cli

setup() {
	tool_setup
	PATH=${CLI%/*}:$PATH
	cd "$OUT" || return
	: >some-file
}

teardown() { tool_teardown; }

# offered SHELL LINE: what is offered there, into $OUT/offered.
offered() {
	local place=$TOP/tools/completions
	command -v "$1" >/dev/null || skip "there is no $1"
	case $1 in
	fish)
		env HOME="$OUT" fish -c "source '$place/regwait.fish'; complete --do-complete='$2'" >offered 2>&1
		return ;;
	bash) file=$place/regwait.bash ;;
	zsh) file=$place/_regwait ;;
	esac
	command -v zsh >/dev/null || skip "there is no zsh, whose terminal is used"
	timeout 120 "$BATS_TEST_DIRNAME/completing.zsh" "$1" "$file" "$2" >offered
}

# What every engine must do, after the name of the shell.
each_line() {
	offered "$1" 'regwait '
	for command in check run stat set compare sites env; do
		said offered "(^| )$command( |	|\$)"
	done
	# Options, and only the command's.
	offered "$1" 'regwait run --o'
	said offered '--observe'
	said offered '--output'
	unsaid offered '--openmetrics'
	# The value of an option, and nothing else: no programs, no files.
	offered "$1" 'regwait compare --judge '
	said offered 'cpu'
	said offered 'wall'
	unsaid offered 'some-file|--pairs'
	[ "$(tr -s '[:space:]' '\n' <offered | wc -l)" -lt 20 ]
	offered "$1" 'regwait set 1 o'
	said offered 'observe'
	said offered 'off'
	unsaid offered 'some-file'
	# A program, whatever stands before it.
	for before in run 'run --' 'run --quiet' 'compare --pairs 3' 'compare --pairs 3 --'; do
		offered "$1" "regwait $before tru"
		said offered 'true'
		said offered 'truncate'
		unsaid offered 'bad math|error'
	done
	# After it there are files, and no options of ours.
	for before in 'run cat' 'run -- cat' 'run --output told -- cat'; do
		offered "$1" "regwait $before /proc/self/stat"
		said offered 'status'
		offered "$1" "regwait $before --obs"
		unsaid offered '--observe'
	done
	offered "$1" 'regwait compare --pairs 1 cat --jud'
	unsaid offered '--judge'
}

@test "bash" { each_line bash; }

@test "zsh" { each_line zsh; }

@test "fish" {
	each_line fish
	# The program's own options are offered as without regwait.
	env HOME="$OUT" fish -c "complete --do-complete='ls --si'" >plain
	# fish 4 also offers what contains an "s" and an "i" somewhere.
	sed -i '/^--si/!d' plain
	[ -s plain ]
	offered fish 'regwait run -- ls --si'
	sed '/^--si/!d' offered | diff plain -
}
