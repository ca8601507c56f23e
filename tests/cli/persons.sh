#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Persons come, get other roles and a name, at desks that exchange files: what
# is refused, who sees the name, and where it stands.
set -u
. "$(dirname "$0")/lib.sh"

three_desks
expect "three desks" 0

at lin person set Nora approver
expect "a handle that is none" 2 'a handle is a small letter'
at lin person set nora 'Chief Officer'
expect "a role that is none" 2 'is not a role'
at lin person set nora approver approver
expect "a role twice" 2 'stands twice'
at lin person set nora
expect "no role" 2
at lin person set nora approver --name ''
expect "an empty name" 2 'DISPLAY is empty'
at lin person set nora approver --name $'No\tra'
expect "a name with control characters" 2 'a display name is'
at lin person set nora approver --name "$(printf 'n%.0s' {1..121})"
expect "a name that is too long" 2 'a display name is'
at lin person set policy approver
expect "the name of a slot" 1 '\[detail\]'
at lin person leave nora
expect "a stranger does not leave" 2 'no person of that handle'

at lin --json person set nora approver --name 'Nora Öztürk'
expect_json "nora is asked for" 0 '.kind == "person.set" and .slot == "nora"'
check "the panel names her" grep -q 'named  *Nora Öztürk' <<<"$ERR"
check "and says that she is new" grep -q 'person  *new in this' <<<"$ERR"
N=$(change_name)
check "the name does not stand in the ledger" [ "$(sqlite3 -readonly \
    "$(ledger_of lin)" "select count(*) from entry
	where instr(body, cast('Nora' as blob)) > 0")" -eq 0 ]
round
at mina approve "$N"
expect "mina agrees at her desk" 0
check "seeing the name" grep -q 'named  *Nora Öztürk' <<<"$ERR"
round && round
at petr person list
expect "petr's desk has it" 0 '^nora .*approver  Nora Öztürk  cannot act'
at petr --json person list
check "for programs, too" [ "$(jq -r 'select(.person == "nora") |
    [.name, .keys, (.roles | join(","))] | join(" ")' <<<"$OUT")" = \
    'Nora Öztürk 0 approver' ]
at petr verify --panels
expect "what mina was shown can be printed again" 0 '^findings: none$'
at lin --json person set nora approver operator
N=$(change_name)
check "other roles: what she has, and what she would have" \
    grep -q 'new *approver, operator$' <<<"$ERR"
round
at mina approve "$N"
round && round
at petr --json person list
check "without a name she has none any more" [ "$(jq -r \
    'select(.person == "nora") | [.name, (.roles | join(","))] | join(" ")' \
    <<<"$OUT")" = ' approver,operator' ]
tap_done
