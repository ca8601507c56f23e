#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A person at a terminal: values asked for one by one, told again when they
# are wrong, shown in full before they are entered, and never on the output.
set -u
. "$(dirname "$0")/lib.sh"

# In place of that of lib.sh: standard output goes to a file, and what is for
# people is on the terminal alone.
person() { # NAME PLAY ARGUMENT...
	local play=$2
	desk "$1"
	shift 2
	# shellcheck disable=SC2016 # the inner shell expands
	SCREEN=$(command expect "$ROOT/tests/cli/on_terminal.exp" "$play" sh -c \
	    'o=$1; shift; exec "$@" >"$o"' sh "$WORK/out" "${DESK[@]}" \
	    "$COUNTERSEAL" "$@" 2>&1 | tr '\r' '\n')
	OUT=$(cat "$WORK/out")
	ERR=$SCREEN
	STATUS=$(sed -n 's/^STATUS=//p' <<<"$SCREEN")
	STATUS=${STATUS:-99}
}

demo_ledger
expect "a ledger to begin with" 0

person lin '{: $} "Example Trading GmbH\r"
    {IBAN: $} "DE89 3704 0044 0532 0130 01\r"
    {! iban: .*IBAN: $} "DE89 3704 0044 0532 0130 00\r"
    {skip\): $} "\r" {skip\): $} "\r" {skip\): $} "\r"
    {Reason .*: $} "new account at the bank\r"' \
    request payout.iban --store main-de --json
expect_json "asked for field by field" 0 '.status == "asked"'
name=$(change_name)
check "the touch counts down on one line" \
    grep -q 'Touch your key (lin) to ask for this change. \[30 s' <<<"$SCREEN"
check "prompts are not on standard output" \
    [ "$(grep -c 'IBAN' "$WORK/out")" -eq 0 ]

person lin '{: $} "Example Trading GmbH\r"
    {IBAN: $} "DE1\r" {IBAN: $} "DE2\r" {IBAN: $} "DE3\r"' \
    request payout.iban --store main-de
expect "three wrong values end it" 2 'iban: '
person lin '{: $} "\r" {: $} "\r" {: $} "\r"' \
    request payout.iban --store main-de
expect "a required field cannot be skipped" 2 'holder: is needed'

approve mina "$name" DE89370400440532013000
expect "mina approves" 0
person lin '{Enter: $} "\r" {Enter: $} "\r" {take it\? \[y/N\] $} "n\r"
    {refused it\? \[y/N\] $} "n\r"' apply "$name"
expect "not confirmed is a no" 1 'not confirmed'
person lin '{Enter: $} "\r" {Enter: $} "\r" {\[y/N\] $} "y\r" {: $} "\r"
    {: $} "\r" {: $} "\r" {\[y/N\] $} "\r"' apply "$name"
expect "nothing typed is a no" 1 'not confirmed'
person lin '{Enter: $} "\r" {3704 0044 0532 0130 00.*Enter: $} "\r"
    {\[y/N\] $} "y\r" {: $} "\r" {: $} "\r" {: $} "\r"
    {Nothing was read back.*\[y/N\] $} "y\r"' apply "$name"
expect "confirmed, with the values in full" 0 'in force'
check "the values are not on standard output" \
    [ "$(grep -c 3704 "$WORK/out")" -eq 0 ]

# ---- a change that replaces another ----

account DE02120300000000202051 >"$WORK/account"
at lin request payout.iban --store main-de --from "$WORK/account" --json
name=$(change_name)
person lin '{\[Example Trading GmbH\]: $} "\r"
    {IBAN \[DE02[^0]*2051\]: $} "DE89 3704 0044 0532 0130 00\r"
    {skip\): $} "\r" {skip\): $} "\r" {skip\): $} "\r"
    {Reason .*: $} "a typing error\r"' \
    request --replaces "$name" --json
expect_json "what is replaced stands in the prompts" 0 \
    ".status == \"asked\" and .replaces == \"$name\""
name=$(change_name)
check "what differs is shown before two touches" \
    grep -q 'Touch your key (lin) to ask for the new one (2 of 2)' \
    <<<"$SCREEN"
person lin '{\[Example Trading GmbH\]: $} "\r" {IBAN \[.*\]: $} "\r"
    {skip\): $} "\r" {skip\): $} "\r" {skip\): $} "\r"
    {Reason \[a typing error, - for none\]: $} "-\r"
    {1 of 2.*Ctrl-C stops} ""' \
    request --replaces "$name" --json
expect_json "a dash takes an old text away" 0 '.status == "asked"'
at lin show "$(change_name)" --json
expect_json "and it is gone" 0 '.reason == null'

# ---- sentences on a terminal ----

# A terminal of so many columns; standard error is that, or a file.
narrow() { # COLUMNS WHERE ARGUMENT...
	local columns=$1 where=$2
	desk lin
	shift 2
	# shellcheck disable=SC2016 # the inner shell expands
	SCREEN=$(command expect "$ROOT/tests/cli/on_terminal.exp" '' sh -c \
	    'stty cols "$1"; w=$2; shift 2; exec "$@" 2>"$w"' sh "$columns" \
	    "$where" "${DESK[@]}" "$COUNTERSEAL" "$@" 2>&1 | tr -d '\r')
	STATUS=$(sed -n 's/^STATUS=//p' <<<"$SCREEN")
}

narrow 40 /dev/tty reject 3 --reason because
check "a refusal has its status on a terminal" [ "${STATUS:-99}" -eq 2 ]
check "its words are not broken" grep -q 'suspicious' <<<"$SCREEN"
check "a refusal fits a terminal of 40 columns" \
    [ "$(grep -cE '^.{41}' <<<"$SCREEN")" -eq 0 ]
narrow 72 /dev/tty reject 3 --reason because
check "and is as wide as one of 72" \
    [ "$(grep -cE '^.{73}' <<<"$SCREEN")" -eq 0 ]
check "which it uses" [ "$(grep -cE '^.{60}' <<<"$SCREEN")" -gt 0 ]
narrow 0 /dev/tty reject 3 --reason because
check "80 columns where the terminal does not tell" \
    [ "$(grep -cE '^.{81}' <<<"$SCREEN")" -eq 0 ]
narrow 40 "$WORK/err" reject 3 --reason because
check "elsewhere it is one line, for programs that look for it" \
    [ "$(wc -l <"$WORK/err")" -eq 1 ]

tap_done
