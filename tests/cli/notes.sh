#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What values may be, but rarely are, is noted before both touches and in
# --json; what is over is refused on the day it is asked for.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

demo_ledger
expect "a ledger to begin with" 0

NOTE='note: bic: the bank in the IBAN is ABNA, but that of the BIC is INGB'
printf 'holder: X\niban: NL91ABNA0417164300\nbic: INGBNL2A\n' \
    >"$WORK/account"
at lin request payout.iban --store main-nl --from "$WORK/account"
expect "another bank's BIC is noted, and can be asked for" 0 "$NOTE"
check "before the panel" [ "$(grep -n "$NOTE" "$WORK/err" | cut -d: -f1)" -lt \
    "$(grep -n 'With this touch' "$WORK/err" | cut -d: -f1)" ]
CHANGE=$(sed -n 's/^#\([^ ]*\) asked.*/\1/p' "$WORK/out")
at lin request --replaces "$CHANGE" holder=Y --json
expect_json "what is asked for instead is noted too" 0 \
    '.notes == [{field: "bic", what: .notes[0].what}]'
CHANGE=$(change_name)
approve mina "$CHANGE" NL91ABNA0417164300 --json
expect_json "the approver is told the same" 0 \
    '.status == "approved" and .notes[0].field == "bic"'
check "in a sentence" grep -q "$NOTE" "$WORK/err"
ask DE89370400440532013000
expect_json "nothing is noted where nothing is rare" 0 '.notes == []'

card() { # EXPIRY [ARGUMENT...]
	local expiry=$1
	shift
	at lin request charge.card --store main-de brand=visa last4=4242 \
	    holder=X country=DE expiry="$expiry" "$@"
}

card "$(date -u +%m/%Y)"
expect "a card of this month is noted" 0 'note: expiry: the card expires soon'
card 12/2099
expect "one of a later year is not" 0
check "nothing is noted" [ "$(grep -c note: "$WORK/err")" -eq 0 ]
card 01/2020
expect "one that is over is refused" 2 'expiry: it is over: 01/2020 lies before'
card 01/2020 --op baseline
expect "but may stand in the console" 0 'note: expiry: the card has expired'
at lin request access.app --store main-de app=X scopes=X action=authorise \
    expiry=2020-01-31
expect "an app's last day that is over is refused" 2 \
    'expiry: it is over: 2020-01-31 lies before 20'
tap_done
