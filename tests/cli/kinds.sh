#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every kind of account and address goes its whole way, with the examples that
# `kinds` gives of its fields.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

demo_ledger
expect "a ledger to begin with" 0
at lin kinds --json
printf '%s\n' "$OUT" >"$WORK/kinds"

# The required fields of a kind as lines; those that say where money goes
# alone, if asked for.
lines() { # KIND
	jq -r 'select(.kind == "'"$1"'") | .fields[] | select(.required) |
	    "\(.name): \(.example)"' "$WORK/kinds" |
	    case $1 in
	    payout.swift) sed 's/^country: .*/country: ZA/
	        s/^bic: .*/bic: SBZAZAJJ/' ;;
	    security.2sv) sed 's/^method: .*/method: sms/
	        $a phone: +8613800138000' ;;
	    charge.card) sed 's,^expiry: .*,expiry: 12/2099,' ;; # not over
	    *) cat ;;
	    esac
}

# How many fields at least an approver types again: no field of the first three
# says where money or mail goes.
typed() { # KIND
	case $1 in
	access.app | payout.schedule | charge.card) echo 0 ;;
	*) echo 1 ;;
	esac
}

number=0
for kind in $(jq -r 'select(.authority | not) | .kind' "$WORK/kinds"); do
	number=$((number + 1))
	lines "$kind" >"$WORK/values"
	at lin request "$kind" --store "shop-$number" --from "$WORK/values" \
	    --json
	expect_json "$kind: asked for" 0 ".kind == \"$kind\""
	CHANGE=$(change_name)
	at mina approve "$CHANGE" --reenter-from "$WORK/values" --json
	expect_json "$kind: typed again, and approved" 0 \
	    '.status == "approved" and (.reentered | length) >= '"$(typed "$kind")"
	check "$kind: its panel fits 80 columns" \
	    [ "$(awk 'length > 80' "$WORK/err" | wc -l)" -eq 0 ]
	at lin apply "$CHANGE" --yes
	expect "$kind: in force" 0 'in force'
	at lin show "$CHANGE" --json
	expect_json "$kind: a secret is masked" 0 \
	    '[.fields[] | select(.masked) | .value | test("[.]{4}")] | all'
done
at lin verify
expect "and all of it verifies" 0 'findings: none'
if /usr/bin/python3 -c 'import cbor2, cryptography' 2>/dev/null; then
	run "$ROOT/tests/second/verify.py" "$LEDGER"
	expect "the second verifier finds the same facts" 0 ': valid$'
	check "and nothing else" [ "$(grep -c '^ ' <<<"$OUT")" -eq 0 ]
else
	skip "the second verifier finds the same facts" "no python3-cbor2"
fi

# The rows that docs/format.md has for the kinds, from the command's own table.
# shellcheck disable=SC2016 # the dollars are jq's
rows() {
	jq -r '
	def names(s): [s[] | (if .account then "**" else "" end) as $bold |
	    "\($bold)`\(.name)`\($bold)"] | join(", ");
	{replace: 1, add: 2, remove: 3, baseline: 4} as $number |
	select(.authority | not) |
	(.fields | map(select(.required))) as $must |
	(.fields | map(select(.required | not))) as $may |
	"| `\(.kind)` | \(if .slot == .kind then "its name"
	    else "`\(.slot)`" end) | \(names($must))" +
	"\(if $may == [] then "" else "; " end)\(names($may)) | " +
	"\(.operations | map($number[.] | tostring) | join(" ")) |"
	' "$WORK/kinds"
}

# The same rows of that page.
page() {
	sed -n '/^Kinds of change, their slots/,/^The last seven/p' \
	    "$ROOT/docs/format.md" | grep '^| `' | grep -v 'a detail'
}

check "docs/format.md has rows of them" [ "$(page | wc -l)" -ge "$number" ]
check "and tells the same of each" diff <(rows | sort) <(page | sort)

# In one slot stands one account, of whatever kind.
lines payout.us >"$WORK/values"
at lin request payout.us --store shop-1 --from "$WORK/values" --json
CHANGE=$(change_name)
at mina approve "$CHANGE" --reenter-from "$WORK/values"
at lin apply "$CHANGE" --yes
at lin state --store shop-1 --json
expect_json "an account of another kind takes its place" 0 \
    '.kind == "payout.us"'

printf 'holder: X\nrouting: 021000022\naccount: 1\n' >"$WORK/values"
at lin request payout.us --store shop-2 --from "$WORK/values"
expect "a number that cannot be is refused with line, field and rule" 2 \
    'line 2, routing: the check digit does not fit'
tap_done
