#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A thousand random environments do not harm any program. SEED=N: another thousand.

load ../../lib/integration

setup() {
	programs_setup
	mkdir "$OUT/files"
	cd "$OUT/files" || return
}

@test "a program that makes rings of two kinds" {
	"$BUILT/integration/options/storm" "${SEED:-20260101}" 700 "$SHIM" "$OUT/files" "$BIN/common/rings" params 1
	"$BUILT/integration/options/storm" "${SEED:-20260101}" 100 "$SHIM" "$OUT/files" "$BIN/common/rings" disabled 2
}

@test "a program that forks" {
	"$BUILT/integration/options/storm" "${SEED:-20260101}" 100 "$SHIM" "$OUT/files" "$BIN/common/family" fork-own
}

@test "a program without io_uring" {
	"$BUILT/integration/options/storm" "${SEED:-20260101}" 100 "$SHIM" "$OUT/files" "$(command -v uname)"
}
