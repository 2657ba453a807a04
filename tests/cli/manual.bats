#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# The command's manual page and its completions know what the command knows.

load ../lib/cli

setup() { tool_setup; }

# The options that a subcommand's help names.
options_of() {
	"$CLI" "$1" --help | grep -oE '(^  |\[)(--[a-z-]+|-[a-z]) ?' | tr -d '[ ' | sort -u
}

@test "the manual page is valid, and names every option" {
	command -v scdoc >/dev/null || skip "scdoc is not installed"
	scdoc <"$TOP/tools/regwait.1.scd" >"$OUT/regwait.1"
	sed 's/\\-/-/g; s/\\f.//g' "$OUT/regwait.1" >"$OUT/page"
	for command in check run stat set compare env; do
		said page "^\.SH ${command^^}"
		for option in $(options_of $command); do
			said page "$option([^a-z]|\$)"
		done
	done
}

@test "zsh and fish complete every option" {
	sed 's/-l \([a-z-]*\)/--\1/; s/-s \([a-z]\) /-\1 /' "$TOP/tools/completions/regwait.fish" >"$OUT/fish"
	cp "$TOP/tools/completions/_regwait" "$OUT/zsh"
	for command in check run stat set compare env; do
		for option in $(options_of $command); do
			said zsh "${option}[[']"
			said fish "$command.* $option( |\$)"
		done
	done
	for shell in zsh fish; do
		! command -v $shell >/dev/null || $shell -n "$OUT/$shell"
	done
}

# complete_words WORD...: what bash would offer for the last of them.
complete_words() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_regwait 2>/dev/null || true	# compopt fails outside of a completion
	printf '%s\n' "${COMPREPLY[@]}" >"$OUT/offered"
}

@test "bash completes subcommands, options, modes and processes" {
	# shellcheck source=/dev/null
	source "$TOP/tools/completions/regwait.bash"
	complete_words regwait ''
	for command in check run stat set compare env; do
		said offered "^$command$"
	done
	complete_words regwait co
	[ "$(<"$OUT/offered")" = compare ]
	for command in check run stat set compare env; do
		complete_words regwait $command -
		for option in $(options_of $command); do
			said offered "^$option$"
		done
	done
	complete_words regwait set 1 o
	diff <(printf '%s\n' off on observe | sort) <(sort "$OUT/offered")
	complete_words regwait compare --baseline ''
	said offered '^none$'
	begin "$BIN/waiter" 0 1000
	PATH=$TOP/build:$PATH complete_words regwait stat "${pid:0:1}"
	said offered "^$pid$"
	tool_teardown
}

@test "bash completes a program, and then what is the program's" {
	# shellcheck source=/dev/null
	source "$TOP/tools/completions/regwait.bash"
	complete_words regwait run --quiet tru
	said offered '^true$'
	complete_words regwait compare --pairs 3 tru
	said offered '^true$'
	cd "$OUT"
	: >some-file
	complete_words regwait run -- cat --o some-f
	said offered '^some-file$'
	complete_words regwait run cat --o
	unsaid offered '^--off$'
	complete_words regwait compare --report some-f
	said offered '^some-file$'
}
