#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What a console shows, against what is in force: match, mismatch, drift; who
# confirms; what a monitor says; and every reading that is refused.
set -u
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000
SECOND=DE02120300000000202051
EXAMPLES=$ROOT/examples

touched() {
	grep -q 'Touch your key' <<<"$ERR"
}

silent() { # TEXT: nobody was asked for a touch
	if touched; then not_ok "$1" "$ERR"; else ok "$1"; fi
}

entries() {
	at lin --json status
	jq .head.size <<<"$OUT"
}

in_force() { # IBAN
	ask "$1" && approve mina "$CHANGE" "$1" && at lin apply "$CHANGE" --yes
	[ "$STATUS" -eq 0 ]
}

demo_ledger
expect "a ledger to begin with" 0

# ---- nothing is in force yet ----

at mina observe --store main-de --empty
expect "nothing is approved, and nothing is there" 0 'NOTHING: .*payout'
silent "and nothing is sealed"
at mina --json observe --store main-de tail=3417 --dry-run
expect_json "something is there" 1 '.outcome == "drift" and .in_force == null
	and (.sentence | test("nothing is approved in its slot payout"))
	and (.sealed | not) and .kind == null'

# ---- entered, and not yet confirmed ----

in_force "$FIRST"
expect "an account is in force" 0
before=$(entries)
at mina --json observe --store main-de iban_tail=3417 --dry-run
expect_json "another account, not yet confirmed: a mismatch" 1 \
    '.outcome == "mismatch" and .level == "none" and .frozen == false
	and .fields == [{"name": "iban_tail", "value": "....3417",
	"result": "differs"}] and .index == null and .person == null'
check "a dry run seals nothing" [ "$(entries)" = "$before" ]
at lin observe --store main-de iban_tail=3000
expect "the applier's match stands" 0 'MATCH: .*DE89 \.\.\.\. 3000'
expect "and does not confirm" 0 "^#$CHANGE is not confirmed: who entered it"
check "the panel says so before the touch" \
    grep -q "does not confirm #$CHANGE" <<<"$ERR"
at mina observe --store main-de 'holder=Example Trading GmbH' country=DE
expect "without the number it does not confirm" 0 \
    "^#$CHANGE is not confirmed: the policy asks for tail"
at mina --json observe --store main-de iban_tail=3000 \
    'holder=EXAMPLE TRADING GMBH' country=DE
expect_json "another person confirms" 0 '.outcome == "match"
	and .level == "tail+name+country" and .confirms == "confirmed"
	and .sealed and .person == "mina" and .source == "console"
	and ([.fields[].result] | unique) == ["same"]'
check "the panel fits 80 columns" \
    [ "$(awk 'length > 80' "$WORK/err" | wc -l)" -eq 0 ]
check "no more than the end was shown" [ "$(grep -c 0532 <<<"$ERR$OUT")" -eq 0 ]
at lin observe --store main-de tail=3000 --funds --source bank
expect "a payout that arrived" 0 'seen: funds'

# ---- whole numbers, from a person or a file ----

at mina observe --store main-de "iban=$FIRST"
expect "a whole number is no argument" 2 'iban: .*list of processes'
at mina observe --store main-de tail=13000
expect "nor is more than its end" 2 'more than the last four'
person mina '{last 3 or more .*: $} "30\r"
    {! iban_tail: .*last 3 or more .*: $} "DE89 .... 3000\r"
    {holder.*: $} "\r"
    {Country.*: $} "DE\r"' observe --store main-de
expect "asked at the terminal" 0 'seen: tail\)'
person mina '{IBAN .*: $} "DE89 3704 0044 0532 0130 00\r" {holder.*: $} "\r"
    {Country.*: $} "\r"' observe --store main-de --whole
expect "asked for the whole number" 0 'seen: full\)'
at mina observe --store main-de
expect "nobody is there to ask" 2 'FIELD=VALUE.*--from FILE'

reading() { # JSON
	printf '%s' "$1" >"$WORK/reading.json"
}
reading '{"store": "main-de", "fields": {"iban": "DE89 3704 0044 0532 0130 00"}}'
at mina --json observe --from "$WORK/reading.json"
expect_json "a script's reading" 0 '.level == "full" and .source == "script"
	and .fields[0].value == "DE89 .... 3000"'
at mina --json observe --from - --store main-de --source sp-api \
    <"$WORK/reading.json"
expect_json "from standard input" 0 '.source == "sp-api"'

# ---- readings that are refused ----

bad() { # TEXT JSON PATTERN [ARGUMENT...]
	local text=$1 pattern=$3
	reading "$2"
	shift 3
	at mina observe --from "$WORK/reading.json" "$@"
	expect "refused: $text" 2 "$pattern"
	silent "before a touch: $text"
}
before=$(entries)
bad "no JSON" '{"store": main-de}' 'line 1, column'
bad "a key twice" '{"store": "a", "store": "b"}' 'stands there twice'
bad "nothing at all" '' 'not JSON'
bad "a number" '17' 'not JSON'
bad "an empty list" '[]' '0 readings'
bad "a list of texts" '["main-de"]' 'reading 1, reading: '
bad "no store" '{"fields": {"tail": "3000"}}' 'store: '
bad "a store that is none" '{"store": "Main DE"}' 'store: '
bad "a key that is none" '{"stor": "main-de"}' 'did you mean store'
bad "fields as text" '{"store": "main-de", "fields": "3000"}' 'fields: '
bad "a number without quotes" '{"store": "main-de", "fields": {"tail": 3000}}' \
    'tail: .*quotes'
bad "a field that is none" '{"store": "main-de", "fields": {"tial": "3000"}}' \
    'did you mean tail'
bad "a short end" '{"store": "main-de", "fields": {"tail": "00"}}' \
    'iban_tail: 2 characters'
bad "nothing is shown" '{"store": "main-de", "fields": {}}' 'what does the'
bad "nothing to compare" \
    '{"store": "main-de", "fields": {"bank_name": "Bank"}}' \
    'nothing of what is shown was approved'
bad "something and nothing" \
    '{"store": "main-de", "empty": true, "fields": {"tail": "3000"}}' 'not both'
bad "empty as text" '{"store": "main-de", "empty": "yes"}' 'true or false'
bad "a kind that is none" '{"store": "main-de", "kind": "payout.ibam"}' \
    'did you mean payout.iban'
bad "a slot that is none" '{"store": "main-de", "slot": "attic"}' 'slot: '
bad "a slot of another kind" '{"store": "main-de", "slot": "payout/1"}' 'slot: '
bad "a source that is none" \
    '{"store": "main-de", "source": "SP API", "fields": {"tail": "3000"}}' \
    'source: '
bad "a source that is too long" \
    '{"store": "main-de", "source": "a-name-of-more-than-thirty-two-letters"}' \
    'at most 32'
bad "a time that is none" '{"store": "main-de", "time": "yesterday"}' 'time: '
bad "a day that is none" \
    '{"store": "main-de", "time": "2026-02-30T10:00:00Z"}' 'no such time'
bad "a time in the future" '{"store": "main-de",
    "time": "2099-01-01T00:00:00Z", "fields": {"tail": "3000"}}' 'in the future'
bad "a time before it was entered" '{"store": "main-de",
    "time": "2020-01-01T00:00Z", "fields": {"tail": "3000"}}' \
    "before #$CHANGE came into force"
bad "a terminal that is painted" \
    '{"store": "main-de", "fields": {"holder": "\u001b[2K"}}' 'holder: .*U\+001B'
bad "a card" \
    '{"store": "main-de", "fields": {"holder": "4111 1111 1111 1111"}}' \
    'payment card'
bad "the payout without its number" '{"store": "main-de", "funds": true,
    "fields": {"holder": "Example Trading GmbH"}}' 'funds: '
bad "another store than asked for" \
    '{"store": "main-fr", "fields": {"tail": "3000"}}' 'another one' \
    --store main-de
bad "words beside a file" '{"store": "main-de"}' 'not both' tail=3000
bad "what the file says" '{"store": "main-de"}' 'file says that' --empty
bad "the second of two" '[{"store": "main-de", "fields": {"tail": "3000"}},
    {"store": "main-de", "fields": {"tail": "30"}}]' 'reading 2, iban_tail'
head -c 1100000 /dev/zero | tr '\0' ' ' >"$WORK/big"
at mina observe --from "$WORK/big"
expect "a file that is too large" 2 'big: '
at mina observe --from "$WORK/none"
expect "no file" 4 'none: No such file'
at mina observe tail=3000
expect "no store" 2 '--store: '
at mina observe --store main-de bank=x
expect "a word that is no field" 2 'nothing is called'
check "none of them was sealed" [ "$(entries)" = "$before" ]

# ---- the examples ----

"$EXAMPLES/observe-sp-api.sh" main-de \
    <"$EXAMPLES/sp-api-payment-methods.json" >"$WORK/reading.json"
at mina --json observe --from "$WORK/reading.json"
expect_json "an answer of Amazon's interface" 0 '.outcome == "match"
	and .level == "tail+name+country" and .source == "sp-api"
	and .confirms == "confirmed"'
"$EXAMPLES/observe-shopify.sh" main-de EUR \
    <"$EXAMPLES/shopify-bank-accounts.json" >"$WORK/reading.json"
at mina --json observe --from "$WORK/reading.json"
expect_json "an answer of Shopify's" 0 '.outcome == "match"
	and .level == "tail" and .source == "shopify"'
echo '{"paymentMethods": []}' | "$EXAMPLES/observe-sp-api.sh" main-de \
    >"$WORK/reading.json"
at mina --json observe --from "$WORK/reading.json" --dry-run
expect_json "no account at all" 1 '.outcome == "drift"
	and (.sentence | test("shows nothing"))'
run "$EXAMPLES/observe-sp-api.sh" main-de <"$EXAMPLES/shopify-bank-accounts.json"
expect "another answer" 5 'is it that answer'
jq '.paymentMethods += [.paymentMethods[0]]' \
    "$EXAMPLES/sp-api-payment-methods.json" >"$WORK/two"
run "$EXAMPLES/observe-sp-api.sh" main-de <"$WORK/two"
expect "two accounts by default" 5 'more than one'
run "$EXAMPLES/observe-sp-api.sh"
expect "no store for it" 2 'usage'

# ---- what else it could be ----

ask "$SECOND"
approve mina "$CHANGE" "$SECOND"
expect "a second account is approved" 0
at mina --json observe --store main-de tail=2051 --dry-run
expect_json "what is approved and not sealed as entered" 1 \
    ".outcome == \"drift\" and .fits == \"$CHANGE\" and (.sentence |
	test(\"which is approved and was not sealed\"))"
at lin apply "$CHANGE" --yes
expect "it is sealed as entered" 0
at mina --json observe --store main-de tail=3000 --dry-run
expect_json "the console still shows the former account" 1 \
    '.outcome == "mismatch" and (.sentence | test("had put there before"))'
at mina --json observe --store main-de tail=2051
expect_json "the second account is confirmed" 0 '.confirms == "confirmed"'

# ---- a monitor ----

token_start mon
KEY=mon at lin key offer --person lin --monitor --org 'Example Trading GmbH' \
    -o "$WORK/mon.offer"
expect "a monitor founds nothing" 2 '--monitor: '
at lin observe --store main-de tail=3000 --monitor
expect "there is no monitor's key yet" 3 'key offer --monitor'
KEY=mon at lin key offer --person lin --monitor -o "$WORK/mon.offer"
expect "a monitor's key is offered" 0 "a monitor's key of lin"
at lin --json key add --from "$WORK/mon.offer"
expect_json "it is asked for" 0 '.kind == "key.add"'
check "the panel tells what it is" grep -q 'seals bad news alone' <<<"$ERR"
MONITOR=$(change_name)
at mina approve "$MONITOR"
expect "and approved" 0 'in force'
at lin --json key list
check "the list tells it" [ "$(jq -s '[.[].monitor]' -c <<<"$OUT")" = \
    '[false,false,true]' ]
before=$(entries)
KEY=mon at lin --json observe --store main-de tail=2051 --monitor
expect_json "nothing bad: nothing is sealed" 0 '.outcome == "match"
	and (.sealed | not) and .confirms == null'
KEY=mon at lin observe --store main-de tail=2051 --monitor
expect "and so it says" 0 '^No bad news: nothing was sealed'
KEY=none at lin observe --store main-de tail=2051 --monitor
expect "for that no key is needed" 0 'No bad news'
check "no entry came of it" [ "$(entries)" = "$before" ]
KEY=mon at lin observe --store main-de tail=2051
expect "it seals no match" 3 'expected'

# ---- drift ----

ask "$FIRST"
OPEN=$CHANGE
KEY=mon at lin observe --store main-de tail=3417 --monitor
expect "DRIFT" 1 'DRIFT: main-de shows an account ending 3417; approved since'
expect "it names what is approved" 1 '^\.\.\.\. 2051. No change was asked for'
expect "the store is frozen" 1 '^The store is frozen'
expect "what to do" 1 'call the'
silent "nobody touched a key for it"
drift=$((before + 1))
expect "it is sealed" 1 "as entry $drift\."
approve mina "$OPEN" "$FIRST"
expect "nothing is approved there now" 1 'the store is frozen'
KEY=mon at lin --json observe --store main-de tail=3417 --monitor
expect_json "the same an hour later is no news" 1 \
    ".outcome == \"drift\" and (.sealed | not) and .reported == $drift"
KEY=mon at lin --json observe --store main-de tail=3418 --monitor
expect_json "another account is" 1 '.sealed and .frozen and .reported == null'
KEY=mon at lin --json observe --store main-de --empty --monitor
expect_json "an account that is gone" 1 '.outcome == "drift" and .sealed'
reading '[{"store": "main-de", "fields": {"tail": "2051"}},
    {"store": "main-de", "fields": {"tail": "2051", "holder": "Müller"}}]'
at mina --json observe --from "$WORK/reading.json"
check "one of two is bad: the status says so" [ "$STATUS" -eq 1 ]
check "an object a line" [ "$(jq -r .outcome <<<"$OUT" | tr '\n' ' ')" = \
    'match drift ' ]
check "a foreign name is told as it is" \
    [ "$(jq -rs '.[1].fields[1].value' <<<"$OUT")" = Müller ]

# ---- what is dealt with ----

lifted() { # lifts one freeze of the store after the other
	local entry
	at lin --json status
	for entry in $(jq -r '.frozen[].index' <<<"$OUT"); do
		at lin --json lift "$entry"
		[ "$STATUS" -eq 0 ] || return
		at mina approve "$(change_name)"
		[ "$STATUS" -eq 0 ] || return
	done
}
check "two admins lift its freezes" lifted
at lin --json status
expect_json "nothing is frozen" 0 '.frozen == []'
approve mina "$OPEN" "$FIRST"
expect "and what was asked for can be approved" 0 'entered now'
KEY=mon at lin --json observe --store main-de tail=3417 --monitor
expect_json "it is seen again" 1 '.sealed and .frozen'
check "and lifted again" lifted
KEY=mon at lin --json observe --store main-de tail=3417 --monitor
expect_json "what is seen again after a lift is news" 1 '.sealed and .frozen'

# ---- the ledger ----

at mina verify
expect "all of it verifies" 0
/usr/bin/python3 -c 'import cbor2, cryptography' 2>/dev/null && {
	run /usr/bin/python3 "$ROOT/tests/second/verify.py" "$LEDGER"
	expect "the second verifier agrees" 0 'valid'
	at lin --json state --store main-de
	CONFIRMED=$(jq -r .confirmed.index <<<"$OUT")
	run /usr/bin/python3 "$ROOT/tests/second/verify.py" --confirmed "$LEDGER"
	expect "also on what confirmed it" 0 "^main-de payout $CONFIRMED 1\$"
}

at mina observe --store main-de --slot payout.schedule cadence=weekly
expect "a slot of one kind needs no kind" 1 'DRIFT: main-de shows Paid out weekly'
tap_done
