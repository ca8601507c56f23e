#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What `counterseal approve` costs with a software key that is touched at
# once: CTAP commands, time in the key, time outside of it. Two ways side by
# side, in turns, so that both meet the same machine. It never fails on time.
#   ROUNDS=9   approvals each way
set -u
. "$(dirname "$0")/../cli/lib.sh"
BUILD=${BUILD:-$ROOT/build}
ROUNDS=${ROUNDS:-9}

give_up() { # TEXT
	printf 'bench: %s\n%s\n%s\n' "$1" "$OUT" "$ERR" >&2
	exit 1
}

# A meter in front of NAME's key.
meter_start() { # NAME
	"$BUILD/tests/bench/meter" "$WORK/$1.metered" "$WORK/$1.sock" &
	token_pids+=($!)
}

median() { # COLUMN
	sort -n -k "$1,$1" | awk -v column="$1" '{ v[NR] = $column }
	    END { print v[int((NR + 1) / 2)] }'
}

# One approval; adds "commands in-key total", in microseconds, to FILE.
measure() { # FILE KEY...
	local file=$1 before after commands=0 in_key=0 nothing c t
	shift
	printf 'iban: %s\n' "$IBAN" >"$WORK/letter"
	desk mina
	before=${EPOCHREALTIME/./}
	run "${DESK[@]}" "$COUNTERSEAL" approve "$CHANGE" \
	    --reenter-from "$WORK/letter" "$@"
	after=${EPOCHREALTIME/./}
	[ "$STATUS" -eq 0 ] || give_up "approve"
	for c in lin mina; do
		"$BUILD/tests/bench/meter" "$WORK/$c.metered"
	done
	# One line for each time that a key was opened, and two more.
	for ((nothing = 0; nothing < 2; )); do
		read -r -u 5 c t
		[ "$c" -ne 0 ] || nothing=$((nothing + 1))
		commands=$((commands + c))
		in_key=$((in_key + t))
	done
	printf '%d %d %d\n' "$commands" "$in_key" $((after - before)) >>"$file"
}

tell() { # TEXT FILE
	local commands in_key total
	commands=$(median 1 <"$2")
	in_key=$(median 2 <"$2")
	total=$(median 3 <"$2")
	printf '%-34s %8d %9d.%03d %9d.%03d\n' "$1" "$commands" \
	    $((in_key / 1000)) $((in_key % 1000)) \
	    $(((total - in_key) / 1000)) $(((total - in_key) % 1000))
}

demo_ledger || give_up "no ledger"
mkfifo "$WORK/counted"
exec 5<>"$WORK/counted"
for name in lin mina; do
	meter_start $name >"$WORK/counted"
	read -r -u 5
	[ "$REPLY" = ready ] || give_up "the meter"
done
accounts=(DE89370400440532013000 DE02120300000000202051)
for ((i = 0; i < 2 * ROUNDS; i++)); do
	IBAN=${accounts[i % 2]}
	ask "$IBAN" || give_up "request"
	if [ $((i / 2 % 2)) -eq 0 ]; then
		measure "$WORK/one" --token "unix:$WORK/mina.metered"
	else
		measure "$WORK/two" --token "unix:$WORK/lin.metered" \
		    --token "unix:$WORK/mina.metered"
	fi
	at lin apply "$CHANGE" --yes
	[ "$STATUS" -eq 0 ] || give_up "apply"
done
printf '%-34s %8s %13s %13s\n' 'approve, medians' 'commands' 'in key, ms' \
    'outside, ms'
tell "the key is named" "$WORK/one"
tell "two keys are there, one is right" "$WORK/two"
