#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every act that is sealed, and every way in which it is refused: from two key
# offers to a payout account in force, and a key that comes and goes.
set -u
. "$(dirname "$0")/lib.sh"

ORG='Example Trading GmbH'
FIRST=DE89370400440532013000
SECOND=DE02120300000000202051

touched() { # true if the last run asked for a touch
	grep -q 'Touch your key' <<<"$ERR"
}

# Refused by a rule: status 1, and nobody had to touch a key for that.
no() { # TEXT [PATTERN]
	expect "$1" 1 "${2:-}"
	if touched; then
		not_ok "$1: before a touch" "$ERR"
	else
		ok "$1: before a touch"
	fi
}

# ---- offers ----

token_start lin
token_start mina
at lin key offer --person lin --org "$ORG" -o "$WORK/lin.offer"
expect "lin offers a key" 0 'software key'
check "two touches" [ "$(grep -c 'Touch your key (lin)' <<<"$ERR")" -eq 2 ]
check "the offer is readable by its owner alone" \
    [ "$(stat -c %a "$WORK/lin.offer")" = 600 ]
check "this desk is lin's now" \
    [ "$(cat "$WORK/home-lin/state/counterseal/person")" = lin ]
DESK_KEY=$WORK/home-lin/state/counterseal/desk.key
check "this desk has a key, readable by its owner alone" \
    [ "$(stat -c %a "$DESK_KEY")" = 600 ]
desk_point() {
	openssl pkey -inform DER -in "$DESK_KEY" -pubout -outform DER |
	    tail -c 65 | xxd -p -c 65
}
in_hex() { # FILE
	xxd -p -c 0 "$1"
}
check "its public half stands in the offer" \
    grep -q "5841$(desk_point)" <(in_hex "$WORK/lin.offer")
before=$(sha256sum <"$WORK/lin.offer")
at lin key offer --person lin --org "$ORG" -o "$WORK/lin.offer"
expect "an offer is not overwritten" 4 'already'
check "it is as it was" [ "$(sha256sum <"$WORK/lin.offer")" = "$before" ]
at lin key offer --person Lin --org "$ORG" -o "$WORK/x"
expect "a handle that is none" 2 'person: '
at lin key offer --person lin --org "$ORG" --rp-id 'A b' -o "$WORK/x"
expect "an rp id that is none" 2 'rp-id: '
at lin key offer --person lin -o "$WORK/x"
expect "an offer for a ledger that is not there" 4 '--org'
at lin key offer --person lin --org "$ORG" --ledger "$WORK/l" -o "$WORK/x"
expect "an offer for two ledgers" 2 'one of them'
at lin key offer --person lin --org "$ORG" -o "$WORK/none/x"
expect "an offer into a folder that is not there" 4 'No such file'
chmod 644 "$DESK_KEY"
at lin key offer --person lin --org "$ORG" -o "$WORK/x"
expect "a desk's key that others can read" 4 'desk\.key: .*open to others'
check "before a touch" [ "$(grep -c Touch <<<"$ERR")" -eq 0 ]
chmod 600 "$DESK_KEY"
cp -p "$DESK_KEY" "$WORK/desk.key"
printf x >"$DESK_KEY"
at lin --json key offer --person lin --org "$ORG" -o "$WORK/x"
expect_json "a desk's key that is damaged" 4 '.error.code == "corrupt"'
mv "$WORK/desk.key" "$DESK_KEY"
check "no file was left" [ ! -e "$WORK/x" ]
at mina --json key offer --person mina --org "$ORG" -o "$WORK/mina.offer"
expect_json "mina offers a key" 0 '.person == "mina" and .software
	and .org == "Example Trading GmbH" and (.file | test("mina.offer"))'
at mina key offer --person mina --org Another -o "$WORK/another.offer"
expect "an offer for another organisation" 0

# ---- init ----

at lin init --org "$ORG" --from "$WORK/lin.offer"
expect "init with one person" 2 'two persons'
at lin init --org "$ORG" --from "$WORK/lin.offer" --from "$WORK/lin.offer"
expect "init with one person twice" 2 'two persons'
at lin init --org "$ORG" --from "$WORK/lin.offer" --from "$WORK/mina.offer"
no "init with software keys without --demo" 'demo'
at lin init --org "$ORG" --demo --from "$WORK/lin.offer" \
    --from "$WORK/another.offer"
expect "init with an offer for another organisation" 1
at lin init --org "$ORG" --demo --from "$WORK/lin.offer" --from "$WORK/none"
expect "init from a file that is not there" 4 'none: '
head -c 300 "$WORK/mina.offer" >"$WORK/cut"
at lin init --org "$ORG" --demo --from "$WORK/lin.offer" --from "$WORK/cut"
expect "init from half an offer" 2 'cut: '
at lin init --org "$ORG" --demo --from "$WORK/lin.offer=Boss" \
    --from "$WORK/mina.offer"
expect "init with a role that is none" 2 'roles'
KEY=mina at lin init --org "$ORG" --demo --from "$WORK/lin.offer" \
    --from "$WORK/mina.offer"
expect "init without the first offer's key" 3 "lin's key 0"
check "no ledger was made so far" [ ! -e "$LEDGER" ]
at lin --json init --org "$ORG" --demo \
    --from "$WORK/lin.offer=operator,admin" \
    --from "$WORK/mina.offer=approver,admin"
expect_json "init" 0 '.demo and .org == "Example Trading GmbH"
	and (.ledger | test("^[0-9a-f]{64}$")) and .head.size == 1
	and (.fingerprint | test("^[0-9a-z]{4}( [0-9a-z]{4}){4}$"))
	and .persons == ["lin", "mina"] and .waiting == ["mina"]'
check "the ledger is readable by its owner alone" \
    [ "$(stat -c %a "$LEDGER")" = 600 ]
at lin init --org "$ORG" --demo --from "$WORK/lin.offer" \
    --from "$WORK/mina.offer"
expect "init where a ledger is" 4 'already'

# ---- join ----

account "$FIRST" >"$WORK/first"
account "$SECOND" >"$WORK/second"
at lin request payout.iban --store main-de --from "$WORK/first"
no "a request before everybody joined" 'join'
at lin join
no "who founded need not join"
at mina join
expect "mina joins" 0 'mina joined.*open'
at mina join
no "nobody joins twice"

# ---- request, approve, apply ----

at lin --json request payout.iban --store main-de --from "$WORK/first"
expect_json "lin asks" 0 '.act == "request" and .index == 2 and .change == 2
	and (.name | test("^2-[0-9a-z]{4}$")) and .kind == "payout.iban"
	and .store == "main-de" and .slot == "payout" and .status == "asked"
	and .person == "lin" and .key == 0 and (.missing | test("1 approver"))
	and .head.size == 3 and (.head.root | test("^[0-9a-f]{64}$"))'
name=$(change_name)
check "the panel shows the change to who touches" grep -q payout.iban \
    <<<"$ERR"
check "the panel fits 80 columns" \
    [ "$(awk 'length > 80' "$WORK/err" | wc -l)" -eq 0 ]
at lin approve "$name"
no "lin does not approve what lin asked for" 'asked'
at lin apply "$name" --yes
no "nothing is applied before it is approved"
at lin reject "$name" --reason other
no "lin does not reject what lin asked for"
at mina withdraw "$name"
no "mina does not withdraw what lin asked for"
at mina approve 99
expect "a change that is not there" 2 '99'
at mina approve 2-zzzz
expect "a change of another name" 2
at mina approve 'a b'
expect "no name of a change" 2
approve mina "$name" "$FIRST" --json
expect_json "mina approves" 0 '.act == "approve" and .index == 3
	and .change == 2 and .status == "approved" and .person == "mina"
	and .missing == ""'
at mina approve 2
no "nobody approves twice"
at mina apply 2 --yes
no "mina may not apply"
at lin apply 2
expect "apply asks, and nobody is there" 2 '--yes'
check "no touch for that" [ "$(grep -c 'Touch your' <<<"$ERR")" -eq 0 ]
at lin --json apply "${name#*-}" --yes
expect_json "lin entered it" 0 '.act == "apply" and .index == 4
	and .change == 2 and .status == "in force"'
check "no value is on standard output" [ "$(grep -c 0532 <<<"$OUT")" -eq 0 ]
at lin withdraw 2
no "what is in force is not withdrawn"

# ---- text for people ----

at lin request payout.iban --store main-de --from - <"$WORK/second"
expect "lin asks again, from standard input" 0 \
    '^#5-[0-9a-z]{4} asked for by lin\. Not yet approved: 1 approver'
expect "and is told whom to tell" 0 '^Tell mina: counterseal approve 5-'
check "and nothing else is on standard output" \
    [ "$(wc -l <"$WORK/out")" -eq 2 ]

# ---- reject, withdraw, refused by the console ----

at mina reject 5 --reason not_called_back
expect "mina rejects" 0 '^#5-.... rejected by mina\. Now: rejected'
at mina approve 5
no "what was rejected is not approved"
ask "$SECOND"
at lin withdraw "$CHANGE"
expect "lin withdraws" 0 'withdrawn by lin\. Now: withdrawn'
at mina approve "$CHANGE"
no "what was withdrawn is not approved"
ask "$SECOND"
approve mina "$CHANGE" "$SECOND"
expect "approved, as text" 0 'It may be entered now'
at lin apply "$CHANGE" --outcome refused --yes
expect "the console refused it" 0 'Now: '
at lin apply "$CHANGE" --yes
no "what failed is not applied"

# ---- values that are refused ----

account DE89370400440532013001 >"$WORK/wrong"
at lin request payout.iban --store main-de --from "$WORK/wrong"
expect "wrong check digits" 2 'line 2, iban: '
check "the wrong value is not told" \
    [ "$(grep -c 0532013001 <<<"$ERR$OUT")" -eq 0 ]
at lin request payout.iban --store main-de --from "$WORK/none"
expect "no file of values" 4 'none: No such file'
at lin request payout.iban --store main-de --from /
expect "a folder of values" 4 '/: '
head -c 100000 /dev/zero >"$WORK/big"
at lin request payout.iban --store main-de --from "$WORK/big"
expect "a file that is too large" 2 'big: '
at lin request payout.iban --store main-de --slot attic \
    --from "$WORK/second"
expect "a slot that the kind does not have" 2 'slot: '

# ---- a second key of the same person ----

token_start lin2
KEY=lin2 at lin key offer --person lin -o "$WORK/lin2.offer"
expect "lin offers a second key" 0 'key add'
check "made on the same desk" \
    grep -q "5841$(desk_point)" <(in_hex "$WORK/lin2.offer")
KEY=lin at lin key offer --person lin -o "$WORK/again.offer"
expect "a key of this ledger is not offered again" 3 'already'
at mina key add
expect "key add without an offer" 2 '--from'
at mina key add --from "$WORK/mina.offer"
expect "the offer of a founder is no offer for this ledger" 1
at lin --json key add --from "$WORK/lin2.offer"
expect_json "lin asks for the second key" 0 '.kind == "key.add"
	and .slot == "lin" and .status == "asked"'
name=$(change_name)
at lin approve "$name"
no "lin does not approve the own key"
KEY=lin2 at lin request payout.iban --store main-de --from "$WORK/second"
expect "a key that is not yet in the ledger" 3 "lin's key 0"
at mina approve "$name"
expect "mina approves the key" 0 'Now: in force'
at lin key list
expect "the second key is listed" 0 '^key 2 +lin '
at lin --json key list
check "key list --json, an object a line" \
    [ "$(jq -r .person <<<"$OUT" | tr '\n' ' ')" = 'lin mina lin ' ]
check "each has the key of a desk" \
    [ "$(jq -r .desk <<<"$OUT" | tr '\n' ' ')" = 'true true true ' ]
ask "$SECOND"
KEY=lin2 at lin approve "$CHANGE"
no "one person with two keys is one person" 'asked'
at lin withdraw "$CHANGE"
expect "lin withdraws with the first key" 0
KEY=lin2 at lin request payout.iban --store main-de --from "$WORK/second"
expect "the second key asks" 0 'asked for by lin'

# ---- and it goes ----

at mina key revoke 9 --reason lost
expect "a key that is not there" 2 '9'
at mina --json key revoke 2 --reason lost
expect_json "mina asks for its revocation" 0 '.kind == "key.revoke"'
name=$(change_name)
at mina approve "$name"
no "mina does not approve that too"
at mina withdraw "$name"
expect "mina withdraws that" 0
at lin --json key revoke 2 --reason lost
expect_json "lin asks for it" 0 '.kind == "key.revoke"'
at mina approve "$(change_name)"
expect "mina approves the revocation" 0 'Now: in force'
KEY=lin2 at lin request payout.iban --store main-de --from "$WORK/second"
expect "a revoked key is no key" 3 "lin's key 0"
at lin --json key list
check "key list tells of it" \
    [ "$(jq -rs '.[2] | "\(.revoked) \(.reason)"' <<<"$OUT")" = \
    'true lost' ]
at lin key revoke 2 --reason lost
no "nobody revokes it twice"

# ---- which key ----

token_start stranger
KEY=stranger at lin request payout.iban --store main-de --from "$WORK/second"
expect "a key of nobody" 3 "lin's key 0"
KEY=gone at lin request payout.iban --store main-de --from "$WORK/second"
expect "a token that is not there" 3 'gone.sock'
KEY=mina at lin request payout.iban --store main-de --from "$WORK/second"
no "mina's key at lin's desk asks for mina, who may not"

tap_done
