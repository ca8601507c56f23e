#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The ways back of docs/recovery.md: a lost key in a team of two, a leaver with
# open changes, a stolen key that is found missing a week later, a total loss.
set -u
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000
SECOND=DE02120300000000202051
HOUR=3600
DAY=86400

# What verify says of seals in doubt: entries, sorted.
in_doubt() { # [SECONDS]
	in_seconds "${1:-0}" mina --json verify
	jq -c '[.findings[] | select(.code == "sealed-in-doubt") | .entry] | sort' \
	    <<<"$OUT"
}

# The second verifier says the same of these seals, or is not there.
second() {
	if ! /usr/bin/python3 -c 'import cbor2, cryptography' 2>/dev/null; then
		in_doubt "$1"
		return
	fi
	"$ROOT/tests/second/verify.py" "$LEDGER" |
	    jq -Rcn '[inputs | select(test("sealed-in-doubt")) |
	        split(" ")[-1] | tonumber] | sort'
}

doubts() { # TEXT SECONDS LIST: of both verifiers
	check "$1" [ "$(in_doubt "$2")" = "$3" ]
	check "$1: the second verifier agrees" [ "$(second "$2")" = "$3" ]
}

agreed() { # NAME: of the change that was just asked for
	at "$1" approve "$(change_name)"
	[ "$STATUS" -eq 0 ]
}

# ---- a team of two loses a key ----

demo_ledger
expect "a team of two" 0
at mina --json key revoke 0 --reason lost
expect_json "without a second key, nobody could agree to the revocation" 0 \
    '(.remains | map(.code) | length > 0) and .status == "asked"'
check "which is said before the touch" grep -q 'what remains' <<<"$ERR"
ALONE=$(change_name)
at mina --json show "$ALONE"
expect_json "and show says so" 0 '.may_approve == []'
at mina withdraw "$ALONE"
expect "so it is taken back" 0
at mina --json person leave lin
expect_json "nor can one of two leave" 0 '(.remains | length > 0)'
at mina withdraw "$(change_name)"

token_start spare
KEY=spare at lin key offer --person lin -o "$WORK/spare.offer"
expect "a backup key is offered before" 0
at mina --json key add --from "$WORK/spare.offer"
ADD=$(change_name)
at lin approve "$ADD"
expect "nobody decides on a key of his own" 1 'approver-is-subject'
at mina withdraw "$ADD"
at lin --json key add --from "$WORK/spare.offer"
agreed mina
expect "the backup key is added" 0
at lin person list
expect "person list counts keys" 0 '^lin  *2 keys'
expect "and names who has one alone" 0 '^mina  *1 key .*one key alone'

token_stop lin # lost
KEY=spare at lin --json key revoke 0 --reason lost
expect_json "by his backup key lin asks for the revocation" 0 \
    '.kind == "key.revoke" and .status == "asked" and (has("lost") | not)'
agreed mina
expect "mina agrees" 0 'Now: in force'
at lin key list
expect "the lost key is revoked" 0 '^key 0 .*revoked by #[0-9]+: lost'
account "$FIRST" >"$WORK/account"
KEY=spare at lin --json request payout.iban --store main-de \
    --from "$WORK/account"
CHANGE=$(change_name)
approve mina "$CHANGE" "$FIRST"
expect "work goes on" 0
KEY=spare at lin apply "$CHANGE" --yes
expect "to its end" 0
at lin verify
expect "earlier history stays valid" 0 '^findings: none$'
token_start lin
at lin request payout.iban --store main-de --from "$WORK/account" \
    --token "unix:$WORK/lin.sock"
expect "the key that was found again seals nothing" 3 'holds no key'
token_stop lin

# ---- a leaver with open changes ----

token_start petr
at petr key offer --person petr -o "$WORK/petr.offer"
KEY=spare at lin --json person set petr operator approver admin
agreed mina
KEY=spare at lin --json key add --from "$WORK/petr.offer"
agreed mina
expect "petr comes" 0
cat >"$WORK/user" <<'END'
user_email: petr.krause@example.com
role: admin
action: grant
may_edit_payments: yes
END
at petr --json request access.user --store main-de --from "$WORK/user" \
    --slot access.user/petr0001
ACCESS=$(change_name)
at mina --json show "$ACCESS"
expect_json "petr's access is asked for" 0 '.status == "asked"'
printf 'user_email: petr.krause@example.com\n' >"$WORK/typed"
at mina approve "$ACCESS" --reenter-from "$WORK/typed"
at petr apply "$ACCESS" --yes
expect "petr has access to the console" 0
account "$SECOND" >"$WORK/account"
at petr --json request payout.iban --store main-de --from "$WORK/account"
LEFT=$(change_name)
account "$SECOND" >"$WORK/account"
KEY=spare at lin --json request payout.iban --store main-fr \
    --from "$WORK/account"
OTHER=$(change_name)
approve petr "$OTHER" "$SECOND"
expect "and approved another's" 0
at mina --json person leave petr
expect_json "before the touch: his keys, open changes and access" 0 \
    "(.keys | length == 1) and (.open | map([.name, .as]) ==
	[[\"$LEFT\", \"requester\"], [\"$OTHER\", \"approver\"]])
	and (.access | map([.name, .whose]) == [[\"$ACCESS\", \"theirs\"]])"
check "in words" grep -q "open: #$LEFT .*reject it" <<<"$ERR"
check "with the address" grep -q 'petr.krause@example.com  <- take' <<<"$ERR"
check "the panel, too" grep -q "open changes .*#$LEFT" <<<"$ERR"
LEAVE=$(change_name)
at petr approve "$LEAVE"
expect "the leaver does not decide on it" 1 'approver-is-subject'
KEY=spare at lin approve "$LEAVE"
expect "lin agrees" 0
check "who agrees sees the same" grep -q "open changes .*#$LEFT" <<<"$ERR"
at petr withdraw "$LEFT"
expect "petr's key seals nothing" 1 'person-left'
at mina --json show "$OTHER"
expect_json "his approval counts no more" 0 \
    '.status == "asked" and .missing == "1 approver"'
approve mina "$OTHER" "$SECOND"
expect "and is given anew" 0
at mina reject "$LEFT" --reason not_asked_for
expect "what he asked for is rejected" 0
KEY=spare at lin --json request access.user --store main-de \
    --slot access.user/petr0001 --op remove
GONE=$(change_name)
at mina approve "$GONE"
KEY=spare at lin apply "$GONE" --yes
expect "his access is taken away" 0
at mina person list
expect "person list says that he left" 0 '^petr .*has left'
at mina verify
expect "the ledger stands" 0 '^findings: none$'

# ---- a total loss ----

token_stop spare
token_stop mina
OLD=$LEDGER
at lin --json verify
OLD_ID=$(jq -r .ledger <<<"$OUT")
OLD_SIZE=$(jq .head.size <<<"$OUT")
LEDGER=$WORK/anew.db
for name in lin mina; do
	rm -f "$WORK/$name.state"
	token_start "$name"
	at "$name" key offer --person "$name" --org 'Example Trading GmbH' \
	    -o "$WORK/$name.new"
done
init=(init --org 'Example Trading GmbH' --demo
    --from "$WORK/lin.new=operator,admin"
    --from "$WORK/mina.new=approver,admin")
at lin "${init[@]}" --continues "$WORK/nothing.db"
expect "what is not there is not continued" 4 'no ledger here'
at lin "${init[@]}" --continues "$OLD" --json
expect_json "a new ledger continues the one that was lost" 0 \
    ".continues == \"$OLD_ID\""
check "the panel says which, and how far" \
    grep -Eq "continues the ledger .*, as of $OLD_SIZE entries" <<<"$ERR"
at mina join
expect "mina joins" 0
check "seeing the same" grep -Eq "continues the ledger" <<<"$ERR"
at mina verify
expect "verify tells of it" 0 "^  continues  *$OLD_ID$"
at mina verify --json
expect_json "to programs, too" 0 ".continues.ledger == \"$OLD_ID\"
	and .continues.size == $OLD_SIZE and (.continues.root | length == 64)"
account "$FIRST" >"$WORK/account"
at lin --json request payout.iban --store main-de --from "$WORK/account" \
    --op baseline
CHANGE=$(change_name)
approve mina "$CHANGE" "$FIRST"
expect "what the console shows is approved anew" 0 'in force'
at mina verify --ledger-id "$OLD_ID" "$OLD"
expect "the old ledger can be verified as before" 0 '^findings: none$'
# ---- a stolen key, found missing a week later ----

if ! clock_ahead; then
	skip "a stolen key" "nothing can be loaded before the command"
	tap_done
fi
NOW=$(date +%s)
LEDGER=$WORK/stolen.db
token_start nora
at nora key offer --person nora --org 'Example Trading GmbH' \
    -o "$WORK/nora.offer"
at lin "${init[@]}" --from "$WORK/nora.offer=approver,admin"
at mina join
at nora join
expect "a team of three" 0

timed() { # SECONDS NAME ARGUMENT...: and it must go well
	in_seconds "$@"
	[ "$STATUS" -eq 0 ] || not_ok "in $1 seconds: ${*:2}" "$OUT$ERR"
}

put() { # SECONDS IBAN KEY: lin asks, mina approves, lin enters; into CHANGE
	account "$2" >"$WORK/account"
	KEY=$3 timed "$1" lin --json request payout.iban --store main-de \
	    --from "$WORK/account"
	CHANGE=$(change_name)
	printf 'iban: %s\n' "$2" >"$WORK/letter"
	timed "${4:-$1}" mina approve "$CHANGE" --reenter-from "$WORK/letter"
	KEY=$3 timed "${4:-$1}" lin --json apply "$CHANGE" --yes
	APPLIED=$(jq .index <<<"$OUT")
}

put $DAY "$FIRST" lin
HONEST=$CHANGE
timed $((DAY + HOUR)) mina observe --store main-de tail=3000
# The thief's request claims a time at which lin still had the key.
put $((DAY + HOUR + 1800)) "$SECOND" lin $((2 * DAY))
THEFT=$CHANGE
# He asks for another store, too, and freezes it.
account "$SECOND" >"$WORK/account"
timed $((2 * DAY)) lin --json request payout.iban --store main-fr \
    --from "$WORK/account"
OPEN=$(change_name)
timed $((2 * DAY)) lin --json freeze --store main-fr --reason drill
FROZEN=$(jq .index <<<"$OUT")
SINCE=$(date -u -d "@$((NOW + DAY + 2 * HOUR))" +%Y-%m-%dT%H:%M:%SZ)
WEEK=$((8 * DAY))
in_seconds $WEEK mina key revoke 0 --reason stolen --lost-since yesterday
expect "a time is a time" 2 'a time is written'
in_seconds $WEEK mina key revoke 0 --reason stolen \
    --lost-since "$(date -u -d "@$((NOW + 9 * DAY))" +%Y-%m-%dT%H:%M:%SZ)"
expect "and not to come" 2 'still to come'
in_seconds $WEEK mina --json key revoke 0 --reason stolen --lost-since "$SINCE"
expect_json "mina tells since when it is gone" 0 \
    ".lost.size <= ${THEFT%-*} and .lost.size > ${HONEST%-*}
	and .lost.attested_by != null"
check "before the touch: by whose word, and what it puts in doubt" \
    grep -Eq 'in doubt  *from entry [0-9]+ on: 4 of its seals' <<<"$ERR"
check "and whose that is" grep -Eq 'entries mina had seen' <<<"$ERR"
REVOKE=$(change_name)
in_seconds $WEEK nora show "$REVOKE"
expect "show tells it" 0 'in doubt  *what it sealed from entry'
in_seconds $WEEK nora approve "$REVOKE"
expect "nora agrees" 0
in_seconds $WEEK mina verify
expect "the ledger is valid" 0 'sealed-in-doubt'
doubts "what the thief sealed is in doubt, in spite of his clock" $WEEK \
    "[${THEFT%-*},$APPLIED,${OPEN%-*},$FROZEN]"
in_seconds $WEEK mina --json verify --full
check "by the whole ledger, too" [ "$(jq '.findings | length' <<<"$OUT")" -eq 4 ]
expect_json "each with its change" 0 "[.findings[].change] ==
    [${THEFT%-*}, ${THEFT%-*}, ${OPEN%-*}, null]"
in_seconds $WEEK nora show "$THEFT"
expect "show tells it of the change" 0 'In doubt: it was asked for by a key'
in_seconds $WEEK nora --json lift --store main-fr
in_seconds $WEEK mina approve "$(change_name)"
expect "the thief's freeze is lifted" 0
doubts "which settles it" $WEEK "[${THEFT%-*},$APPLIED,${OPEN%-*}]"
in_seconds $WEEK nora reject "$OPEN" --reason not_asked_for
expect "and what he asked for is rejected" 0
doubts "which settles that" $WEEK "[${THEFT%-*},$APPLIED]"
token_start anew
KEY=anew in_seconds $WEEK lin key offer --person lin -o "$WORK/anew.offer"
in_seconds $WEEK mina --json key add --from "$WORK/anew.offer"
in_seconds $WEEK nora approve "$(change_name)"
expect "lin gets another key" 0
put $WEEK "$FIRST" anew
doubts "with the right account in force, all is settled" $WEEK '[]'
in_seconds $WEEK mina verify --full
expect "and nothing is left to say" 0 '^findings: none$'
tap_done
