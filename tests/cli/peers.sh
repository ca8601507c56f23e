#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Failures that users of other systems for two-person control report, one by
# one: each is tried here, and cannot happen. And what show says of each.
set -u
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000
SECOND=DE02120300000000202051
HOUR=3600
ORG='Example Trading GmbH'

entries() {
	sqlite3 -readonly "$LEDGER" 'select count(*) from entry'
}

refused() { # TEXT STATUS PATTERN: and nothing was appended
	expect "$1" "$2" "$3"
	check "$1: nothing is appended" [ "$(entries)" -eq "$had" ]
}

agree() { # NAME IBAN: the change of CHANGE
	approve "$1" "$CHANGE" "$2"
	[ "$STATUS" -eq 0 ] || not_ok "$1 approves #$CHANGE" "$OUT$ERR"
}

cat >"$WORK/rules.ini" <<'END'
[store main-de]
platform = amazon
slots = payout contact.login_email

[change *]
approvals = 1 approver
request lives = 30d
may request = operator
may apply = operator
may observe = operator approver

[change payout.*]
approvals = 1 approver and 1 finance
re-enter = account
cooling off = 24h
apply window = 48h
first seen = 1 more approver
after contact change = 1 more approver for 7d

[change key.* person.* policy.* log.* freeze.lift]
may request = admin
approvals = 1 admin

[freeze]
by = approver admin
on drift = freeze
END
init=(init --org "$ORG" --demo --policy "$WORK/rules.ini"
    --accept-single-keys)
for who in lin:operator,approver,admin mina:approver,admin \
    petr:approver,admin olga:approver nora:finance; do
	name=${who%%:*}
	token_start "$name"
	at "$name" key offer --person "$name" --org "$ORG" \
	    -o "$WORK/$name.offer"
	init+=(--from "$WORK/$name.offer=${who#*:}")
done
at lin "${init[@]}"
expect "a team of five, with rules" 0
for name in mina petr olga nora; do
	at "$name" join
done
expect "all have joined" 0 'the ledger is open'

# ---- a requester who is an approver approves himself ----

ask "$FIRST"
expect "lin, who is an approver, asks" 0
had=$(entries)
approve lin "$CHANGE" "$FIRST"
refused "and does not approve himself" 1 'approver-is-requester'
token_start lin2
KEY=lin2 at lin key offer --person lin -o "$WORK/lin2.offer"
at lin --json key add --from "$WORK/lin2.offer"
at mina approve "$(change_name)"
expect "lin has a second key" 0
had=$(entries)
KEY=lin2 approve lin "$CHANGE" "$FIRST"
refused "by his second key neither" 1 'approver-is-requester'

# ---- approvals of several roles: both, not either ----

at mina --json show "$CHANGE"
expect_json "a country that is new takes one approver more" 0 '
	.places == [{"role": "approver", "count": 2},
	{"role": "finance", "count": 1}] and .first_seen
	and (.after_contact | not)
	and (.may_approve == ["mina", "petr", "olga", "nora"])'
at mina show "$CHANGE"
expect "show says why" 0 '1 approver of these because its country'
expect "and who can give it, until when" 0 'Missing: 2 approver and 1 finance'
agree petr "$FIRST"
agree olga "$FIRST"
had=$(entries)
approve mina "$CHANGE" "$FIRST"
refused "three approvers make no finance" 1 'approver-role'
at mina --json show "$CHANGE"
expect_json "nora alone can give what is missing" 0 \
    '.missing == "1 finance" and .may_approve == ["nora"]
	and (.explanation | map(select(test("^Missing: 1 finance. nora can")))
	| length == 1)'
approve olga "$CHANGE" "$FIRST"
refused "who approved does not approve again" 1 'approver-twice'
agree nora "$FIRST"

# ---- the delay between approval and execution ----

had=$(entries)
at lin apply "$CHANGE" --yes
refused "approved, and cooling off: not entered" 1 'apply-cooling-off'
at lin show "$CHANGE"
expect "show says until when, and what stops it" 0 'It cools off until .*'
at lin --json show "$CHANGE"
expect_json "in JSON, too" 0 '.status == "approved" and .opens != null
	and .closes != null and .opens < .closes and .may_apply == ["lin"]'
at mina reject "$CHANGE" --reason suspicious
expect "a rejection within the cooling-off" 0
had=$(entries)
if clock_ahead; then
	in_seconds $((25 * HOUR)) lin apply "$CHANGE" --yes
	refused "stops it for good" 1 'change-ended'
	ask "$FIRST"
	agree petr "$FIRST"
	agree olga "$FIRST"
	agree nora "$FIRST"
	in_seconds $((80 * HOUR)) lin show "$CHANGE"
	expect "after the window show says that it is over" 0 \
	    'may be entered was over at'
	in_seconds $((25 * HOUR)) lin apply "$CHANGE" --yes
	expect "after the cooling-off it is entered" 0
	STOOD=$CHANGE
	NOW=$((26 * HOUR))
	printf 'email: shop@example.com\n' >"$WORK/mail"
	in_seconds $NOW lin --json request contact.login_email \
	    --store main-de --from "$WORK/mail"
	MAIL=$(change_name)
	in_seconds $NOW mina approve "$MAIL" --reenter-from "$WORK/mail"
	in_seconds $NOW lin apply "$MAIL" --yes
	expect "a contact changes" 0
	account "$SECOND" >"$WORK/account"
	in_seconds $NOW lin --json request payout.iban --store main-de \
	    --from "$WORK/account"
	CHANGE=$(change_name)
	in_seconds $NOW lin --json show "$CHANGE"
	expect_json "then an account takes one approver more" 0 '
		.places == [{"role": "approver", "count": 2},
		{"role": "finance", "count": 1}] and .after_contact
		and (.first_seen | not) and (.explanation |
		map(select(test("reached or get in"))) | length == 1)'
else
	skip "the cooling-off's end" "nothing can be loaded before the command"
	STOOD=
	NOW=0
fi

# ---- a revocation must not turn history red ----

clocked() { # NAME ARGUMENT...
	if [ $NOW -gt 0 ]; then in_seconds $NOW "$@"; else at "$@"; fi
}

clocked petr verify
expect "before a key is revoked" 0 '^findings: none$'
clocked mina --json key revoke 2 --reason replaced
REVOKE=$(change_name)
clocked petr approve "$REVOKE"
expect "petr does not decide on his key" 1 'approver-is-subject'
clocked lin approve "$REVOKE"
expect "petr's key is revoked" 0
clocked lin verify --full
expect "and history stays as it was" 0 '^findings: none$'
if [ -n "$STOOD" ]; then
	clocked lin --json show "$STOOD"
	expect_json "what he approved stays in force" 0 '.status == "in force"
		and (.approvals | map(.person) | index("petr") != null)
		and .explanation == []'
fi
clocked petr reject 5 --reason other
expect "and his key seals no more" 3 'holds no key'

# ---- keys that cannot sign, more places than persons ----

token_start spare
KEY=spare at petr key offer --person petr -o "$WORK/spare.offer"
expect "an offer proves that its key can sign" 0
had=$(entries)
size=$(stat -c %s "$WORK/spare.offer")
passed=0
for ((i = 3; i < size; i += 61)); do
	cp "$WORK/spare.offer" "$WORK/bad.offer"
	byte=$(xxd -s "$i" -l 1 -p "$WORK/bad.offer")
	printf '%02x' $((0x$byte ^ 1)) | xxd -r -p |
	    dd of="$WORK/bad.offer" bs=1 seek="$i" conv=notrunc 2>/dev/null
	clocked mina key add --from "$WORK/bad.offer"
	[ "$STATUS" -ne 0 ] || passed=$((passed + 1))
done
check "one bit of it altered, and it is refused" [ "$passed" -eq 0 ]
check "nothing is appended" [ "$(entries)" -eq "$had" ]
sed 's/^approvals = 1 approver and 1 finance/approvals = 4 approver/' \
    "$WORK/rules.ini" >"$WORK/greedy.ini"
clocked mina policy set "$WORK/greedy.ini" --accept-single-keys
refused "more places than persons who can fill them" 1 'approver'
clocked mina --json key add --from "$WORK/spare.offer"
clocked lin approve "$(change_name)"
expect "petr gets another key" 0
clocked lin person list
expect "person list tells who has one key alone" 0 '^nora .*one key alone'
clocked mina --json person leave nora
expect_json "what could not be done without the only one of finance" 0 \
    '.remains | map(select(.error and (.section | test("payout")))) |
	length > 0'
check "is said before the touch" grep -q '^counterseal: what remains' <<<"$ERR"
clocked mina withdraw "$(change_name)"

# ---- presence is demanded in each seal; one key counts once ----

clocked lin verify
expect "in order so far" 0 '^findings: none$'
last=$(($(entries) - 1))
for flag in 01:seal-touch 04:seal-verification; do
	sqlite3 "$LEDGER" ".backup '$WORK/altered.db'"
	body=$(sqlite3 -readonly "$LEDGER" \
	    "select hex(body) from entry where idx = $last")
	body=$(/usr/bin/python3 -c '
import sys
body, flag = bytearray.fromhex(sys.argv[1]), int(sys.argv[2], 16)
# The statement is a bstr of two or three bytes of head; authenticatorData,
# 37 bytes, stands behind it: its flags are byte 32.
size = int.from_bytes(body[2:4], "big") if body[1] == 0x59 else body[2]
at = (4 if body[1] == 0x59 else 3) + size
assert body[at:at + 2] == b"\x58\x25"
body[at + 2 + 32] &= ~flag
print(body.hex())' "$body" "${flag%%:*}")
	sqlite3 "$WORK/altered.db" '.dbconfig enable_trigger off' \
	    "update entry set body = x'$body' where idx = $last" >/dev/null
	clocked lin verify --full "$WORK/altered.db"
	expect "a seal without it: ${flag#*:}" 1 "${flag#*:}"
done
sqlite3 "$LEDGER" ".backup '$WORK/twice.db'"
sqlite3 "$WORK/twice.db" '.dbconfig enable_trigger off' \
    "insert into entry select $((last + 1)), body from entry
	where idx = $last" >/dev/null
clocked lin verify --full "$WORK/twice.db"
expect "the same seal twice counts once" 1 'statement-copy'
tap_done
