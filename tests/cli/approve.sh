#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Blind re-entry: the approver types the account from the source document, at
# a terminal and from a file, and is shown nothing before it fits.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000 # made of published test values
SECOND=DE02120300000000202051
PRETTY='DE89 3704 0044 0532 0130 00'

demo_ledger
expect "a ledger to begin with" 0
ask "$FIRST"
expect "lin asks" 0
N=$CHANGE

# ---- from a file ----

at mina approve "$N"
expect "without a terminal it must come from a file" 2 \
    'iban: is to be typed from the source document'
check "before any touch" [ "$(grep -c 'Touch your' <<<"$ERR")" -eq 0 ]
check "and with nothing shown" [ "$(grep -c '3704' <<<"$ERR")" -eq 0 ]
approve mina "$N" "$SECOND"
expect "another account differs" 1 'iban: differs from what lin asked for'
expect "with the way out" 1 \
    "counterseal reject $N --reason reentry_mismatch"
check "not told where, nor what was asked for" \
    [ "$(grep -Ec '3704|DE89|DE02' <<<"$ERR$OUT")" -eq 0 ]
approve mina "$N" DE89370400440532013001
expect "a slip of the finger is told as one" 2 'iban: '
printf 'holder: Example Trading GmbH\n' >"$WORK/letter"
at mina approve "$N" --reenter-from "$WORK/letter"
expect "the account has to be there" 2 'iban: is to be typed'
printf 'iban: %s\nholder: Somebody Else\n' "$FIRST" >"$WORK/letter"
at mina approve "$N" --reenter-from "$WORK/letter"
expect "of several fields it is not told which one" 1 \
    're-entry: something of it differs'
printf 'iban: %s\nreason: because\n' "$FIRST" >"$WORK/letter"
at mina approve "$N" --reenter-from "$WORK/letter"
expect "a reason is not re-entered" 2 "reason: is the requester's"
printf 'store: main-fr\niban: %s\n' "$FIRST" >"$WORK/letter"
at mina approve "$N" --reenter-from "$WORK/letter"
expect "a letter about another store" 2 'is it the right file'
at mina approve "$N" --reenter-from "$WORK/nowhere"
expect "a file that is not there" 4 'nowhere: No such file'
approve lin "$N" "$FIRST"
expect "who asked is refused before anything else" 1 'approver-is-requester'
at lin list --json
expect_json "nothing was sealed by all that" 0 '.status == "asked"'
printf 'iban: %s\nholder: Example Trading GmbH\n' "$PRETTY" >"$WORK/letter"
at mina approve "$N" --reenter-from - --json <"$WORK/letter"
expect_json "typed as people write it, from standard input" 0 \
    '.act == "approve" and .status == "approved" and
    .reentered == ["holder", "iban"]'
check "the panel says what was typed" grep -Eq \
    '^ +typed again +Account holder, IBAN: by mina, from the source' <<<"$ERR"
at lin apply "$N" --yes
expect "and it goes its way" 0 'in force'

# ---- at a terminal ----

ask "$SECOND"
N=$CHANGE
person mina '{what a message says:.*IBAN: $} "DE02 1203 0000 0000 2020 50\r"
    {! iban: .*IBAN: $} "DE89 3704 0044 0532 0130 00\r"
    {! iban: differs.*2 tries left.*IBAN: $} "DE02120300000000202051\r"
    {The same as asked for.*typed again.*Touch your key} ""' \
    approve "$N"
expect "typed wrong, of another account, and right" 0 'approved by mina'
check "the terminal is as it was" grep -q "^TERMINAL=same" <<<"$OUT"
check "nothing of the account is shown before" [ "$(sed \
    '/The same as asked for/,$d' <<<"$OUT" | grep -c '^ *IBAN *new')" -eq 0 ]
at lin apply "$N" --outcome refused --yes

ask "$SECOND"
N=$CHANGE
person mina '{IBAN: $} "DE89370400440532013000\r"
    {2 tries left.*IBAN: $} "DE89370400440532013000\r"
    {1 try left.*IBAN: $} "DE89370400440532013000\r"
    {Reject it now, as reentry_mismatch\? \[y/N\] $} "n\r"' \
    approve "$N"
expect "three tries, and no rejection" 1 'not approved: what was typed differs'
at mina show "$N" --json
expect_json "so it is still asked for" 0 '.status == "asked"'
approve mina "$N" "$SECOND"
expect "the right account comes too late now" 1 \
    're-entry: it differed 3 times at this desk'
expect "with both ways out" 1 \
    "reject $N --reason reentry_mismatch; or lin asks .* --replaces $N"
approve lin "$N" "$SECOND"
expect "who asked is still refused for that" 1 'approver-is-requester'
person mina '{differed 3 times.*Reject it now.*\[y/N\] $} "n\r"' approve "$N"
expect "at a terminal nothing is asked for any more" 1 'not approved'
check "not even once" [ "$(grep -c 'IBAN:' <<<"$OUT")" -eq 0 ]
person mina '{\[y/N\] $} "y\r"' approve "$N"
expect "but the rejection is offered" 1 'rejected by mina. Now: rejected'
at mina log --json --change "$N"
check "with its reason" grep -q '"reject"' <<<"$OUT"

# ---- tries, from run to run ----

TRIES=$(echo "$WORK"/home-mina/state/counterseal/*.tries)
check "the file of tries is its user's alone" \
    [ "$(stat -c %a "$TRIES")" = 600 ]
check "and holds hashes and numbers" \
    [ "$(grep -Evc '^[0-9a-f]{64} [1-3]$' "$TRIES")" -eq 0 ]
ask "$SECOND"
N=$CHANGE
approve mina "$N" "$FIRST"
expect "one miss" 1 'iban: differs'
person mina '{IBAN: $} "\003"' approve "$N"
expect "to stop while typing is no try" 130
approve mina "$N" "$FIRST"
expect "another miss" 1 'iban: differs'
person mina '{IBAN: $} "DE89370400440532013000\r"
    {Reject it now.*\[y/N\] $} "n\r"' approve "$N"
expect "the third is the last, in whichever run" 1 'not approved'
at lin withdraw "$N"
ask "$SECOND"
N=$CHANGE
approve mina "$N" "$FIRST"
printf 'junk\n%064d 9\n' 0 >>"$TRIES"
approve mina "$N" "$FIRST"
expect "a damaged line is told" 1 'a part of it is damaged'
approve mina "$N" "$FIRST"
approve mina "$N" "$SECOND"
expect "and the others still count" 1 'it differed 3 times'
check_silent "and nothing of it is told twice" grep damaged <<<"$ERR"
rm "$TRIES"
mkdir "$TRIES"
approve mina "$N" "$FIRST"
expect "what cannot be a file stops nobody" 1 'iban: differs'
expect "and is told" 1 'cannot remember tries'
rmdir "$TRIES"
ln -s "$WORK/elsewhere" "$TRIES"
approve mina "$N" "$FIRST"
expect "a link is not followed" 1 'it is a symbolic link'
check "nor written through" [ ! -e "$WORK/elsewhere" ]
chmod o+w "$TRIES"
approve mina "$N" "$FIRST"
expect "what others can write counts for nothing" 1 'others can write it'
at lin withdraw "$N"

ask "$SECOND"
N=$CHANGE
person mina '{IBAN: $} "\003"' approve "$N"
expect "Ctrl-C while typing" 130
check "leaves the terminal as it was" grep -q "^TERMINAL=same" <<<"$OUT"
person mina '{IBAN: $} "DE1\r" {IBAN: $} "DE2\r" {IBAN: $} "DE3\r"' \
    approve "$N"
expect "three slips end it" 2 'iban: '
at mina show "$N"
expect "what mina is to type is not shown to her" 0 \
    '^  IBAN +\(to be typed from the source document\)$'
at mina show "$N" --json
expect_json "as JSON neither" 0 \
    '[.fields[] | select(.name == "iban") | .value] == [null]'
at lin show "$N"
expect "lin knows it" 0 'DE02 .... 2051'

# ---- where nothing is re-entered ----

token_start lin2
KEY=lin2 at lin key offer --person lin -o "$WORK/lin2.offer"
at lin key add --from "$WORK/lin2.offer" --json
KEYS=$(change_name)
approve mina "$KEYS" "$FIRST"
expect "a key has no fields" 2 \
    '--reenter-from: a change of this kind has no fields'
at mina approve "$KEYS"
expect "and nothing is asked" 0 'in force'
tap_done
