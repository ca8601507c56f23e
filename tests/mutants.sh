#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Switches every rule off, one at a time, and runs the tests that watch the
# fold until one of them fails. A rule whose loss no test notices survives.
#   BUILD=build-mutants tests/mutants.sh [CODE]...      (make mutants)
set -u
cd "$(dirname "$0")/.." || exit 1

BUILD=${BUILD:-build-mutants}
# The quickest and sharpest first: most rules die in the first program.
PROGRAMS=$(find "$BUILD/tests/unit" -type f -executable \
    \( -name 'test_fold*' -o -name 'test_vectors' -o -name 'test_replay' -o \
    -name 'test_recheck' -o -name 'test_desk' -o -name 'test_memory*' \) |
    LC_ALL=C sort)
if [ $# -eq 0 ]; then
	# shellcheck disable=SC2046,SC2016 # codes are words, in back-quotes
	set -- $(sed -n 's/^| `\([a-z-]*\)` .*/\1/p' docs/findings.md)
fi

# The first program that fails without the rule; nothing if none does.
killer() { # CODE
	local program
	for program in $PROGRAMS; do
		COUNTERSEAL_RULE_OFF=$1 timeout 120 "$program" \
		    >/dev/null 2>&1 </dev/null || {
			basename "$program"
			return
		}
	done
}

killed=0
survived=0
for code; do
	by=$(killer "$code")
	if [ -n "$by" ]; then
		killed=$((killed + 1))
		printf 'killed    %-22s by %s\n' "$code" "$by"
	else
		survived=$((survived + 1))
		printf 'SURVIVED  %s\n' "$code"
	fi
done
printf '%d passed, %d failed\n' "$killed" "$survived"
exit $((survived > 0))
