#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Rules of time at a desk: a panel that stays before the key is asked, and a
# window in which a change can be entered.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000 # made of published test values

# A ledger of the same two persons under the fixed rules with these words.
under() { # NAME SED-PROGRAM...
	local name=$1 words=()
	shift
	for word in "$@"; do
		words+=(-e "$word")
	done
	LEDGER=$WORK/$name.db
	sed "${words[@]}" "$WORK/fixed.ini" >"$WORK/$name.ini"
	at lin init --org 'Example Trading GmbH' --demo \
	    --from "$WORK/lin.offer=operator,admin" \
	    --from "$WORK/mina.offer=approver,admin" \
	    --policy "$WORK/$name.ini" --accept-single-keys
	expect "a ledger of $name" 0
	at mina join
	expect "which mina joins" 0
}

demo_ledger
expect "a ledger to begin with" 0
at lin policy show
expect "its rules" 0 '^on screen = 0s$'
printf '%s\n' "$OUT" >"$WORK/fixed.ini"

# ---- on screen ----

under slow 's/^on screen = 0s/on screen = 30s/'
ask "$FIRST"
N=$CHANGE
person mina '{IBAN: $} "DE89370400440532013000\r"
    {Change .*will approve.*the key is asked in 30 s} ""
    {the key is asked in 29 s} "\003"' approve "$N"
expect "Ctrl-C while the panel stays" 130
check_silent "the key is not asked before" grep 'Touch your key' <<<"$OUT"
check "and the terminal is as it was" grep -q '^TERMINAL=same' <<<"$OUT"
at mina show "$N" --json
expect_json "nothing is sealed" 0 '.status == "asked"'
at mina reject "$N" --reason suspicious
expect "a no need not wait" 0

under quick 's/^on screen = 0s/on screen = 1s/' \
    's/^apply window = none/apply window = 3s/' \
    's/^clock tolerance = 10m/clock tolerance = 1s/'
ask "$FIRST"
N=$CHANGE
begun=${EPOCHREALTIME/./}
approve mina "$N" "$FIRST" --json
expect_json "approved in the end" 0 '.status == "approved"'
check "not before a second was over" \
    [ $((${EPOCHREALTIME/./} - begun)) -ge 1000000 ]
check "told once where there is no terminal" \
    [ "$(grep -c 'the key is asked in 1 s' <<<"$ERR")" -eq 1 ]

# ---- the window ----

account "$FIRST" >"$WORK/values"
window() {
	at lin gate "$N" --from "$WORK/values" --allow-demo \
	    --allow-unproven --json
	jq -e '[.reasons[].code] == ["window-closed"]' <<<"$OUT" >/dev/null 2>&1
}
tries=0
until window || [ "$tries" -eq 300 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
expect_json "the gate tells when it was" 1 '.opens < .closes'
at lin apply "$N" --yes
expect "too late to enter it" 1 \
    'apply window: it opened at .* UTC and closed at .* UTC'
expect "with the way out" 1 "request --replaces $N"
at lin apply "$N" --yes --outcome refused
expect "never too late to say that it was refused" 0 'failed'
tap_done
