#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# The manual pages and the completions have all that the command has.

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
	for command in check run stat set compare sites env; do
		said page "^\.SH ${command^^}"
		for option in $(options_of $command); do
			said page "$option([^a-z]|\$)"
		done
	done
}

@test "the manual has every reason for which a wait does not look" {
	sed -n 's/^\tX([A-Z_]*, *"\([a-z-]*\)".*/\1/p' "$TOP/shim/contract/look_reasons.h" >"$OUT/reasons"
	(($(wc -l <"$OUT/reasons") > 10))
	sed -n '/^# LOOKING/,/^# WHERE/p' "$TOP/shim/libregwait.7.scd" >"$OUT/looking"
	while read -r reason; do
		said looking "^(\*[a-z-]+\*, )?\*$reason\*"
	done <"$OUT/reasons"
}

@test "help fits a terminal of 80 columns" {
	for command in '' check run stat set compare env; do
		"$CLI" $command --help >"$OUT/help"
		[ "$(wc -L <"$OUT/help")" -le 80 ] || { awk 'length > 80' "$OUT/help"; false; }
	done
}

@test "manual pages fit 80 columns, and words are neither divided nor spaced out" {
	command -v man >/dev/null || skip "there is no man"
	need_tool scdoc
	make -s -C "$TOP" build/regwait.1 build/libregwait.7
	for page in regwait.1 libregwait.7; do
		MANWIDTH=80 LC_ALL=C.UTF-8 man -l "$TOP/build/$page" >"$OUT/page"
		[ -s "$OUT/page" ]
		[ "$(LC_ALL=C.UTF-8 wc -L <"$OUT/page")" -le 80 ] || { awk 'length > 80' "$OUT/page"; false; }
		unsaid page '‐$'
		unsaid page '[a-z],? {2,}[a-z]+,? {2,}[a-z]'
	done
}

@test "the manual's examples are commands that the command understands" {
	sed -n '/^# EXAMPLES/,/^# SEE/p' "$TOP/tools/regwait.1.scd" | sed -n '/^```/,/^```/p' |
		sed '/^```/d; s/\\\\/\\/' >"$OUT/examples"
	said examples '^regwait compare'
	mkdir "$OUT/bin"
	ln -s "$CLI" "$OUT/bin/regwait"
	for program in server bench batch-job; do
		printf '#!/bin/sh\necho rps: 7\nexec "%s" 10\n' "$BIN/waiter" >"$OUT/bin/$program"
		chmod +x "$OUT/bin/$program"
	done
	sed -i "s,/usr/sbin/server,$OUT/bin/server,; s/-- bench/--pairs 1 -- bench/" "$OUT/examples"
	cd "$OUT"
	PATH=$OUT/bin:$PATH bash "$OUT/examples" >"$OUT/out" 2>&1
	unsaid out '^(Try|Usage)|No such file'
	[ -s out.html ]
}

@test "zsh and fish complete every option" {
	sed 's/-l \([a-z-]*\)/--\1/; s/-s \([a-z]\) /-\1 /' "$TOP/tools/completions/regwait.fish" >"$OUT/fish"
	cp "$TOP/tools/completions/_regwait" "$OUT/zsh"
	for command in check run stat set compare sites env; do
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
	for command in check run stat set compare sites env; do
		said offered "^$command$"
	done
	complete_words regwait co
	[ "$(<"$OUT/offered")" = compare ]
	for command in check run stat set compare sites env; do
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
