#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Values as a JSON object, by --from and --reenter-from: the same checks and
# words as lines have, and everything else that JSON could say is refused.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

demo_ledger
expect "a ledger to begin with" 0

IBAN=DE89370400440532013000
json() { # TEXT; as printf has it
	# shellcheck disable=SC2059 # it is the format
	printf "$1" >"$WORK/json"
	at lin request payout.iban --store main-de --from "$WORK/json"
}
refused() { # TEXT JSON PATTERN
	json "$2"
	expect "$1" 2 "$3"
	check "$1: no value is repeated" [ "$(grep -c 3704 <<<"$OUT$ERR")" -eq 0 ]
}

refused "no JSON" '{"iban": %%' 'line 1, column [0-9]+: this is not JSON'
refused "a name twice" "{\"iban\": \"$IBAN\", \"iban\": \"$IBAN\"}" \
    'column [0-9]+: a name is there twice'
refused "an unknown name" "{\"ibam\": \"$IBAN\"}" "no field 'ibam'.*mean iban"
refused "a number" '{"iban": 3704}' 'each value is a text'
refused "a list" "{\"iban\": [\"$IBAN\"]}" 'each value is a text'
refused "an object" "{\"fields\": {\"iban\": \"$IBAN\"}}" 'each value is a text'
refused "null" '{"iban": null}' 'each value is a text'
refused "a NUL" '{"holder": "X\\u0000", "iban": "3704"}' 'NUL character'
refused "a NUL in a name" '{"i\\u0000": "3704"}' 'NUL character in it'
refused "bytes that are no UTF-8" '{"holder": "\377"}' 'it is not UTF-8'
refused "something behind" "{\"iban\": \"$IBAN\"} {}" 'behind the object'
refused "half of it" "{\"iban\": \"$IBAN" 'line 1, column [0-9]+: '
refused "nothing in it" '{}' 'the object gives no value'
refused "another kind" "{\"kind\": \"payout.us\", \"iban\": \"$IBAN\"}" \
    'kind: the file names another kind'
refused "another store" "{\"store\": \"other\", \"iban\": \"$IBAN\"}" \
    'store: the file names another store'
refused "a wrong value" '{"holder": "X", "iban": "DE893704"}' 'iban: '
refused "a control character" '{"holder": "X\\u001b[2J"}' \
    'holder: character 2 is U\+001B'
refused "full width" '{"holder": "Ｘ", "iban": "Y"}' 'the plain form is X'
{
	printf '{"holder": "'
	head -c 70000 /dev/zero | tr '\0' x
	printf '"}'
} >"$WORK/json"
at lin request payout.iban --store main-de --from "$WORK/json"
check "more than 64 KiB is refused" [ "$STATUS" -ne 0 ]

printf ' \r\n\t{"kind": "payout.iban", "store": "main-de", "holder": "Example",
    "iban": "DE89 3704 0044 0532 0130 00", "reason": "new account"}\n' \
    >"$WORK/json"
at lin request payout.iban --store main-de --from "$WORK/json" --json
expect_json "an object is asked for as lines are" 0 '.status == "asked"'
CHANGE=$(change_name)
at lin show "$CHANGE" --json
expect_json "with all that it says" 0 \
    '.reason == "new account" and (.fields | length) == 2'

reenter() { # JSON
	printf '%s' "$1" >"$WORK/json"
	at mina approve "$CHANGE" --reenter-from "$WORK/json" --json
}
reenter "{\"iban\": \"$IBAN\", \"reason\": \"mine\"}"
expect "a reason is not re-entered" 2 "reason: is the requester's"
reenter '{"iban": "DE02120300000000202051"}'
expect "another value is not the same" 1
reenter "{\"iban\": \"$IBAN\"}"
expect_json "the same value is" 0 '.status == "approved"'
tap_done
