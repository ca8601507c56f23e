#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The gate in front of a program: it says yes to nothing but the approved
# values, at the right time, of the right ledger; each reason has its code.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000 # made of published test values
SECOND=DE02120300000000202051
ALLOW=(--allow-demo --allow-unproven)
declare -A had # codes that were met

# The gate at lin's desk, with the values of the file `values`.
gate() { # CHANGE [ARGUMENT...]
	at lin gate "$@" --from "$WORK/values" --json
}

# Exactly these codes are the answer; none is a yes.
says() { # TEXT [CODE...]
	local text=$1 want=0 code
	shift
	[ $# -eq 0 ] || want=1
	for code in "$@"; do
		had[$code]=1
	done
	if [ "$STATUS" -ne "$want" ]; then
		not_ok "$text" "status $STATUS, not $want"$'\n'"$OUT"$'\n'"$ERR"
	else
		check "$text" [ "$(jq -r '"\(.gate) \([.reasons[].code] | join(" "))"' \
		    <<<"$OUT")" = "$([ $# -eq 0 ] && echo true || echo false) $*" ]
	fi
}

demo_ledger
expect "a ledger to begin with" 0
ID=$(at lin verify --json; jq -r .ledger <<<"$OUT")
ask "$FIRST"
N=$CHANGE
account "$FIRST" >"$WORK/values"

gate "$N" "${ALLOW[@]}"
says "asked for" not-approved
approve mina "$N" "$FIRST"
gate "$N" "${ALLOW[@]}"
says "approved, with its values"
expect_json "with what a program keeps" 0 ".gate and .reasons == [] and
    .status == \"approved\" and .kind == \"payout.iban\" and
    .ledger == \"$ID\" and .head.size == 4 and (.opens | length) == 20 and
    .closes == null and (.head_time | length) == 20"
gate "$N"
says "a demonstration" demonstration unproven-key
gate "$N" --allow-demo
says "keys that prove nothing" unproven-key
gate "$N" --allow-unproven
says "proofs do not make it earnest" demonstration
at lin gate "$N" --from "$WORK/values"
expect "in words" 1 '^no: demonstration: it is a demonstration ledger'
at lin gate "$N" --from "$WORK/values" "${ALLOW[@]}"
expect "a yes in words" 0 "^yes: #$N may be entered now\\.\$"
check_silent "no touch, and nothing sealed" grep -i touch <<<"$ERR"

# ---- values ----

account "$SECOND" >"$WORK/values"
gate "$N" "${ALLOW[@]}"
says "another account" value-differs
expect_json "with the field, and no value" 1 '.reasons[0].field == "iban"'
check_silent "no value is told" grep -E '2051|3000' <<<"$OUT$ERR"
printf 'iban: %s\n' "$FIRST" >"$WORK/values"
gate "$N" "${ALLOW[@]}"
says "one is missing" value-missing
account "$FIRST" >"$WORK/values"
echo 'bic: COBADEFFXXX' >>"$WORK/values"
gate "$N" "${ALLOW[@]}"
says "one more than was approved" value-unknown
account "DE89 3704 0044 0532 0130 00" 'Somebody Else' >"$WORK/values"
gate "$N" "${ALLOW[@]}"
says "a name that differs" value-differs
account "DE89 3704 0044 0532 0130 00" >"$WORK/values"
gate "$N" "${ALLOW[@]}"
says "the canonical form is compared"
at lin gate "$N" --from - "${ALLOW[@]}" <"$WORK/values"
expect "from standard input" 0 '^yes'
account DE89370400440532013001 >"$WORK/values"
gate "$N" "${ALLOW[@]}"
expect "what breaks its format is no input" 2 'iban'
echo 'ibam: 1' >"$WORK/values"
gate "$N" "${ALLOW[@]}"
expect "nor is a field that does not exist" 2 'ibam'
: >"$WORK/values"
gate "$N" "${ALLOW[@]}"
expect "nor an empty file" 2
at lin gate "$N" "${ALLOW[@]}"
expect "the values must be given" 2 '--from: is needed'
at lin gate "$N" "${ALLOW[@]}" "iban=$FIRST"
expect "not as arguments" 2
at lin gate 999 "${ALLOW[@]}" --from "$WORK/values"
expect "a change that is not there" 2 'no change 999'
account "$FIRST" >"$WORK/values"

# ---- which ledger, and how old ----

gate "$N" "${ALLOW[@]}" --ledger-id "$ID"
says "the id that was meant"
gate "$N" "${ALLOW[@]}" --ledger-id "${ID//[0-9]/0}"
says "another one" ledger-other
gate "$N" "${ALLOW[@]}" --ledger-id 12
expect "no id at all" 2 '--ledger-id: a ledger'
at new gate "$N" "${ALLOW[@]}" --from "$WORK/values" --json
says "a desk that never saw it" ledger-unknown
rm -rf "$WORK/home-new"
at new gate "$N" "${ALLOW[@]}" --from "$WORK/values" --ledger-id "$ID" --json
says "unless it is told which"
gate "$N" "${ALLOW[@]}" --max-age 1h
says "a new head"
for age in 0s 1 h -1h 1w 99999999999999999999s 12000d; do
	gate "$N" "${ALLOW[@]}" --max-age "$age"
	expect "an age that is none: $age" 2 '--max-age: is written'
done
until gate "$N" "${ALLOW[@]}" --max-age 1s && [ "$STATUS" -eq 1 ]; do
	sleep 0.1
done
says "nothing new for a second" head-old

# ---- what became of it ----

cp "$LEDGER" "$WORK/erased.db"
sqlite3 "$WORK/erased.db" '.dbconfig enable_trigger off' \
    "DELETE FROM opening WHERE name = 'iban'" >/dev/null
LEDGER=$WORK/erased.db gate "$N" "${ALLOW[@]}" --ledger-id "$ID"
says "a copy, without one of the values" head-unbounded value-not-here
LEDGER=$WORK/erased.db gate "$N" "${ALLOW[@]}" --ledger-id "$ID" --max-age 1h
says "with a bound on its age" value-not-here
at lin apply "$N" --yes
expect "entered" 0
gate "$N" "${ALLOW[@]}"
says "entered already" entered
ask "$SECOND"
N=$CHANGE
account "$SECOND" >"$WORK/values"
at mina reject "$N" --reason suspicious
gate "$N" "${ALLOW[@]}"
says "rejected" ended
ask "$SECOND"
N=$CHANGE
approve mina "$N" "$SECOND"
gate "$N" "${ALLOW[@]}"
says "another one"
at lin observe --store main-de iban_tail=9999
expect "drift is seen" 1 'DRIFT|MISMATCH|mismatch|drift'
gate "$N" "${ALLOW[@]}"
says "the store is frozen" store-frozen

token_start lin2
KEY=lin2 at lin key offer --person lin -o "$WORK/lin2.offer"
at lin key add --from "$WORK/lin2.offer" --json
KEYS=$(change_name)
at lin gate "$KEYS" "${ALLOW[@]}" --json
says "a change of keys" not-for-a-console not-approved

at lin request payout.iban --store main-fr --op remove --json </dev/null
if [ "$STATUS" -eq 0 ]; then
	N=$(change_name)
	at mina approve "$N"
	at lin gate "$N" "${ALLOW[@]}" --json
	says "a removal has no values"
fi

# ---- every reason was met ----

not_met() {
	local code
	# In tests/unit/test_gate.c, whose desks have a clock to set.
	had[cooling-off]=1
	had[window-closed]=1
	had[window-unknown]=1
	awk -F '`' '/^[|] `/ { print $2 }' "$ROOT/docs/gate.md" |
	    while read -r code; do
		[ -n "${had[$code]:-}" ] || echo "$code"
	done
}
check_silent "every code of docs/gate.md was met here" not_met
tap_done
