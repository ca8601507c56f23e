#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What is in force over time: to be read back, overdue, confirmed, once more;
# and the state as it was.
set -u
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000
SECOND=DE02120300000000202051
COMMAND='^      counterseal observe --store main-de$'

narrow() { # TEXT
	check "$1" [ "$(awk 'length > 80' "$WORK/out" | wc -l)" -eq 0 ]
}

in_force() { # IBAN
	ask "$1" && approve mina "$CHANGE" "$1" && at lin apply "$CHANGE" --yes
	[ "$STATUS" -eq 0 ]
}

demo_ledger
expect "a ledger to begin with" 0
if ! clock_ahead; then
	skip "read-backs" "no clock ahead of time"
	tap_done
	exit
fi
at mina --json status
expect_json "nothing is to be read back" 0 '.read_backs == [] and .frozen == []'
in_force "$FIRST"
expect "an account is in force" 0

# ---- until when ----

at mina status
expect "it is to be read back" 0 '^to be read back$'
expect "until when" 0 \
    '^      in force, and not confirmed; to be read back until .* UTC$'
expect "by which command" 0 "$COMMAND"
narrow "status fits 80 columns"
at lin status
expect "who entered it is not asked" 0 '^Nothing waits for you'
at lin --json status
expect_json "but it is told to programs" 0 '.read_backs | length == 1
	and .[0].overdue == false and .[0].mine == false
	and .[0].others == ["mina"] and .[0].since == null
	and .[0].until != null and .[0].next ==
	"counterseal observe --store main-de"'
at lin state
expect "state says that it is not confirmed" 0 \
    '^  not confirmed; to be read back until .* UTC$'
expect "and the command" 0 "$COMMAND"
in_seconds 7000 mina --json status
expect_json "not yet overdue" 0 '.read_backs[0].overdue == false'
in_seconds 7400 mina status
expect "overdue after two hours" 0 '^overdue$'
in_seconds 7400 lin status
expect "to everybody" 0 '^overdue$'
expect "and who can do it" 0 'mina can read it back$'
narrow "what is overdue fits 80 columns"
in_seconds 7400 mina --json status
expect_json "as JSON" 0 '.read_backs[0] | .overdue and .mine
	and .since == .until and .confirmed == false'
in_seconds 7400 mina state
expect "in the state too" 0 '^  overdue: to be read back until'
in_seconds 7400 mina --json state
expect_json "as JSON" 0 '.read_back.due == "within"
	and .read_back.since == .read_back.within and .confirmed == null
	and .observed == null and .frozen == null and (.next | test("observe"))'

# ---- confirmed, and once more ----

at lin observe --store main-de tail=3000
expect "lin looks, who entered it" 0
in_seconds 7400 mina --json status
expect_json "that confirms nothing" 0 '.read_backs[0].overdue'
at mina observe --store main-de tail=3000 --source console
expect "mina confirms it" 0 'is confirmed'
in_seconds 7400 mina --json status
expect_json "nothing is overdue now" 0 '.read_backs == []'
at mina state
expect "confirmed, by whom, at which level" 0 \
    '^  confirmed 20.* UTC by mina, seen: tail$'
at mina --json state
expect_json "as JSON" 0 '.confirmed.person == "mina" and .confirmed.level == "tail"
	and .observed.outcome == "match" and .observed.source == "console"
	and .read_back.due == null and .next == null'
in_seconds $((7 * 86400)) mina status
expect "after two working days it is to be read back again" 0 \
    '^      to be read back once more, from .* 00:00 UTC$'
in_seconds $((7 * 86400)) mina --json status
expect_json "as JSON" 0 '.read_backs[0] | .overdue and .confirmed
	and .until == null'
in_seconds $((7 * 86400)) mina observe --store main-de tail=3000 --dry-run
expect "a dry run is no report" 0
in_seconds $((7 * 86400)) mina --json status
expect_json "so it stays" 0 '.read_backs | length == 1'
in_seconds $((7 * 86400)) mina observe --store main-de tail=3000
expect "mina looks again" 0 'is confirmed'
in_seconds $((8 * 86400)) mina --json status
expect_json "and then it is done" 0 '.read_backs == []'

# ---- another comes; a contact is asked for nothing ----

in_seconds $((8 * 86400)) mina --json state
BEFORE=$(jq -r .since_time <<<"$OUT")
LATER=$((8 * 86400))
account "$SECOND" >"$WORK/account"
in_seconds $LATER lin request payout.iban --store main-de \
    --from "$WORK/account" --json
CHANGE=$(change_name)
printf 'iban: %s\n' "$SECOND" >"$WORK/letter"
in_seconds $LATER mina approve "$CHANGE" --reenter-from "$WORK/letter"
in_seconds $LATER lin apply "$CHANGE" --yes
expect "another account is in force" 0
in_seconds $LATER mina --json state
expect_json "it is not confirmed" 0 '.confirmed == null and
	.observed == null and (.fields[1].value == "DE02 .... 2051")'
in_seconds $LATER mina observe --store main-de tail=3417
expect "something else is shown" 1 'MISMATCH: .*in force, and not yet'
in_seconds $LATER mina state
expect "the last report" 0 \
    '^  last report .* by mina: mismatch, seen: none, from console$'
expect "and what came of it" 0 '^  the store is frozen by entry [0-9]* of mina'
in_seconds $LATER mina --json state
expect_json "as JSON" 0 '.frozen.reason == "drift" and .observed.outcome ==
	"mismatch" and .frozen.index == .observed.index'

in_seconds $LATER mina status
expect "status tells what is frozen" 0 '^  main-de  by entry [0-9]* of mina: drift$'
in_seconds $LATER mina --json status
expect_json "as JSON" 0 '.frozen | length == 1 and .[0].store == "main-de"
	and .[0].key == null and .[0].person == "mina" and .[0].reason == "drift"'

# ---- as it was ----

at lin --json state --at "$BEFORE"
expect_json "the first account, as it came into force" 0 \
    '.fields[1].value == "DE89 .... 3000" and .next == null
	and .frozen == null and .size < 10'
at lin state --at "$BEFORE"
expect "which says of what it tells" 0 '^As of .* the first [0-9]+ entries'
narrow "and fits 80 columns"
NOW=$(date -u +%Y-%m-%d)
at lin --json state --at "$NOW"
expect_json "a day is its end" 0 '.fields[1].value == "DE89 .... 3000"
	and .confirmed.person == "mina"'
at lin --json state --at 2098-01-01
expect_json "the end of time" 0 '.fields[1].value == "DE02 .... 2051"'
at lin state --at 2001-01-01T00:00:00Z
expect "before there was a ledger" 2 '--at: the ledger begins later'
for time in yesterday 2026-13-01 2026-1-1 2026-01-01T25:00Z 26-01-01 ''; do
	at lin state --at "$time"
	expect "no time: '$time'" 2 '--at: '
done
tap_done
