#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The brake: one person freezes a store, a key or all stores at once; it takes
# two to lift it, and the person whose key is frozen is none of them.
set -u
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000
SECOND=DE02120300000000202051

demo_ledger
expect "a ledger to begin with" 0
token_start petr

# petr comes later: a third admin, by two touches.
at petr key offer --person petr -o "$WORK/petr.offer"
expect "a third person's offer" 0
at lin person set petr admin approver --json
expect "lin asks for petr" 0
at mina approve "$(change_name)"
expect "mina agrees to petr" 0
at lin key add --from "$WORK/petr.offer" --json
at mina approve "$(change_name)"
expect "and to his key" 0

# ---- what is refused ----

at mina freeze --reason drill
expect "nothing named" 2 'one of them is needed'
at mina freeze --all --store main-de --reason drill
expect "two named" 2 'one of them is needed'
at mina freeze --all
expect "no reason" 2 '--reason: is needed'
at mina freeze --all --reason because
expect "no such reason" 2 'no such word'
at mina freeze --store 'Main DE' --reason drill
expect "no such store" 2 'no store of that alias'
at mina freeze --key 17 --reason drill
expect "no such key" 2 'no key number 17'
at mina lift --store main-de
expect "nothing to lift" 2 'nothing of that is frozen'
at mina lift 1
expect "an entry that froze nothing" 2 'froze nothing'
at mina lift 1 --all
expect "both named" 2 'not both'
at mina freeze --store mian-de --reason drill --json
expect_json "an alias that nobody used stands" 0 '.store == "mian-de"'
check "and is warned of" grep -q 'is the alias right' <<<"$ERR"
at mina lift --store mian-de --json
at petr approve "$(change_name)"
expect "and is lifted" 0

# ---- a store ----

ask "$FIRST" && approve mina "$CHANGE" "$FIRST"
expect "an approved change" 0
OPEN=$CHANGE
at mina freeze --store main-de --reason phishing
expect "a store is frozen at once" 0 '^Frozen by entry [0-9]+: store main-de'
check "the panel tells what it stops" grep -q "stops.*#$OPEN" <<<"$ERR"
FROZEN=$(sed -n 's/^Frozen by entry \([0-9]*\):.*/\1/p' <<<"$OUT")
at lin apply "$OPEN" --yes
expect "nothing is entered there" 1 'store-frozen'
ask "$SECOND"
expect "it can be asked for" 0
ASKED=$CHANGE
approve mina "$ASKED" "$SECOND"
expect "nothing is approved there" 1 'store-frozen'
at lin status
expect "status tells what is frozen" 0 \
    "^  main-de  by entry $FROZEN of mina: phishing$"
expect "and the command that comes next" 0 "^      counterseal lift $FROZEN$"
check "what it stops waits for nobody" \
    [ "$(grep -c '^waiting for you' <<<"$OUT")" -eq 0 ]
at lin status --json
expect_json "the same in JSON" 0 ".waiting == [] and .frozen == [{
	\"index\": $FROZEN, \"store\": \"main-de\", \"key\": null,
	\"person\": \"mina\", \"reason\": \"phishing\", \"lift\": null}]"
at lin list
expect "list tells it" 0 "^$OPEN .*approved, frozen"
at lin show "$OPEN" --json
expect_json "show tells it" 0 \
    ".frozen == $FROZEN and .next == \"counterseal lift $FROZEN\""
at lin log
expect "log tells it" 0 "^ *$FROZEN  freeze .*  store main-de$"
at mina reject "$ASKED" --reason suspicious
expect "rejections go on" 0 'rejected by mina'

at lin lift --store main-de --json
expect_json "one asks for the lift" 0 '.act == "lift"
	and .kind == "freeze.lift" and .status == "asked"'
LIFT=$(change_name)
at lin lift --store main-de
expect "and may ask again" 0
check "the panel says what is lifted" \
    grep -q 'freeze of  *store main-de' <<<"$ERR"
at lin approve "$LIFT"
expect "not alone" 1 'approver-is-requester'
at mina status
expect "status tells who can agree" 0 'asked for by lin, and waits for mina'
at petr approve "$LIFT"
expect "another agrees" 0 'Now: in force'
check "who agrees sees what is lifted" \
    grep -q "frozen by  *entry $FROZEN, by mina: phishing" <<<"$ERR"
at lin lift "$FROZEN"
expect "it is lifted" 1 'has lifted it already'
at lin status --json
expect_json "nothing is frozen" 0 '.frozen == []'
at lin apply "$OPEN" --yes
expect "and it can be entered" 0

# ---- all stores ----

at mina freeze --all --reason drill --json
expect_json "all stores" 0 '.all and .store == null and .act == "freeze"'
ask "$SECOND"
approve mina "$CHANGE" "$SECOND"
expect "no store is spared" 1 'store-frozen'
at petr lift --all --json
at mina approve "$(change_name)"
expect "who froze may agree to the lift" 0
approve mina "$CHANGE" "$SECOND"
expect "the approver had seen the lift" 0

# ---- a key: its person does not decide ----

at mina freeze --key 0 --reason stolen --json
expect_json "a key" 0 '.frozen_key == 0 and .store == null and (.all | not)'
at lin apply "$CHANGE" --yes
expect "it seals nothing" 1 'key-frozen'
at mina freeze --key 0 --reason stolen
expect "it is frozen once" 1 'key-gone'
at mina freeze --key 1 --reason drill
expect "never so many that nobody could lift it" 1 'freeze-locks'
at mina lift --key 0 --json
LIFT=$(change_name)
at lin approve "$LIFT"
expect "whose key it is does not agree, by that key" 1 'key-frozen'
at mina show "$LIFT" --json
expect_json "nor by another: petr alone can" 0 '.may_approve == ["petr"]'
at petr approve "$LIFT"
expect "petr does" 0
at lin apply "$CHANGE" --yes
expect "and it seals again" 0

at lin verify
expect "the ledger stands" 0 '^findings: none$'
tap_done
