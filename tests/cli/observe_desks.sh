#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A reading at a replica goes to the home, and freezes the store there.
set -u
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000

three_desks
expect "three desks" 0
account "$FIRST" >"$WORK/account"
at lin request payout.iban --store main-de --from "$WORK/account" --json
CHANGE=$(change_name)
round
approve mina "$CHANGE" "$FIRST"
round
at lin apply "$CHANGE" --yes
round
at mina --json observe --store main-de tail=3417
expect_json "at a replica it is kept for the home" 1 '.outcome == "mismatch"
	and .sealed and .index == null'
at mina observe --store main-de tail=3417
expect "kept, and on its way" 1 'kept here: the home appends it'
at mina status
expect "status tells what is on its way" 0 '^  observe  payout  main-de$'
at mina --json status
expect_json "and does not ask for it again" 0 '.read_backs == []'
round
at lin --json state
expect_json "the home has it" 0 '.observed.person == "mina"
	and .frozen.reason == "drift"'
at petr --json observe --store main-de tail=3000 --dry-run
expect_json "another replica can compare" 0 '.level == "tail"'
tap_done
