#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Hostile text (docs/threats.md, row 18): named tricks x every text field x
# every way in; then a ledger full of them, and every command that tells of it
# in a terminal emulator.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

PYTHON=/usr/bin/python3
TRICKS=$ROOT/tests/cli/tricks.py
MKLEDGER=$(dirname "$COUNTERSEAL")/tests/hostile/mkledger
if ! "$PYTHON" -c 'import pyte' 2>/dev/null; then
	skip "hostile text" "python3-pyte is not installed"
	tap_done
fi

# The lines of tricks.py, with numbers.
told() { # ARGUMENT...
	local line any=
	while IFS= read -r line; do
		case $line in
		'ok - '*) ok "${line#ok - }" && any=1 ;;
		'not ok - '*) not_ok "${line#not ok - }" '' && any=1 ;;
		*) printf '%s\n' "$line" ;;
		esac
	done < <("$PYTHON" "$TRICKS" "$@" 2>&1)
	[ -n "$any" ] || not_ok "tricks.py $1 $2" "it said nothing"
}

demo_ledger
expect "a ledger to begin with" 0
at lin kinds --json
printf '%s\n' "$OUT" >"$WORK/kinds"

desk lin
for way in file json observation policy; do
	told in "$way" "$WORK/kinds" "${DESK[@]}" "$COUNTERSEAL"
done
told prompt "$WORK/kinds" "${DESK[@]}" "$COUNTERSEAL"

# What somebody else wrote: all of it verifies.
"$PYTHON" "$TRICKS" names | cut -f 2- >"$WORK/values"
check "a ledger of hostile values" \
    "$MKLEDGER" "$WORK/values" "$WORK/hostile.db"
LEDGER=$WORK/hostile.db
desk reader
newest=$("${DESK[@]}" "$COUNTERSEAL" list --json | jq -r .change | tail -n 2)
for change in $newest; do
	told out "${DESK[@]}" "$COUNTERSEAL" -- show "$change"
	told out "${DESK[@]}" "$COUNTERSEAL" -- show "$change" --full
	told out "${DESK[@]}" "$COUNTERSEAL" -- show "$change" --json
done
for command in status list state log verify 'list --json' 'state --json' \
    'log --json' 'verify --json' 'status --json'; do
	# shellcheck disable=SC2086 # words
	told out "${DESK[@]}" "$COUNTERSEAL" -- $command
done
tap_done
