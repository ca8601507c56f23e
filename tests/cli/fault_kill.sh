#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A command that is killed at any call that alters a file: the ledger opens
# and verifies, has what was acknowledged, and the new entry whole or not.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

case ${BUILD:-build} in
/*) KILL=$BUILD/tests/fault/kill.so ;;
*) KILL=$ROOT/${BUILD:-build}/tests/fault/kill.so ;;
esac
CALLS_MAX=1000
# Sanitizers make each run slow, and see in some what they would see in all.
STEP=1
! ldd "$COUNTERSEAL" | grep -q 'lib[at]san' || STEP=7

if [ ! -e "$KILL" ]; then
	skip "kills" "$KILL is not built"
	tap_done
fi

# The ledger and both desks, as they are now, and again.
take_down() {
	rm -rf "$WORK/before"
	mkdir "$WORK/before"
	cp -a "$LEDGER" "$WORK"/home-* "$WORK/before"
}
put_back() {
	rm -rf "$LEDGER"-* "$WORK"/home-*
	cp -a "$WORK/before"/home-* "$WORK"
	# Into the same file: a copy of it would append nothing.
	cat "$WORK/before/${LEDGER##*/}" >"$LEDGER"
}

# As at(), but killed at the call of that number. 137: it was.
at_with_kill() { # NUMBER NAME ARGUMENT...
	local number=$1
	desk "$2"
	shift 2
	# shellcheck disable=SC2016 # the inner shell expands
	run bash -c '"$@" 2>/dev/null; exit $?' bash "${DESK[@]}" \
	    LD_PRELOAD="$KILL" KILL_AT="$number" \
	    ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS:-}" \
	    "$COUNTERSEAL" "$@"
}

openings_of() { # ENTRY
	sqlite3 "$LEDGER" "SELECT count(*) FROM opening WHERE entry = $1"
}

# What is not so after a run that ended with OUT; entries may have become one
# more, with so many openings.
complain() { # CALL NAME BEFORE OPENINGS
	local said=$OUT entries=0 openings=0 stray=0
	at "$2" verify --json
	[ "$STATUS" -eq 0 ] || echo "call $1: status $STATUS of verify: $ERR"
	case $OUT in
	*'"findings":[]'*) ;;
	*) echo "call $1: $OUT" ;;
	esac
	IFS='|' read -r entries openings stray < <(sqlite3 "$LEDGER" "SELECT
	    (SELECT count(*) FROM entry),
	    (SELECT count(*) FROM opening WHERE entry = $3),
	    (SELECT count(*) FROM opening WHERE entry > $3)")
	case $entries,$openings,$stray in
	"$3,0,0") [ -z "$said" ] || echo "call $1: not there: $said" ;;
	"$(($3 + 1)),$4,0") ;;
	*) echo "call $1: entries,openings,stray: $entries,$openings,$stray" ;;
	esac
}

# Runs it, killed at the first call, the second, ... until it comes through:
# CALLS is how many it makes, WRONG what was not so.
kill_everywhere() { # NAME ENTRIES-BEFORE OPENINGS ARGUMENT...
	local name=$1 before=$2 openings=$3 status
	shift 3
	WRONG=
	take_down
	for ((CALLS = 0; CALLS < CALLS_MAX; CALLS += STEP)); do
		put_back
		at_with_kill $((CALLS + 1)) "$name" "$@" --json
		status=$STATUS
		case $status in
		0 | 137) ;;
		*) WRONG+="call $CALLS: status $status: $OUT"$'\n' ;;
		esac
		WRONG+=$(complain "$CALLS" "$name" "$before" "$openings")
		WRONG+=${WRONG:+$'\n'}
		[ "$status" -ne 0 ] || break
	done
}

tell() { # TEXT
	if [ -n "$WRONG" ]; then
		not_ok "$1" "$WRONG"
	else
		ok "$1"
	fi
	check "$1: it came through in the end, after some kills" \
	    [ "$CALLS" -gt 5 -a "$CALLS" -lt "$CALLS_MAX" ]
	printf '# %s: killed at calls up to %d, every %d\n' "$1" "$CALLS" \
	    "$STEP"
}

if ! demo_ledger; then
	not_ok "a ledger" "$OUT"$'\n'"$ERR"
	tap_done
fi
account DE02120300000000202051 >"$WORK/account"

# How many openings each act has, from a run that nothing disturbs.
take_down
ask DE02120300000000202051
asked=$(openings_of 2)
approve mina "$CHANGE" DE02120300000000202051
expect "an undisturbed run" 0
approved=$(openings_of 3)
check "acts have openings" [ "$asked" -ge 2 -a "$approved" -ge 1 ]

put_back
kill_everywhere lin 2 "$asked" request payout.iban --store main-de \
    --from "$WORK/account"
tell "request"
kill_everywhere mina 3 "$approved" approve 2 \
    --reenter-from "$WORK/letter"
tell "approve"

# ---- repair: nothing is cut unkept ----

sqlite3 "$LEDGER" "INSERT INTO entry VALUES (4, x'6a756e6b')"
take_down
WRONG=
for ((CALLS = 0; CALLS < CALLS_MAX; CALLS += STEP)); do
	put_back
	at_with_kill $((CALLS + 1)) lin repair --yes
	status=$STATUS
	at lin verify --json
	entries=$(jq -r .entries <<<"$OUT")
	case $entries in
	4) grep -q junk "$LEDGER".cut-4-*Z || WRONG+="call $CALLS: lost"$'\n' ;;
	5) ;;
	*) WRONG+="call $CALLS: $entries entries, $ERR"$'\n' ;;
	esac
	[ "$status" -ne 0 ] || break
done
[ "$entries" = 4 ] || WRONG+="not cut in the end"
tell "repair"

tap_done
