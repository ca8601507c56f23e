#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Founding: who would have one key alone is named, one person is not enough,
# and the sheet for the file on paper fits a page.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

ORG='Example Trading GmbH'
SHEET=$WORK/sheet

offer() { # PERSON FILE
	at one key offer --person "$1" --org "$ORG" -o "$WORK/$2"
}

token_start one
offer lin lin.1
expect "lin offers a key" 0
offer lin lin.2
expect "and another" 0
offer mina mina.1
expect "mina offers one" 0

at one init --org "$ORG" --from "$WORK/lin.1" --from "$WORK/lin.2"
expect "one person is not enough" 2 '--from: .*two persons'
at one init --org "$ORG" --demo --from "$WORK/lin.1"
expect "nor for a demonstration" 2 '--from: .*two persons'
at one init --org "$ORG" --from "$WORK/lin.1" --from "$WORK/mina.1"
expect "software keys need --demo" 1 'demo'
touch "$SHEET"
at one init --org "$ORG" --demo --sheet "$SHEET" --from "$WORK/lin.1" \
    --from "$WORK/mina.1"
expect "a sheet does not write over a file" 4 'is there already'
check "and nothing is founded then" [ ! -e "$LEDGER" ]
rm "$SHEET"

at one init --org "$ORG" --demo --json --sheet "$SHEET" \
    --from "$WORK/lin.1" --from "$WORK/lin.2" --from "$WORK/mina.1"
expect_json "who has one key alone is named" 0 \
    '.warnings[0].code == "one-key" and .warnings[0].persons == ["mina"]
	and (.warnings | length == 1)'
expect_json "and the sheet" 0 ".sheet == \"$SHEET\""
check "on standard error too" grep -q '^counterseal: one key alone.*: mina\.' \
    <<<"$ERR"
fingerprint=$(jq -r .fingerprint <<<"$OUT" | tr -d ' ')
id=$(jq -r .ledger <<<"$OUT")
check "the sheet has the id" grep -q "^ledger id     $id\$" "$SHEET"
check "the fingerprint in large groups" \
    [ "$(grep -E '^ {10}' "$SHEET" | tr -d ' ')" = "$fingerprint" ]
check "persons with their roles" \
    grep -Eq '^  lin +admin, approver, operator$' "$SHEET"
check "and every key" [ "$(grep -c '^    key .*software' "$SHEET")" -eq 3 ]
check "and that it is a demonstration" grep -q 'A DEMONSTRATION' "$SHEET"
check "and room for two signatures" \
    [ "$(grep -o 'signature' "$SHEET" | wc -l)" -eq 2 ]

at one verify --sheet "$SHEET"
expect "verify writes over no sheet either" 4 'is there already'
at one verify --sheet "$SHEET.2"
expect "verify writes the sheet as it is now" 0
check "which is the same but for the time" \
    [ "$(tail -n +2 "$SHEET.2")" = "$(tail -n +2 "$SHEET")" ]
at one verify --sheet "$SHEET.3" --ledger-id "$(tr 0-9a-f f0-9a-e <<<"$id")"
expect "no sheet of another ledger" 1 'no sheet is written'
check "no file either" [ ! -e "$SHEET.3" ]

# ---- two keys each; ten persons on a page ----

LEDGER=$WORK/second.db
from=()
for i in 0 1 2 3 4 5 6 7 8 9; do
	for k in 1 2; do
		offer "person-with-a-long-name-$i" "$i.$k"
		from+=(--from "$WORK/$i.$k")
	done
done
at one init --org "$(printf 'x%.0s' {1..200})" --demo --sheet "$SHEET.4" \
    "${from[@]}"
expect "offers of another organisation" 1
LONG=$(printf 'x%.0s' {1..200})
from=()
for i in 0 1 2 3 4 5 6 7 8 9; do
	for k in 1 2; do
		at one key offer --person "person-with-a-long-name-$i" \
		    --org "$LONG" -o "$WORK/long.$i.$k"
		from+=(--from "$WORK/long.$i.$k")
	done
done
at one init --org "$LONG" --demo --sheet "$SHEET.4" "${from[@]}" --json
expect_json "with two keys each nobody is named" 0 '.warnings == []'
check "and nothing is warned of" [ "$(grep -c 'one key' <<<"$ERR")" -eq 0 ]
check "ten persons fit 80 columns" \
    [ "$(grep -cE '^.{81}' "$SHEET.4")" -eq 0 ]
check "and a page of 64 lines" [ "$(wc -l <"$SHEET.4")" -le 64 ]
check "all of them" [ "$(grep -c '^    key ' "$SHEET.4")" -eq 20 ]

# ---- the ledger is founded though its sheet cannot be written ----

LEDGER=$WORK/third.db
at one init --org "$ORG" --demo --sheet "$WORK/none/sheet" \
    --from "$WORK/lin.1" --from "$WORK/mina.1"
expect "a folder that is not there is told before" 4 'No such file'
check "and nothing founded" [ ! -e "$LEDGER" ]

tap_done
