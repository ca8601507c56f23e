#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The verbs that read: what they say to people, the keys of docs/json.md, and
# how they end when there is nothing good to read.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

FIRST=DE02120300000000202051  # made of published test values
SECOND=DE89370400440532013000

# The command with its settings alone, at a desk where nothing was done.
fresh() { # ARGUMENT...
	run env -u COUNTERSEAL_LEDGER HOME="$WORK/fresh" \
	    XDG_CONFIG_HOME="$WORK/fresh/config" \
	    XDG_DATA_HOME="$WORK/fresh/data" \
	    XDG_STATE_HOME="$WORK/fresh/state" "$COUNTERSEAL" "$@"
}

# Passes if jq says true of the list of all objects, one a line.
expect_lines() { # TEXT STATUS PROGRAM
	if [ "$STATUS" -ne "$2" ]; then
		not_ok "$1" "status $STATUS, not $2"$'\n'"$OUT"$'\n'"$ERR"
	elif ! printf '%s' "$OUT" | jq -es "$3" >/dev/null 2>&1; then
		not_ok "$1" "not so: $3"$'\n'"$OUT"
	else
		ok "$1"
	fi
}

# Passes if standard output has no line of more than 80 columns.
expect_narrow() { # TEXT
	local wide
	wide=$(printf '%s\n' "$OUT" | awk 'length($0) > 80')
	if [ -n "$wide" ]; then
		not_ok "$1" "$wide"
	else
		ok "$1"
	fi
}

# Passes if nothing that was printed contains the text.
expect_without() { # TEXT WORD
	if printf '%s\n%s\n' "$OUT" "$ERR" | tr -d ' ' | grep -qF -- "$2"; then
		not_ok "$1" "$OUT"$'\n'"$ERR"
	else
		ok "$1"
	fi
}

# lin asks for an account of main-de; the change's name into CHANGE.
asks() { # TEXT IBAN
	if ask "$2"; then
		ok "$1"
	else
		not_ok "$1" "$OUT"$'\n'"$ERR"
	fi
}

# Runs on a terminal of its own (80 columns); both streams come into OUT.
on_terminal() { # NAME ARGUMENT...
	local line
	desk "$1"
	shift
	line=$(printf '%q ' "${DESK[@]}" "$COUNTERSEAL" "$@")
	script -qec "$line" /dev/null </dev/null >"$WORK/out"
	STATUS=$?
	OUT=$(tr -d '\r' <"$WORK/out")
	ERR=
}

# ---- no ledger ----

mkdir "$WORK/fresh"
fresh status
expect "status: nothing there yet, says how to begin" 0 \
    'counterseal key offer --person HANDLE'
expect_narrow "status: how to begin fits 80 columns"
fresh
expect "no command is status" 0 'There is no ledger here yet'
fresh status --json
expect_json "status --json: nothing there yet" 0 \
    '.ledger == null and .settings.ledger.source == "default"'
at lin status
expect "status: a ledger that was named must be there" 4 \
    'there is no ledger here'
at lin list
expect "list: no ledger" 4 'there is no ledger here'

# ---- kinds, which need none ----

fresh kinds
expect "kinds: names and sentences" 0 '^payout\.iban  +the account'
expect_narrow "kinds fit 80 columns"
fresh kinds payout.iban
expect "kinds KIND: a field with its example" 0 'for example DE'
expect_narrow "kinds KIND fits 80 columns"
fresh kinds payout.ibna
expect "kinds: an unknown kind, with the near one" 2 \
    'did you mean payout\.iban'
fresh kinds zzz
expect "kinds: an unknown kind, nothing near" 2 'lists them'
fresh kinds --json
expect_lines "kinds --json: an object a line with its keys" 0 \
    'length >= 4 and all(.[]; has("kind", "about", "slot", "authority",
	"operations", "fields"))'
fresh kinds payout.iban --json
expect_json "kinds KIND --json: fields with their keys" 0 \
    '.kind == "payout.iban" and (.operations | index("replace") != null) and
	all(.fields[]; has("name", "label", "format", "grade", "required",
	"about", "example", "masked")) and
	([.fields[] | select(.name == "iban") | .grade] == ["secret"])'

# ---- a ledger of two ----

if ! demo_ledger; then
	not_ok "a demonstration ledger of lin and mina" "$OUT"$'\n'"$ERR"
	tap_done
fi
ok "a demonstration ledger of lin and mina"

at lin list
expect "list: no changes yet" 0 '^No changes\.$'
at lin list --json
expect_lines "list --json: no changes yet" 0 'length == 0'
at lin state
expect "state: nothing in force yet" 0 '^Nothing is in force\.$'
at lin status
expect "status: nothing waits" 0 '^Nothing waits for you\.$'
expect "status: says that it is a demonstration" 0 'demonstration ledger'
expect "status: says who" 0 'you are lin \(operator, admin\), 1 key'
asks "lin asks for a payout account" "$FIRST"
first=$CHANGE
n=${first%%-*}

at lin list
expect "list: the change that was asked for" 0 \
    "^$first  payout\.iban  main-de  asked +lin  20[0-9-]{8}$"
expect_narrow "list fits 80 columns"
at lin list --json
expect_lines "list --json: its keys" 0 \
    'length == 1 and (.[0] | .change == '"$n"' and .name == "'"$first"'" and
	.kind == "payout.iban" and .op == "replace" and .store == "main-de" and
	.slot == "payout" and .status == "asked" and .person == "lin" and
	(.asked | test("^20.*Z$")) and (.expires | test("^20.*Z$")))'
for word in open asked; do
	at lin list --status "$word" --json
	expect_lines "list --status $word: it is there" 0 'length == 1'
done
for word in approved in-force "in force" replaced rejected withdrawn \
    superseded failed expired; do
	at lin list --status "$word" --json
	expect_lines "list --status $word: it is not" 0 'length == 0'
done
at lin list --status foo
expect "list: an unknown status, with those that are" 2 'open, asked, approved'

at mina status
expect "status: mina is waited for" 0 "^  #$first  payout\.iban  main-de  by lin"
expect "status: with the command" 0 "^ +counterseal approve $n\$"
expect_narrow "status fits 80 columns"
at mina status --json
expect_json "status --json: its keys" 0 \
    'has("ledger", "org", "demo", "head", "founded", "person", "me",
	"waiting", "mine", "settings") and .demo and .founded and
	.org == "Example Trading GmbH" and .person == "mina" and
	.me.roles == ["approver", "admin"] and .me.keys == 1 and
	.head.size == 3 and (.waiting | length) == 1 and
	.waiting[0].next == "counterseal approve '"$n"'" and .mine == [] and
	.settings.ledger.source == "environment" and
	.settings.token.source == "environment"'
at lin status
expect "status: lin sees it as asked for" 0 '^asked for by you$'
at lin status --json
expect_json "status --json: it waits not for lin" 0 \
    '.waiting == [] and (.mine | length) == 1'

at mina show "$n"
expect "show: its head" 0 "^#$first  payout\.iban  main-de  replace\$"
expect "show: how it stands" 0 '^  asked for, not approved: 1 approver missing$'
expect "show: who is missing" 0 '^  Missing: 1 approver\. mina can give it, until '
expect "show: the next command" 0 "^  next +counterseal approve $n\$"
expect "show: a value that is no secret" 0 'Example Trading GmbH'
expect_without "show: the account is masked" 0202051
expect_narrow "show fits 80 columns"
for word in "$first" "#$first" "${first#*-}"; do
	at mina show "$word"
	expect "show $word" 0 "^#$first "
done
at mina show 99
expect "show: no such change" 2 '99'
at mina show 0
expect "show: an entry that is no change" 2 '0'
at mina show
expect "show: without a change" 2 'counterseal show N'
at mina show "$n" --json
expect_json "show --json: its keys" 0 \
    'has("reason") and .reason == null and .change == '"$n"' and .name == "'"$first"'" and
	(.leaf | test("^[0-9a-f]{64}$")) and (.sentence | type) == "string" and
	.approvals == [] and .missing == "1 approver" and
	.may_approve == ["mina"] and .approved_at == null and
	.decided_at == null and .next == "counterseal approve '"$n"'" and
	([.fields[] | select(.name == "iban") | .masked] == [true]) and
	([.fields[] | select(.name == "holder") | .value] ==
	["Example Trading GmbH"])'
expect_without "show --json: the account is masked" 0202051
at mina show "$n" --full
expect "show --full: not without a terminal" 2 'on a terminal only'
at mina show "$n" --full --json
expect_json "show --full: not as JSON" 2 '.error.code == "usage"'
expect_without "show --full --json: the account is masked" 0202051
on_terminal mina show "$n" --full
expect "show: what mina is to type herself is not told her" 0 \
    '^  IBAN +\(to be typed from the source document\)'
on_terminal lin show "$n" --full
expect "show --full: whole on a terminal" 0 'DE02 1203 0000 0000 2020 51'
on_terminal mina show "$n"
expect_without "show: masked on a terminal too" 0202051

on_terminal mina show "$n" --shown
expect "show --shown: nothing before mina has typed it" 0 \
    'not told before it is typed'

# ---- approved, entered, in force ----

approve mina "$n" "$FIRST"
expect "mina approves" 0 'approved by mina. It may be entered now'
seen=$(sed -n '/^  Change /,/^  With this touch/p' <<<"$ERR")
on_terminal lin show "$n" --shown
expect "show --shown: what mina saw fits" 0 'the text fits what the signer'
check "show --shown: it is what mina saw, line by line" \
    [ "$(sed -n '/^  Change /,/^  With this touch/p' <<<"$OUT")" = "$seen" ]
check "there was something to see" \
    grep -Fq 'DE02 1203 0000 0000 2020 51' <<<"$seen"
at lin show "$n" --shown
expect "show --shown: not without a terminal" 2 'on a$|terminal only'
expect_without "show --shown: no account" 0202051
at lin show "$n" --shown --json
expect_json "show --shown --json: whether it fits" 0 '.shown | length == 1 and
	(.[0] | .verdict == "fits" and .fewer == false and .why == "" and
	.index == 3)'
expect_without "show --shown --json: no account" 0202051
at lin verify --panels
expect "verify --panels: all fit" 0 '^findings: none$'
at lin show "$n"
expect "show: approved, by whom" 0 \
    '^  approved by mina +20.* UTC \(claimed\), entry 3$'
expect "show: what is next" 0 "^  next +counterseal apply $n\$"
at lin status
expect "status: lin is waited for" 0 "^ +counterseal apply $n\$"
at mina status --json
expect_json "status --json: approved is not mina's to enter" 0 \
    '.waiting == [] and .mine == []'
at lin apply "$n" --yes --json
expect_json "lin enters it" 0 '.status == "in force"'
at lin show "$n" --json
expect_json "show --json: approvals and entries" 0 \
    '.status == "in force" and .next == null and .missing == "" and
	(.approvals | length) == 1 and (.approvals[0] | .person == "mina" and
	.key == 1 and .index == .index and (.clock | test("Z$"))) and
	.approved_at == .approvals[0].index and .decided_at > .approved_at'
at lin show "$n"
expect "show: in force, by whom" 0 '^  in force: entered by lin on 20.* UTC$'
at mina state
expect "state: store, kind, change" 0 "^main-de  payout\.iban  #$first\$"
expect "state: since when and by whom" 0 \
    '^  since 20.* UTC by lin; asked by lin, approved by mina$'
expect_without "state: the account is masked" 0202051
expect_narrow "state fits 80 columns"
at mina state --store main-de --json
expect_lines "state --json: its keys" 0 \
    'length == 1 and (.[0] | .change == '"$n"' and .store == "main-de" and
	.slot == "payout" and .status == "in force" and .since > .change and
	(.since_time | test("Z$")) and .since_person == "lin" and
	(.fields | length) == 2)'
expect_without "state --json: the account is masked" 0202051
at mina state --store elsewhere
expect "state: another store" 0 '^Nothing is in force for store elsewhere\.$'

asks "lin asks for another account" "$SECOND"
second=$CHANGE
at mina show "$second"
expect "show: without a reason" 0
expect_without "show: without a reason, none is shown" reason
at mina reject "$second" --reason suspicious
expect "mina rejects it" 0
at lin show "$second"
expect "show: rejected, by whom, why" 0 \
    '^  rejected by mina on 20.* UTC: suspicious$'
asks "lin asks once more" "$SECOND"
third=$CHANGE
at lin withdraw "$third"
expect "lin withdraws it" 0
at lin show "$third"
expect "show: withdrawn" 0 '^  withdrawn by lin on 20'
at lin list --status rejected
expect "list --status rejected" 0 "^$second .* rejected "
at lin list
expect_narrow "list of three fits 80 columns"

# ---- a reason, and what is kept beside the ledger ----

{
	account "$SECOND"
	printf 'reason: new account at the collection company\n'
} >"$WORK/account"
at lin request payout.iban --store main-de --from "$WORK/account" --json
fourth=$(change_name)
at mina show "$fourth"
expect "show: the reason" 0 '^    new account at the collection company$'
at mina show "$fourth" --json
expect_json "show --json: the reason" 0 \
    '.reason == "new account at the collection company"'
sqlite3 "$LEDGER" ".backup '$WORK/beside.db'"
# An account that nobody asked for, as long as the one that was.
LC_ALL=C sed "s/$SECOND/DE75512108001245126199/" "$WORK/beside.db" \
    >"$WORK/swapped.db"
at mina --ledger "$WORK/swapped.db" show "$fourth"
expect "show: a value that was swapped beside the ledger" 4 \
    'not the one that was asked for'
expect_without "show: and it is not shown" 6199
at mina --ledger "$WORK/swapped.db" show "$fourth" --json
expect_json "show --json: a value that was swapped" 4 \
    '.error.code == "corrupt"'
at mina verify "$WORK/swapped.db"
expect "verify: finds it too" 1 'opening-false'
expect "verify: though every entry stands" 1 'signatures +10 of 10'
LC_ALL=C sed 's/at the collection/in a locked attic/' "$WORK/beside.db" \
    >"$WORK/swapped.db"
at mina --ledger "$WORK/swapped.db" show "$fourth"
expect "show: a reason that was swapped" 4 'not the one that was asked for'
at lin withdraw "$fourth"
expect "lin withdraws it too" 0

# ---- authority ----

at mina key revoke 0 --reason drill --json
fifth=$(change_name)
at mina show "$fifth"
expect "show: the key to revoke" 0 '^  key to revoke +0 of lin: drill$'
expect "show: nobody can approve it" 0 'Missing: 1 admin\. Nobody who is here can give it'
expect_without "show: and so no next command" 'counterseal approve'
expect_narrow "show of a revocation fits 80 columns"
at mina list
expect "list: an authority change by its slot" 0 \
    "^$fifth  key\.revoke +lin +asked +mina "
at mina withdraw "$fifth"
expect "mina withdraws it" 0
token_start lin2
KEY=lin2 at lin key offer --person lin -o "$WORK/second.offer"
expect "a second key of lin" 0
at lin key add --from "$WORK/second.offer" --json
sixth=$(change_name)
at mina show "$sixth"
expect "show: the new key" 0 '^  new key +of lin, hardware proof: software$'
at mina approve "$sixth"
expect "mina approves it" 0
at mina state
expect "state: authority too" 0 "^lin  key\.add  #$sixth\$"
at mina state --store main-de
expect_without "state --store: that store alone" key.add

# ---- log ----

at lin log
expect "log: heads of columns" 0 '^ ENTRY  ACT       BY .* COUNTER  CHANGE$'
expect "log: genesis" 0 '^     0  genesis   lin +20.* UTC +[0-9]+$'
expect "log: an approval with its change" 0 \
    "^ +[0-9]+  approve   mina +20.* UTC +[0-9]+  #$first\$"
expect_narrow "log fits 80 columns"
at lin log --json
expect_lines "log --json: every entry with its keys" 0 \
    'length == 15 and [.[].index] == [range(15)] and
	[.[].act] == ["genesis", "join", "request", "approve", "apply",
	"request", "reject", "request", "withdraw", "request", "withdraw",
	"request", "withdraw", "request", "approve"] and
	all(.[]; (.person | test("^(lin|mina)$")) and (.key | type) == "number"
	and (.clock | test("Z$")) and (.counter | type) == "number" and
	(.leaf | test("^[0-9a-f]{64}$")) and has("change", "name")) and
	.[0].change == null and .[3].change == '"$n"' and
	.[3].name == "'"$first"'"'
at lin log --change "$first" --json
expect_lines "log --change: what is about it" 0 \
    '[.[].act] == ["request", "approve", "apply"]'
at lin log --change nope
expect "log --change: no such change" 2

# ---- a ledger that not all have joined ----

for person in lin mina; do
	at "$person" key offer --person "$person" --org Other \
	    -o "$WORK/$person.other"
done
at lin --ledger "$WORK/other.db" init --org Other --demo \
    --from "$WORK/lin.other=operator,admin" \
    --from "$WORK/mina.other=approver,admin"
expect "a second ledger" 0
at mina --ledger "$WORK/other.db" status
expect "status: who has not joined" 0 'Not yet: mina$'
expect "status: mina must join" 0 '^ +counterseal join$'
expect "status: where the ledger comes from" 0 'other\.db \(option\)$'
at mina --ledger "$WORK/other.db" status --json
expect_json "status --json: not founded, not joined" 0 \
    '(.founded | not) and (.me.joined | not) and
	.settings.ledger.source == "option"'
at lin --ledger "$WORK/other.db" status
expect "status: lin sees it too" 0 'Not yet: mina$'
expect_without "status: lin need not join" 'counterseal join'
at petr status
expect "status: nobody is known at this desk" 0 'who you are is not known here'
at petr status --json
expect_json "status --json: nobody is known" 0 \
    '.person == null and .me == null and .waiting == [] and .mine == []'
mkdir -p "$WORK/home-petr/state/counterseal"
echo petr >"$WORK/home-petr/state/counterseal/person"
at petr status
expect "status: somebody who is no person of the ledger" 0 \
    'you are petr, who is no person of this ledger'
at petr status --json
expect_json "status --json: no person of the ledger" 0 \
    '.person == "petr" and .me == null'

tap_done
