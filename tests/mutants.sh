#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Switches every rule of the table off, one at a time, and looks for a test
# program that fails without it. One line a rule:
#     killed    RULE  by PROGRAM
#     SURVIVED  RULE                     and how programs died without it
# Only a failed assertion is a kill: a program that crashed or hung has not
# noticed what was wrong. Exit status: 0 if all were killed, 1 if one was not,
# 2 if this build can tell nothing.
#   tests/mutants.sh [RULE]...           (default: all; see make mutants)
#   BUILD=build-mutants                  where the programs are
#   JOBS=2                               programs at a time
#   TIME_LIMIT=300                       seconds that one may take
set -u
cd "$(dirname "$0")/.." || exit 2

BUILD=${BUILD:-build-mutants}
JOBS=${JOBS:-2}
TIME_LIMIT=${TIME_LIMIT:-300}
CODES=$BUILD/tests/mutants/codes
LOGS=$BUILD/mutants
export CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8
unset COUNTERSEAL COUNTERSEAL_LEDGER COUNTERSEAL_TOKEN COUNTERSEAL_RULE_OFF

refuse() { # REASON...
	printf 'mutants: %s\n' "$*" >&2
	exit 2
}

# Those that watch the rules most closely first: most rules die in the first,
# and a program is run only while rules are left.
programs() {
	local name
	for name in fold_rules vectors replay 'memory*' 'fold*' 'desk*' '*'; do
		find "$BUILD/tests/unit" -maxdepth 1 -name "test_$name" \
		    -type f -executable | LC_ALL=C sort
	done | awk '!seen[$0]++'
}

# How a program ended that wrote this log.
ending() { # STATUS LOG
	if [ "$1" -eq 0 ]; then
		echo passed
	elif [ "$1" -eq 124 ] || [ "$1" -eq 137 ]; then
		echo "no end in $TIME_LIMIT s"
	elif [ "$1" -gt 128 ]; then
		echo "signal $(($1 - 128))"
	elif grep -q 'with exception:' "$2"; then
		sed -n 's/.*with exception: \([^(]*\).*/\1/p;T;q' "$2"
	elif grep -q '^not ok' "$2"; then
		echo failed
	else
		echo "status $1 without a failed test"
	fi
}

# Runs a program in a home of its own, without that rule if one is named.
run() { # PROGRAM LOG [RULE]
	local home status
	home=$(mktemp -d /tmp/cs.XXXXXX)
	TMPDIR=$home HOME=$home COUNTERSEAL_RULE_OFF=${3-} \
	    timeout -k 10 "$TIME_LIMIT" "$1" >"$2" 2>&1 </dev/null
	status=$?
	rm -rf "$home"
	ending "$status" "$2"
}

# A program that fails as it is would notice everything.
check_sound() { # PROGRAM
	local log how
	log=$LOGS/$(basename "$1").log
	how=$(run "$1" "$log")
	[ "$how" = passed ] ||
	    refuse "$(basename "$1") with every rule on: $how; see $log"
}

try() { # PROGRAM RULE
	local name how
	name=$(basename "$1")
	how=$(run "$1" "$LOGS/$2.$name.log" "$2")
	case $how in
	passed) ;;
	failed)
		: >"$LOGS/$2.killed"
		printf 'killed    %-22s by %s\n' "$2" "$name"
		;;
	*) printf '; %s: %s' "$name" "$how" >>"$LOGS/$2.died" ;;
	esac
}

# Sets `left` to those of its rules that are not killed yet.
keep_left() {
	local rule rules=("${left[@]}")
	left=()
	for rule in "${rules[@]}"; do
		[ -e "$LOGS/$rule.killed" ] || left+=("$rule")
	done
}

[ -x "$CODES" ] || refuse "$CODES is not there: run make mutants"
rm -rf "$LOGS"
mkdir -p "$LOGS" || refuse "no folder for logs"
mapfile -t table < <("$CODES")
[ ${#table[@]} -gt 0 ] || refuse "$CODES names no rule"
[ $# -gt 0 ] || set -- "${table[@]}"
for rule; do
	printf '%s\n' "${table[@]}" | grep -qxF -e "$rule" ||
	    refuse "no rule is called $rule"
	[ "$(COUNTERSEAL_RULE_OFF=$rule "$CODES" | grep -cxF -e "$rule")" = 0 ] ||
	    refuse "$rule cannot be switched off in $BUILD"
done
mapfile -t left < <(printf '%s\n' "$@" | awk '!seen[$0]++')
n_rules=${#left[@]}

while read -r -u 3 program; do
	[ ${#left[@]} -gt 0 ] || break
	check_sound "$program"
	for rule in "${left[@]}"; do
		while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do
			wait -n
		done
		try "$program" "$rule" &
	done
	wait
	keep_left
done 3< <(programs)

for rule in "${left[@]}"; do
	printf 'SURVIVED  %s' "$rule"
	[ ! -e "$LOGS/$rule.died" ] || cat "$LOGS/$rule.died"
	echo
done
printf '%d rules, %d killed, %d survived\n' "$n_rules" \
    $((n_rules - ${#left[@]})) "${#left[@]}"
[ ${#left[@]} -eq 0 ]
