#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every verb that takes a change takes it by its index, its whole name, or as
# much of its short name as is unique; and says the same of what is none.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

demo_ledger
expect "a ledger to begin with" 0
ask DE89370400440532013000
ask DE02120300000000202051
index=${CHANGE%%-*}
short=${CHANGE#*-}
# Less of it, unless that is a number: then it is an index.
prefix=${short%?}
[[ $prefix == *[a-z]* ]] || prefix=$short

# Verb, its options, whose desk, the status and what is said when the change
# was found. Each ends without a touch, so that the next finds it as it was.
VERBS="
show        | lin  | 0 | ^#$CHANGE
log         | lin  | 0 | #$CHANGE
export      | lin  | 0 | README in each folder
approve     | lin  | 1 | approver-is-requester
reject      | lin  | 1 | rejecter-role
withdraw    | mina | 1 | asked for by lin
apply       | lin  | 1 | approv
request     | mina | 1 | #$CHANGE was asked for by lin
gate        | lin  | 1 | no: not-approved
"
printf 'holder: X\niban: DE02120300000000202051\n' >"$WORK/gate"

words() { # VERB NAME; the command line into WORDS
	case $1 in
	log) WORDS=(log --change "$2") ;;
	export)
		rm -rf "$WORK/exported"
		WORDS=(export "$2" --format ssh -o "$WORK/exported")
		;;
	reject) WORDS=(reject "$2" --reason other) ;;
	apply) WORDS=(apply "$2" --yes) ;;
	request) WORDS=(request --replaces "$2") ;;
	gate) WORDS=(gate "$2" --from "$WORK/gate") ;;
	*) WORDS=("$1" "$2") ;;
	esac
}

while IFS='|' read -r verb who status said; do
	verb=${verb// /} who=${who// /} status=${status// /}
	[ -n "$verb" ] || continue
	said=${said# }
	for name in "$index" "#$index" "$CHANGE" "#$CHANGE" "${CHANGE%??}" \
	    "$short" "$prefix"; do
		words "$verb" "$name"
		at "$who" "${WORDS[@]}"
		expect "$verb $name" "$status" "$said"
	done
	words "$verb" 99
	at "$who" "${WORDS[@]}"
	expect "$verb of an entry that is not there" 2 'there is no change 99'
	words "$verb" 0
	at "$who" "${WORDS[@]}"
	expect "$verb of an entry that is no change" 2 'there is no change 0'
	words "$verb" iiii
	at "$who" "${WORDS[@]}"
	expect "$verb of letters that no name has" 2 'there is no change iiii'
	words "$verb" 'x y'
	at "$who" "${WORDS[@]}"
	expect "$verb of what is no name" 2 'write it as 41, 41-7hq3 or 7hq3'
done <<<"$VERBS"

# A table of verbs is no use if a new verb is not in it. What lift is given is
# a freeze, and what send is given is a number of entries.
run "$COUNTERSEAL" --synopsis
while read -r line; do
	verb=$(awk '{print $2}' <<<"$line")
	check "$verb is tried above" grep -q "^$verb " <<<"$VERBS"
done < <(grep -E ' N( |$)|-- *N|(--change|--replaces) N' <<<"$OUT" |
    grep -vE ' (send|lift) ')

tap_done
