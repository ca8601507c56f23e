#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What a request and an approval rest on: files, a call, checks; stated,
# shown, kept beside the ledger, written out again, sent to other desks.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

IBAN=DE89370400440532013000 # a published test value
LETTER=$WORK/bank_letter.pdf
PHOTO=$WORK/console.png

{
	printf '%%PDF-1.7\n'
	head -c 700000 /dev/zero | tr '\0' x # more than one piece
} >"$LETTER"
printf '\211PNG' >"$PHOTO"
printf '+49 30 901820\n' >"$WORK/number"
account "$IBAN" >"$WORK/account"
printf 'iban: %s\n' "$IBAN" >"$WORK/typed"
SHA=$(sha256sum <"$LETTER" | cut -c 1-64)

asks() { # OPTION...
	at lin request payout.iban --store main-de --from "$WORK/account" \
	    --json "$@"
}

approves() { # OPTION...
	at mina approve "$N" --reenter-from "$WORK/typed" "$@"
}

demo_ledger
expect "a ledger to begin with" 0

# ---- what is refused before a touch ----

refuses() { # TEXT STATUS PATTERN OPTION...
	local text=$1 status=$2 pattern=$3
	shift 3
	asks "$@"
	expect "$text" "$status" "$pattern"
	check "$text: nobody was asked to touch" \
	    [ "$(grep -c 'Touch your' <<<"$ERR")" -eq 0 ]
}

refuses "a file that is not there" 4 'nowhere.pdf: No such file' \
    --evidence "$WORK/nowhere.pdf"
: >"$WORK/empty.pdf"
refuses "an empty file" 2 'empty.pdf: the file is empty' \
    --evidence "$WORK/empty.pdf"
printf x >"$WORK/näme.pdf"
refuses "a name that no record takes" 2 'evidence: .*rename the file' \
    --evidence "$WORK/näme.pdf"
printf x >"$WORK/.hidden"
refuses "a name that begins with a dot" 2 'does not begin with a dot' \
    --evidence "$WORK/.hidden"
truncate -s 16777217 "$WORK/large.pdf"
refuses "a byte over 16 MiB" 2 'at most 16 MiB' --evidence "$WORK/large.pdf"
nine=()
for _ in 1 2 3 4 5 6 7 8 9; do
	nine+=(--evidence "$LETTER")
done
refuses "a ninth piece" 2 'at most 8 pieces' "${nine[@]}"
refuses "a result that is none" 2 \
    "--callback: no such word; it is one of: confirmed" \
    --callback=perhaps --called-from "$WORK/number"
refuses "a number that nobody called" 2 'goes with --callback' \
    --called-from "$WORK/number"
refuses "a call without its number" 2 'use --called-from FILE' --callback
printf 'ring me\n' >"$WORK/words"
refuses "a number that is none" 2 'call-back number: ' \
    --callback --called-from "$WORK/words"
refuses "a name check without a word" 2 'needs RESULT behind it' --name-check
refuses "a call that denied it" 1 'no ground to ask for it' \
    --callback=denied --called-from "$WORK/number"
refuses "another's name" 1 'no ground to ask for it' --name-check no_match
refuses "another source" 2 'no such word; it is one of: back-office' \
    --source email

# ---- a request with a letter ----

asks --evidence "$LETTER" --screenshot "$PHOTO" --evidence "$LETTER" \
    --source letter --callback=not_reached --called-from "$WORK/number"
expect_json "lin gives a letter, twice, and a screenshot" 0 '.act == "request"'
N=$(change_name)
check "the panel names the letter and its digest" grep -Eq \
    "^ +document +bank_letter.pdf \(SHA-256 ${SHA:0:16}\.\.\.\), by lin" <<<"$ERR"
check "and what the call came to" \
    grep -Eq '^ +checked +call-back not_reached, source letter, says lin' <<<"$ERR"
check "with the number that was called" \
    grep -Eq '^ +called +\+49 30 ?90 ?18 ?20, by lin' <<<"$ERR"
at mina show "$N"
expect "show tells it" 0 "^  document +bank_letter.pdf \(SHA-256 ${SHA:0:16}"
expect "each piece by its name" 0 '^  document-2 +bank_letter.pdf'
expect "the number is masked" 0 '^  call-back +.*\.\.\.\.'
check "and stands nowhere whole" [ "$(grep -c 901820 <<<"$OUT")" -eq 0 ]
at mina show "$N" --json
expect_json "as JSON" 0 "[.evidence[].name] ==
    [\"document\", \"document-2\", \"screenshot\", \"call-back\"] and
    .evidence[0].sha256 == \"$SHA\" and
    .evidence[0].value == \"bank_letter.pdf\" and
    .evidence[2].person == \"lin\" and
    [.checks[] | .check + \" \" + .result] ==
    [\"call-back not_reached\", \"source letter\"]"

# ---- the files come out again ----

at mina show "$N" --evidence document -o "$WORK/again.pdf"
expect "the letter is written out" 0 'bank_letter.pdf written to'
check "byte for byte" cmp "$LETTER" "$WORK/again.pdf"
check "readable by nobody else" [ "$(stat -c %a "$WORK/again.pdf")" = 600 ]
at mina show "$N" --evidence document -o "$WORK/again.pdf"
expect "over nothing that is there" 4 'again.pdf: is there already'
at mina show "$N" --evidence screenshot -o "$WORK/again.png" --json
expect_json "the screenshot too" 0 '.name == "console.png"'
check "as it was" cmp "$PHOTO" "$WORK/again.png"
at mina show "$N" --evidence call-back -o "$WORK/no"
expect "a number is no file" 2 'call-back: this is not a file'
at mina show "$N" --evidence letter -o "$WORK/no"
expect "no evidence of that name" 2 'has no evidence of this name'
at mina show "$N" --evidence document
expect "where to is to be said" 2 'go together'
at mina show "$N" -o "$WORK/no"
expect "and what" 2 'go together'
check "nothing was written by these" [ ! -e "$WORK/no" ]
check "the letter does not stand in the ledger in clear" \
    [ "$(grep -c 'PDF-1.7' "$LEDGER")" -eq 0 ]

# ---- an approval that rests on a call ----

approves --callback=denied --called-from "$WORK/number"
expect "who was told no does not approve" 1 'no ground to approve it: .*reject'
check "nor touches" [ "$(grep -c 'Touch your' <<<"$ERR")" -eq 0 ]
approves --callback --called-from - --name-check match --json <"$WORK/number"
expect_json "mina called the number on file" 0 '.status == "approved"'
check "her panel has lin's letter" grep -Eq \
    '^ +document +bank_letter.pdf .* by lin' <<<"$ERR"
check "and her own call" \
    grep -Eq '^ +checked +call-back confirmed, name match, says mina' <<<"$ERR"
at lin show "$N" --json
expect_json "the approval's evidence is told" 0 \
    '[.evidence[] | select(.person == "mina") | .name] == ["call-back"] and
    [.checks[] | select(.person == "mina") | .result] ==
    ["confirmed", "match"]'
at lin log --change "$N"
expect "and its checks stand in the log" 0 \
    'approve .*call-back confirmed, name match'
at lin log --change "$N" --json
check "as JSON" jq -es '.[1].checks == {"call-back": "confirmed",
    "name": "match"} and .[1].evidence == ["call-back"] and
    .[0].evidence == ["document", "document-2", "screenshot",
    "call-back"]' <<<"$OUT"
at lin apply "$N" --yes
expect "it goes its way" 0 'in force'
check "the panel before has everything" grep -Eq \
    '^ +checked +call-back confirmed, name match, says mina' <<<"$ERR"
at lin verify
expect "and the ledger is whole" 0

# ---- at a terminal ----

account DE02120300000000202051 >"$WORK/account"
printf 'iban: DE02120300000000202051\n' >"$WORK/typed"
asks
N=$(change_name)
person mina '{Number on file that was called: $} "030\r"
    {Number on file that was called: $} "+49 30 901820\r"
    {IBAN: $} "DE02120300000000202051\r"
    {checked +call-back confirmed, says mina.*Touch your key} ""' \
    approve "$N" --callback
expect "the number is asked for before the account" 0 'approved by mina'

at mina show "$N" --shown --json
check "what was shown fits" grep -Eq "\"fits\"|fits" <<<"$OUT"

# ---- what the rules demand ----

LEDGER=$WORK/demands.db
cat >"$WORK/rules.ini" <<'END'
[store *]
slots = payout
[change *]
approvals = 1 approver
[change payout.*]
evidence = reason callback name-check document
END
for name in lin mina; do
	at "$name" key offer --person "$name" --org 'Example Trading GmbH' \
	    -o "$WORK/$name.demands"
	expect "a key of $name" 0
done
at lin init --org 'Example Trading GmbH' --demo --accept-single-keys \
    --policy "$WORK/rules.ini" --from "$WORK/lin.demands" \
    --from "$WORK/mina.demands"
expect "a ledger whose rules demand evidence" 0
at mina join
expect "which mina joins" 0

asks
expect "a request without a reason" 2 'reason: is demanded by the policy'
printf 'reason: new account\n' >>"$WORK/account"
asks
expect_json "a request with it, and no more" 0 '.kind == "payout.iban"'
N=$(change_name)
lacks() { # TEXT OPTION PATTERN [OPTION...]
	local text=$1 option=$2 pattern=$3
	shift 3
	approves "$@"
	expect "$text" 2 "^counterseal: $option: .*$pattern"
	check "$text: nobody was asked to touch" \
	    [ "$(grep -c 'Touch your' <<<"$ERR")" -eq 0 ]
}
lacks "an approval without a call" --callback 'number on file'
lacks "one that reached nobody" --callback 'number on file' \
    --callback=not_reached
lacks "one without a name check" --name-check 'matches' --callback
lacks "one whose name is close" --name-check 'matches' --callback \
    --name-check close_match
lacks "one without a document" --evidence 'a document' --callback \
    --name-check match
approves --callback --called-from "$WORK/number" --name-check match \
    --evidence "$LETTER"
expect "an approval with all of it" 0 'approved by mina'

# What the request states need not be stated again.
account "$IBAN" >"$WORK/account"
printf 'reason: back again\n' >>"$WORK/account"
printf 'iban: %s\n' "$IBAN" >"$WORK/typed"
asks --evidence "$LETTER" --callback --called-from "$WORK/number" \
    --name-check match
N=$(change_name)
approves
expect "the requester's evidence serves as well" 0 'approved by mina'
at lin verify
expect "and all of it verifies" 0 'findings: none'

tap_done
