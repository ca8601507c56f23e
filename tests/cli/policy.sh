#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Rules as people write them: a ledger that begins with some, lint, other ones
# asked for, refused, rejected and approved, and that those in force judge.
set -u
. "$(dirname "$0")/lib.sh"

ORG='Example Trading GmbH'

entries() {
	sqlite3 -readonly "$LEDGER" 'select count(*) from entry'
}

# An offer of PERSON's key KEY, which is started.
offer() { # PERSON KEY
	token_start "$2" || return
	KEY=$2 at "$1" key offer --person "$1" --org "$ORG" \
	    -o "$WORK/$2.offer"
	[ "$STATUS" -eq 0 ]
}

sum() { # FILE
	sha256sum "$1" | cut -d ' ' -f 1
}

# ---- a team of two, with two keys each ----

two=$ROOT/examples/policy-team-of-two.ini
offer lin lin
expect "a key of lin" 0
offer lin lin2
expect "a second one" 0
offer mina mina
expect "and of mina" 0
offer mina mina2
expect "a second one of mina" 0

at lin policy lint "$two"
expect "lint without a ledger" 0 'nothing to complain of'
expect "says nothing of persons" 0 'nothing is said of'
at lin policy lint "$ROOT/tests/vectors/policy/broken-unknown-key.ini"
expect "a key that is none" 2 'unknown-key.ini: line 6: .*did you mean time zone'
at lin policy lint "$ROOT/tests/vectors/policy/broken-screen-long.ini"
expect "what cannot be" 1 'error: line 9: .*on screen \(screen-long\)'
at lin policy lint "$ROOT/tests/vectors/policy/broken-screen-long.ini" --json
expect_json "the same for programs" 1 \
    '.code == "screen-long" and .grade == "error" and .line == 9
	and .key == "on screen" and (.section | test("^change payout"))'
at lin policy lint "$WORK/nowhere.ini"
expect "a file that is not there" 4 'nowhere.ini: No such file'

init=(init --org "$ORG" --demo --from "$WORK/lin.offer")
at lin "${init[@]}" --from "$WORK/mina.offer" --policy "$two"
expect "init: one key each is too little" 1 'error: .*single-key'
check "and nothing was founded" [ ! -e "$LEDGER" ]
at lin "${init[@]}" --from "$WORK/mina.offer" --accept-single-keys
expect "a risk that is none" 2 'goes with --policy'
at lin "${init[@]}" --from "$WORK/mina.offer" \
    --policy "$ROOT/tests/vectors/policy/broken-open-head.ini"
expect "init: a file that cannot be read" 2 'broken-open-head.ini: line'
at lin "${init[@]}" --from "$WORK/lin2.offer" --from "$WORK/mina.offer" \
    --from "$WORK/mina2.offer" --policy "$two"
expect "a ledger with rules of its own" 0 'Rules of its own; the SHA-256'
told=$(grep -Eo '[0-9a-f]{64}' <<<"$ERR" | head -n 1)
at mina join
expect "mina joins" 0 "$told"

at lin policy show
expect "the rules in force" 0 '^cooling off = 24h$'
printf '%s\n' "$OUT" >"$WORK/shown"
sed '1,3d' "$WORK/shown" >"$WORK/text"
check "their hash is that of the text" \
    [ "$(sum "$WORK/text")" = "$told" ]
check "and stands above it" grep -q "^; $told\$" "$WORK/shown"
at lin policy show --json
expect_json "the same for programs" 0 ".sha256 == \"$told\" and .since == 0
	and .change == null and (.text | test(\"cooling off = 24h\"))"
at lin policy diff "$WORK/shown"
expect "what is shown can be asked for again" 0 'the same as the rules in force'
at lin policy diff "$two"
expect "and is what was written" 0 'the same as the rules in force'
at lin policy lint "$two"
expect "lint with a ledger" 0
check "knows its persons" [ "$(grep -c 'nothing is said' <<<"$ERR")" -eq 0 ]

# ---- the rules judge ----

ask DE89370400440532013000
expect "an account in Germany" 0
account GB33BUKB20201555555555 >"$WORK/account"
at lin request payout.iban --store main-de --from "$WORK/account"
expect "one in a country that is not declared" 1 'country'
account DE02120300000000202051 >"$WORK/account"
at lin request payout.iban --store main-fr --from "$WORK/account"
expect "a store that is not declared" 1 'store'
person lin '' request payout.iban --store main-ed
expect "at a terminal: told before anybody types, with the near one" 1 \
    'main-ed; did you mean main-de|did you mean main-de'
check_silent "and nothing is asked" grep 'Account holder' <<<"$OUT"

# ---- other rules: refused ----

had=$(entries)
sed 's/^approvals = 1 approver  .*/approvals = 2 approver/' "$two" \
    >"$WORK/greedy.ini"
at lin policy set "$WORK/greedy.ini"
expect "more places than persons" 1 'error: \[change .*too-few-persons'
expect "is told with its line" 1 'greedy.ini: line 21: error'
at lin policy set "$WORK/greedy.ini" --json
expect_json "as JSON" 1 '.error.code == "refused"'
printf '[change *]\napprovalls = 1 approver\n' >"$WORK/typo.ini"
at lin policy set "$WORK/typo.ini"
expect "a typing error" 2 'typo.ini: line 2: .*did you mean approvals'
check "nothing was appended" [ "$(entries)" -eq "$had" ]

# ---- asked for, and rejected ----

sed 's/^slots = payout .*/slots = payout/' "$two" >"$WORK/fewer.ini"
at lin policy diff "$WORK/fewer.ini"
expect "what would be different" 0 \
    '^store main-de: slots: payout contact.login_email contact.login_phone -> payout$'
check "is one line" [ "$(wc -l <<<"$OUT")" -eq 1 ]
at lin policy diff "$WORK/fewer.ini" --json
expect_json "for programs" 0 '.section == "store" and .names == "main-de"
	and .key == "slots" and .after == "payout"'
at lin policy set "$WORK/fewer.ini" --json
expect_json "other rules are asked for" 0 \
    '.act == "policy set" and .kind == "policy.set" and .status == "asked"'
CHANGE=$(change_name)
expect "the panel says what is different" 0 'store main-de: slots: payout'
hash=$(grep -Eo '[0-9a-f]{64}' <<<"$ERR" | head -n 1)
at mina policy show "$CHANGE" --json
expect_json "mina looks at the text" 0 ".sha256 == \"$hash\" and .since == null"
at mina policy diff "$CHANGE"
expect "and at the differences" 0 'slots: payout contact'
at mina policy show 2
expect "of a change that asks for no rules" 2 'does not ask for other rules'
at mina reject "$CHANGE" --reason other
expect "mina rejects it" 0
at mina policy show
expect "the old rules are in force" 0 "^; $told\$"

# ---- asked for, and approved ----

cat >"$WORK/new.ini" <<-'END'
	[store main-de]
	platform = amazon
	slots = payout

	[change *]
	approvals = 1 approver

	[change payout.*]
	countries = GB
	cooling off = 0h
END
at lin policy set "$WORK/new.ini"
expect "other rules" 0 'asked for by lin'
lines() { # OF THE LAST PANEL
	awk '/^  Change /{n = 0} {l[++n] = $0} /^  With this touch/ {
		for (i = 1; i <= n; i++) print l[i] }' <<<"$ERR"
}
panel=$(lines)
check "the panel fits 24 lines" [ "$(wc -l <<<"$panel")" -le 24 ]
check "and 80 columns" [ "$(awk 'length > 80' <<<"$panel" | wc -l)" -eq 0 ]
check "tells what comes first" \
    grep -q '^    payout.*: cooling off: 24h -> 0h' <<<"$panel"
check "and how much more there is" \
    grep -q 'and [0-9]* more: see counterseal policy diff' <<<"$panel"
CHANGE=$(sed -n 's/^#\([^ ]*\) asked for.*/\1/p' <<<"$OUT")
at mina approve "$CHANGE"
expect "mina approves" 0 'Now: in force'
differences() {
	grep -E '^    (.*: .* -> |[0-9a-f]{64}$)' <<<"$1"
}
check "after the same differences and the same hash" \
    [ "$(differences "$(lines)")" = "$(differences "$panel")" ]
at lin policy diff "$WORK/new.ini"
expect "they are in force" 0 'the same'
account GB33BUKB20201555555555 >"$WORK/account"
at lin request payout.iban --store main-de --from "$WORK/account" --json
expect_json "what they allow can be asked for" 0 '.status == "asked"'
account DE02120300000000202051 >"$WORK/account"
at lin request payout.iban --store main-de --from "$WORK/account"
expect "and nothing else" 1 'country'
printf 'email: a@example.com\n' >"$WORK/mail"
at lin request contact.login_email --store main-de --from "$WORK/mail"
expect "a slot that is gone" 1 'store'

# ---- what a lost key would leave ----

at lin key revoke 1 --reason lost
expect "a key is to be revoked" 0 'what remains .*one key of lin'
CHANGE=$(sed -n 's/^#\([^ ]*\) asked for.*/\1/p' <<<"$OUT")
at mina approve "$CHANGE"
expect "who approves it is told too" 0 'what remains .*one key of lin'
at lin verify
expect "all of it verifies" 0 'findings: none'

# ---- a team of five ----

for name in lin lin2 mina mina2; do
	token_stop "$name"
done
LEDGER=$WORK/five.db
five=$WORK/five.ini
cp "$ROOT/examples/policy-team-of-five.ini" "$five"
from=()
for name in olga otto anna paul fred; do
	offer "$name" "$name" || not_ok "the key of $name"
done
from+=(--from "$WORK/olga.offer=operator")
from+=(--from "$WORK/otto.offer=operator,approver,admin")
from+=(--from "$WORK/anna.offer=approver,admin")
from+=(--from "$WORK/paul.offer=approver,admin")
init=(init --org "$ORG" --demo --policy "$five")
at olga "${init[@]}" "${from[@]}" --from "$WORK/fred.offer=fiance" \
    --accept-single-keys
expect "a role that nobody has" 1 'did you mean fiance\?.*role-unheld'
from+=(--from "$WORK/fred.offer=finance")
at olga "${init[@]}" "${from[@]}"
expect "admins with one key each" 1 'otto, anna, paul'
at olga "${init[@]}" "${from[@]}" --accept-single-keys
expect "a risk that is taken" 0 'warning: .*single-key'
for name in otto anna paul fred; do
	at "$name" join
	expect "$name joins" 0
done

person fred '' request payout.iban --store main-de
expect "who may not ask is told so, and asked nothing" 1 'requester-role'
sed -i 's/^cooling off = 24h.*/cooling off = 48h/' "$five"
at otto policy set "$five"
expect "otto asks for a longer cooling-off" 1 'single-key'
at otto policy set "$five" --accept-single-keys
expect "knowing what may be lost" 0 '2 admin missing'
CHANGE=$(sed -n 's/^#\([^ ]*\) asked for.*/\1/p' <<<"$OUT")
at fred approve "$CHANGE"
expect "fred is no admin" 1
at anna approve "$CHANGE"
expect "anna approves" 0 '1 admin missing'
at olga policy show
expect "one of two is not enough" 0 '^cooling off = 24h$'
at paul approve "$CHANGE"
expect "paul too" 0 'Now: in force'
at olga policy show
expect "and the rules are others" 0 '^cooling off = 48h$'
at olga verify
expect "all of it verifies" 0 'findings: none'

# ---- the guide quotes what it tells to use ----

quoted() { # FILE
	awk -v begin="<!-- $1 -->" '$0 == begin { f = 1; next }
	    f == 1 && /^```ini$/ { f = 2; next }
	    f == 2 && /^```$/ { exit } f == 2' "$ROOT/docs/policy.md"
}
file=examples/policy-team-of-two.ini
check "docs/policy.md quotes $file" diff "$ROOT/$file" <(quoted "$file")
tap_done
