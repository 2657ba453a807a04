#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A thousand random environments stop no program. SEED begins another thousand.

load ../aside/helper

setup() {
	aside_setup
	mkdir "$OUT/files"
	cd "$OUT/files" || return
}

@test "a program that makes rings of two kinds" {
	"$ASIDE/storm" "${SEED:-20260101}" 700 "$SHIM" "$OUT/files" "$BIN/rings" params 1
	"$ASIDE/storm" "${SEED:-20260101}" 100 "$SHIM" "$OUT/files" "$BIN/rings" disabled 2
}

@test "a program that forks" {
	"$ASIDE/storm" "${SEED:-20260101}" 100 "$SHIM" "$OUT/files" "$BIN/family" fork-own
}

@test "a program without io_uring" {
	"$ASIDE/storm" "${SEED:-20260101}" 100 "$SHIM" "$OUT/files" "$(command -v uname)"
}
