#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs the fuzz targets and writes $BUILD/fuzz.json: docs/fuzzing.md.
#   tests/fuzz.sh [TARGET]...     (default: all)
#   FUZZ_SECONDS=60      for each target
#   FUZZ_JOBS=N          targets at a time (default: the processors)
# What was found stands in $BUILD/fuzz/found, and what the targets learnt in
# $BUILD/fuzz/corpus, for the next run. Exits with 1 if anything was found.
set -u
cd "$(dirname "$0")/.." || exit 1

BUILD=${BUILD:-build}
FUZZ_BUILD=${FUZZ_BUILD:-build-fuzz}
FUZZ_SECONDS=${FUZZ_SECONDS:-60}
FUZZ_JOBS=${FUZZ_JOBS:-$(nproc)}
PROGRAMS=$FUZZ_BUILD/tests/fuzz
WORK=$BUILD/fuzz
INPUT_MAX=65536	# bytes: a little more than an entry may have
INPUT_SECONDS=10	# an input that takes longer is found
MEMORY_MIB=1024	# of a target with its sanitizers

targets() {
	find "$PROGRAMS" -name 'fuzz_*' -type f -executable |
	    sed 's/.*\/fuzz_//' | LC_ALL=C sort
}

run_target() { # TARGET
	local started=$EPOCHSECONDS status
	mkdir -p "$WORK/corpus/$1" "$WORK/found" "$WORK/log"
	rm -f "$WORK/found/$1"-*
	"$PROGRAMS/fuzz_$1" -max_total_time="$FUZZ_SECONDS" \
	    -max_len="$INPUT_MAX" -timeout="$INPUT_SECONDS" \
	    -rss_limit_mb="$MEMORY_MIB" -print_final_stats=1 \
	    -artifact_prefix="$WORK/found/$1-" \
	    "$WORK/corpus/$1" "$WORK/seeds/$1" >"$WORK/log/$1" 2>&1
	status=$?
	# For what makes no file, such as a target that does not start.
	[ "$status" -eq 0 ] || echo "exit $status" >"$WORK/found/$1-exit"
	echo "$((EPOCHSECONDS - started))" >"$WORK/log/$1.seconds"
}

# The last number behind a word of the log.
number_in() { # TARGET WORD
	local n
	n=$(grep -o "$2 *[0-9]\+" "$WORK/log/$1" | tail -n 1 |
	    grep -o '[0-9]\+$')
	echo "${n:-0}"
}

inputs_found() { # TARGET
	local n
	n=$(find "$WORK/found" -name "$1-*" ! -name "$1-exit" | wc -l)
	[ "$n" -gt 0 ] || n=$(find "$WORK/found" -name "$1-exit" | wc -l)
	echo "$n"
}

commit() {
	local changed=
	git diff --quiet HEAD 2>/dev/null || changed=-changed
	echo "$(git rev-parse --short=12 HEAD 2>/dev/null || echo none)$changed"
}

json_of_target() { # TARGET
	printf '    { "target": "%s", "seconds": %d,\n' "$1" \
	    "$(cat "$WORK/log/$1.seconds")"
	printf '      "executions": %d, "edges": %d, "findings": %d }' \
	    "$(number_in "$1" 'stat::number_of_executed_units:')" \
	    "$(number_in "$1" 'cov:')" "$(inputs_found "$1")"
}

sum() { # FUNCTION ARGUMENT..., the target being the first
	local target n=0 function=$1
	shift
	for target in "${TARGETS[@]}"; do
		n=$((n + $("$function" "$target" "$@")))
	done
	echo "$n"
}

seconds_of() {
	cat "$WORK/log/$1.seconds"
}

write_json() {
	local target separator=
	printf '{\n  "commit": "%s",\n  "date": "%s",\n' "$COMMIT" \
	    "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
	printf '  "compiler": "%s",\n' \
	    "$("${CLANG:-clang}" --version | head -n 1)"
	printf '  "seconds": %d,\n  "executions": %d,\n  "findings": %d,\n' \
	    "$(sum seconds_of)" \
	    "$(sum number_in 'stat::number_of_executed_units:')" \
	    "$(sum inputs_found)"
	printf '  "targets": ['
	for target in "${TARGETS[@]}"; do
		printf '%s\n%s' "$separator" "$(json_of_target "$target")"
		separator=,
	done
	printf '\n  ]\n}\n'
}

[ -d "$PROGRAMS" ] || {
	echo "$PROGRAMS is not there: make fuzz-build"
	exit 1
}
COMMIT=$(commit) # of what is run, whatever is changed meanwhile
TARGETS=("$@")
[ $# -gt 0 ] || mapfile -t TARGETS < <(targets)
rm -rf "$WORK/seeds"
mkdir -p "$WORK"
"$PROGRAMS/mkseeds" "$WORK/seeds" tests/vectors/*/*.txt \
    tests/vectors/policy/*.ini examples/policy-*.ini || exit 1

for target in "${TARGETS[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "$FUZZ_JOBS" ]; do
		wait -n
	done
	run_target "$target" &
done
wait
write_json >"$BUILD/fuzz.json"
cat "$BUILD/fuzz.json"
if [ "$(sum inputs_found)" -gt 0 ]; then
	echo "found, see $WORK/log for how:"
	find "$WORK/found" -type f
	exit 1
fi
