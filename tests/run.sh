#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs the tests, reads their TAP and counts. Logs stand in
# $BUILD/test-logs/. The last line is `N passed, N failed, N skipped`.
#   tests/run.sh [unit | device | cli | check | PROGRAM]...   (default: all)
#   BUILD=build          where the programs are
#   REQUIRE_ALL=1        a skipped test is a failed test
#   TIME_LIMIT=900       seconds that one program may take: it hangs, then
#   JOBS=2               unit, device and cli programs at a time
set -u
cd "$(dirname "$0")/.." || exit 1

BUILD=${BUILD:-build}
REQUIRE_ALL=${REQUIRE_ALL:-}
TIME_LIMIT=${TIME_LIMIT:-900}
JOBS=${JOBS:-2}
LOGS=$BUILD/test-logs
export BUILD CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8

passed=0
failed=0
skipped=0

# The programs of one word of the command line, one a line.
programs() {
	case $1 in
	unit | device)
		[ -d "$BUILD/tests/$1" ] || return
		find "$BUILD/tests/$1" -name 'test_*' -type f -executable |
		    LC_ALL=C sort
		;;
	cli) find tests/cli -name '*.sh' ! -name lib.sh | LC_ALL=C sort ;;
	check)
		find tests -maxdepth 1 \( -name 'check_*.sh' -o \
		    -name 'compare_*.sh' \) | LC_ALL=C sort
		find tests/second -name '*.sh' | LC_ALL=C sort
		;;
	*) printf '%s\n' "$1" ;;
	esac
}

log_of() {
	printf '%s/%s.log\n' "$LOGS" "${1//\//_}"
}

# Runs one program in a home of its own, which is short because the paths of
# sockets must be. Writes its log; the last line tells how it ended.
run_one() {
	local program=$1 log home pid status started=$SECONDS
	log=$(log_of "$program")
	home=$(mktemp -d /tmp/cs.XXXXXX)
	mkdir -p "$home"/{tmp,config,data,state,cache}
	mkdir -m 700 "$home/run"
	env -u COUNTERSEAL_LEDGER -u COUNTERSEAL_TOKEN \
	    TMPDIR="$home/tmp" HOME="$home" XDG_CONFIG_HOME="$home/config" \
	    XDG_DATA_HOME="$home/data" XDG_STATE_HOME="$home/state" \
	    XDG_CACHE_HOME="$home/cache" XDG_RUNTIME_DIR="$home/run" \
	    COUNTERSEAL="$(realpath -m "$BUILD")/counterseal" \
	    TOKEN="$(realpath -m "$BUILD")/counterseal-token" \
	    timeout -k 10 "$TIME_LIMIT" "$program" >"$log" 2>&1 </dev/null &
	pid=$!
	wait "$pid" 2>/dev/null
	status=$?
	# timeout(1) leads a process group: nothing of it outlives the test.
	kill -KILL -- "-$pid" 2>/dev/null
	printf '\n## exit %d after %d s\n' "$status" $((SECONDS - started)) \
	    >>"$log"
	rm -rf "$home"
}

# One line for a program, and below it what failed.
tell() {
	local program=$1 log told counts p f s mark=ok
	log=$(log_of "$program")
	told=$(awk -v all="$REQUIRE_ALL" -f tests/tap.awk "$log")
	counts=${told%%$'\n'*}
	read -r p f s <<<"$counts"
	[ "$f" -eq 0 ] || mark=FAILED
	printf '%-6s %s: %d passed, %d failed, %d skipped (%s)\n' "$mark" \
	    "${program#"$BUILD"/}" "$p" "$f" "$s" \
	    "$(sed -n 's/^## exit [0-9]* after //p' "$log" | tail -n 1)"
	if [ "$f" -ne 0 ]; then
		printf '%s\n    see %s\n' "${told#*$'\n'}" "$log"
		grep -q '^ *not ok' <<<"$told" ||
		    tail -n 20 "$log" | sed 's/^/    | /'
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
}

mkdir -p "$LOGS"
side_by_side=()
one_by_one=()
[ $# -gt 0 ] || set -- unit device cli check
for word in "$@"; do
	while read -r program; do
		case $program in
		"$BUILD"/* | tests/cli/*) side_by_side+=("$program") ;;
		*) one_by_one+=("$program") ;;
		esac
	done < <(programs "$word")
done

for program in "${side_by_side[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "$JOBS" ]; do
		wait -n
	done
	run_one "$program" &
done
wait
for program in "${side_by_side[@]}"; do
	tell "$program"
done
for program in "${one_by_one[@]}"; do
	run_one "$program"
	tell "$program"
done

if [ $((passed + failed + skipped)) -eq 0 ]; then
	echo "no test was found"
	failed=1
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
