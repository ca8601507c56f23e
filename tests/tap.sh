# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# TAP for shell tests: source it, call these, end with `tap_done`.
tap_count=0
tap_failed=0

ok() { # TEXT
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s\n' "$tap_count" "$1"
}

not_ok() { # TEXT [DIAGNOSTICS]
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	printf 'not ok %d - %s\n' "$tap_count" "$1"
	[ -z "${2:-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}

skip() { # TEXT REASON
	tap_count=$((tap_count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

# Passes if the command succeeds; what it printed becomes the diagnostics.
check() { # TEXT COMMAND...
	local text=$1 out
	shift
	if out=$("$@" 2>&1); then
		ok "$text"
	else
		not_ok "$text" "${out:-$* failed}"
	fi
}

# Passes if the command prints nothing: each line is one thing that is wrong.
check_silent() { # TEXT COMMAND...
	local text=$1 out
	shift
	out=$("$@" 2>&1)
	if [ -z "$out" ]; then
		ok "$text"
	else
		not_ok "$text" "$out"
	fi
}

tap_done() {
	printf '1..%d\n' "$tap_count"
	exit $((tap_failed > 0))
}
