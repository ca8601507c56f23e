#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Two desks at their daily work: what status tells at each, a change that is
# replaced, and the lines of receive.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

FIRST=DE02120300000000202051 # made of published test values
SECOND=DE89370400440532013000
BOX=$WORK/box
mkdir "$BOX"

# The command at the desk of NAME, on that desk's own file of the ledger.
on() { # NAME ARGUMENT...
	local LEDGER=$WORK/$1.db
	at "$@"
}

# What NAME sealed goes to the home, and what the home says comes back.
exchange() { # NAME
	on "$1" send "$BOX" && on lin receive "$BOX" && on lin send "$BOX" &&
	    on "$1" receive "$BOX"
}

asks() { # NAME IBAN [ARGUMENT...]
	local name=$1
	account "$2" >"$WORK/account"
	shift 2
	on "$name" request payout.iban --store main-de --from "$WORK/account" \
	    "$@"
}

expect_narrow() { # TEXT
	check "$1" [ "$(grep -cE '^.{81}' <<<"$OUT")" -eq 0 ]
}

expect_silent() { # TEXT PATTERN
	check "$1" [ "$(grep -cE -- "$2" <<<"$OUT")" -eq 0 ]
}

# ---- lin founds, mina and petr join by the folder ----

token_start lin && token_start mina && token_start petr
for name in lin mina petr; do
	on "$name" key offer --person "$name" --org 'Example Trading GmbH' \
	    -o "$WORK/$name.offer"
done
on lin init --org 'Example Trading GmbH' --demo --json \
    --from "$WORK/lin.offer" --from "$WORK/mina.offer" \
    --from "$WORK/petr.offer"
expect_json "lin founds" 0 '.act == "init"'
ID=$(jq -r .ledger <<<"$OUT")
on lin send "$BOX"
for name in mina petr; do
	on "$name" receive "$BOX" --ledger-id "$ID"
	expect "$name receives the ledger" 0 'the ledger has 1\.'
	on "$name" status
	expect "$name is told to join" 0 'counterseal join'
	expect "$name has a replica" 0 'a replica: .*send DIR'
	on "$name" join
	expect "$name joins, kept for the home" 0 '^join sealed by .*kept here'
	on "$name" status
	expect_silent "$name is not told again" 'counterseal join'
	expect "what $name sealed is on its way" 0 'on its way to the home'
	expect_narrow "status of $name fits 80 columns"
done
on mina join
expect "join is not sealed twice" 1 'on its way'
on mina send "$BOX"
on petr send "$BOX"
on lin receive "$BOX"
expect "the home tells what it appended" 0 '^2 appended; the ledger has 3\.$'
expect "and what comes next" 0 '^Next: counterseal send'
on lin receive "$BOX"
expect "nothing came: nothing is counted" 0 '^Nothing new; the ledger has 3\.$'
on lin send "$BOX"
on mina receive "$BOX"
expect "a replica tells what came" 0 '^2 entries came; the ledger has 3\.$'
on petr receive "$BOX"

# ---- a request on its way ----

asks mina "$FIRST" --json
expect_json "at a replica the index is not known yet" 0 \
    '.index == null and .act == "request" and .change == null
	and .name == null and .person == "mina"'
on mina status
expect "a request is on its way" 0 'request  payout.iban  main-de'
expect "with the next command" 0 '^      counterseal send DIR$'
on mina status --json
expect_json "the same as JSON" 0 \
    '.site == "replica" and .refused == [] and (.on_its_way | length == 1)
	and .on_its_way[0].kind == "payout.iban"
	and .on_its_way[0].store == "main-de"
	and .on_its_way[0].act == "request"
	and .on_its_way[0].change == null'
exchange mina
expect "it arrived" 0 'the home has appended it'
on mina status --json
expect_json "nothing is on its way any more" 0 \
    '.on_its_way == [] and (.mine | length == 1)
	and .mine[0].others == ["lin", "petr"]'
on mina status
expect "who can approve it" 0 'expires .* UTC; lin or petr can approve'
on lin status
expect "it waits for lin, and petr could do it" 0 \
    'approve until .* UTC; petr could as well'
expect_narrow "status of lin fits 80 columns"
on lin status --json
expect_json "the same as JSON" 0 \
    '.site == "home" and .waiting[0].change == 3
	and .waiting[0].others == ["petr"] and .overdue == []
	and (has("forgotten") | not)'

# ---- an approval on its way does not wait for its approver ----

on petr receive "$BOX"
printf 'iban: %s\n' "$FIRST" >"$WORK/letter"
on petr approve 3 --reenter-from "$WORK/letter" --json
expect_json "petr approves, kept for the home" 0 \
    '.index == null and .act == "approve" and .change == 3
	and (.name | startswith("3-"))'
on petr status
expect "it is on its way" 0 'approve of #3-.*payout.iban  main-de'
expect "and waits for petr no more" 0 'Nothing waits for you'
on petr status --json
expect_json "the same as JSON" 0 \
    '.waiting == [] and .on_its_way[0].change == 3'

# ---- refused by the home ----

on lin reject 3 --reason other
expect "lin rejects it meanwhile" 0 'rejected by lin'
on petr send "$BOX"
on lin receive "$BOX"
on lin send "$BOX"
on petr receive "$BOX"
expect "the home refuses petr's approval" 0 'refused: '
expect_silent "and that is no news besides" 'Nothing new'
on petr status
expect "status tells so" 0 '^refused by the home$'
expect "with the way out" 0 'counterseal status --forget'
expect_narrow "a refusal fits 80 columns"
on petr status --json
expect_json "with its reason" 0 \
    '.on_its_way == [] and .refused[0].change == 3
	and (.refused[0].sentence | length > 10)'
on petr status --forget
expect "it can be forgotten" 0 '^1 refused statement forgotten'
expect_silent "and is" 'refused by the home'
on petr status --forget --json
expect_json "forgetting nothing is no mistake" 0 \
    '.forgotten == 0 and .refused == []'
on lin status --forget
expect "the home has nothing to forget" 0 '^0 refused'

# ---- request --replaces ----

asks mina "$FIRST"
exchange mina
N=$(on mina list --json --status open && jq -r .name <<<"$OUT")
on lin request --replaces "$N" --from - <<<"iban: $SECOND"
expect "another's change is not replaced" 1 "asked for by mina: nobody else"
on mina request --replaces 3 --from - <<<"iban: $SECOND"
expect "one that ended is not replaced" 1 'is not open any more, but rejected'
on mina request --replaces 99
expect "nor one that is not there" 2 'there is no change 99'
on mina request --replaces "$N"
expect "nor by the same" 2 'nothing would differ from #'
on mina request --replaces "$N" --store main-fr
expect "nor in another store" 2 '--store: goes not with --replaces'
on mina request contact.login_email --replaces "$N"
expect "nor by another kind" 2 'is not the kind of #'
on mina request
expect "request of nothing" 2 '--replaces N'
on mina status --json
expect_json "nothing was sealed by all that" 0 '.on_its_way == []'

on mina request payout.iban --replaces "${N#*-}" --json --from - \
    <<<"iban: $SECOND"
expect_json "mina replaces it by its short name" 0 \
    ".act == \"request\" and .replaces == \"$N\" and .index == null"
check "two touches were told before" \
    grep -q 'in two touches: the first withdraws it' <<<"$ERR"
check "what differs is shown, old and new" \
    [ "$(grep -cE '^  (IBAN|  instead) ' <<<"$ERR")" -eq 2 ]
check "and what does not is on the panels alone" \
    [ "$(grep -cE '^  Account holder' <<<"$ERR")" -eq 0 ]
on mina status --json
expect_json "both are on their way" 0 \
    '([.on_its_way[].act] | sort) == ["request", "withdraw"]
	and .mine == []'
exchange mina
on lin show "$N" --json
expect_json "the home has withdrawn the old one" 0 '.status == "withdrawn"'
on lin list --json --status open
expect_json "and has the new one" 0 '.person == "mina"'
M=$(change_name)
exchange mina
on mina show "$M" --json
expect_json "with the new value, and the holder of the old" 0 \
    '(.fields[] | select(.name == "iban") | .value | endswith("3000"))
	and (.fields[] | select(.name == "holder")
	    | .value == "Example Trading GmbH")'

# At the home: at once, and an option alone.
asks lin "$FIRST" --json
N=$(change_name)
on lin request --replaces "${N%-*}" currency=EUR
expect "lin replaces a change at the home, by its number" 0 'asked for by lin'
on lin show "$N" --json
expect_json "the old one is withdrawn" 0 '.status == "withdrawn"'

# The second touch is refused: the first stands, and that is told.
on lin list --json --status open
N=$(jq -rs '[.[] | select(.person == "lin")][0].name' <<<"$OUT")
kill "${token_pids[0]}"
wait "${token_pids[0]}"
printf 'touch\ndeny\ntouch\ndeny\n' >"$WORK/script"
token_start lin --presence "scripted:$WORK/script"
on lin request --replaces "$N" currency=USD
expect "the second touch is denied" 3 \
    "#$N is withdrawn; nothing was asked for instead"
on lin show "$N" --json
expect_json "and so it stands" 0 '.status == "withdrawn"'
on lin list --json --status open
check "with no new one" [ "$(jq -r .person <<<"$OUT" | grep -c lin)" -eq 0 ]

# ---- overdue ----

# The command at the desk of NAME, so many days ahead.
in_days() { # DAYS NAME ARGUMENT...
	local seconds=$(($1 * 86400))
	local LEDGER=$WORK/$2.db
	shift
	in_seconds "$seconds" "$@"
}

on lin status --json
expect_json "nothing is overdue" 0 '.overdue == []'
if ! clock_ahead || ! in_days 1 lin status; then
	skip "overdue" "no clock ahead of time"
elif [ "$STATUS" -ne 0 ]; then
	skip "overdue" "nothing can be loaded before the command"
else
	expect_silent "a day later nothing is overdue" '^overdue$'
	in_days 30 lin status
	expect "what expired and nobody asked for again is overdue" 0 \
	    '^overdue$'
	expect "since when" 0 '^      not approved, expired .* UTC$'
	expect "with the next command" 0 \
	    '^      counterseal request payout.iban --store main-de$'
	expect_narrow "overdue fits 80 columns"
	in_days 30 lin status --json
	expect_json "as JSON, once for the place" 0 \
	    '(.overdue | length == 1) and .overdue[0].status == "expired"
		and .overdue[0].others == [] and (.overdue[0].since != null)'
	on lin approve "$M" --reenter-from - <<<"iban: $SECOND"
	expect "lin approves mina's" 0
	in_days 1 lin status
	expect "it may be entered, and is not overdue" 0 'waiting for you'
	in_days 30 lin status
	expect "nobody told that it was entered" 0 \
	    'approved, to be entered before .*; '
	expect "with the command" 0 "counterseal apply ${M%-*}"
	expect_silent "and it is told once" '^waiting for you'
	in_days 30 lin status --json
	expect_json "in JSON it waits besides" 0 \
	    '.overdue[0].status == "approved"
		and .waiting[0].name == .overdue[0].name'
fi

# ---- a copy ----

cp "$WORK/lin.db" "$WORK/copy.db"
# An auditor's: another time zone, another language, nothing remembered.
texts=$(on lin log; grep -cE '^ +[0-9]+  (approve|apply) ' <<<"$OUT")
run env HOME="$WORK/auditor" TZ=right/Asia/Kathmandu LC_ALL=ja_JP.UTF-8 \
    "$COUNTERSEAL" verify --panels "$WORK/copy.db"
expect "what was shown is printed again from it" 0 '^findings: '
expect_silent "and every text fits" 'shown-'
check "there was something to print" [ "$texts" -ge 1 ]
on lin status --ledger "$WORK/copy.db"
expect "a copy says what to do" 0 'counterseal home --leave'
expect "and that nothing is appended" 0 "a copy of the home's file"
expect_narrow "which fits 80 columns"
on lin status --ledger "$WORK/copy.db" --json
expect_json "as JSON" 0 '.site == "copy"'

tap_done
