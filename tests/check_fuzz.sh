#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Each fuzz target runs over its seeds once; nothing is looked for.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

FUZZ_BUILD=${FUZZ_BUILD:-build-fuzz}
PROGRAMS=$FUZZ_BUILD/tests/fuzz

if [ ! -x "$PROGRAMS/mkseeds" ]; then
	skip "fuzz targets" "they are not built: make fuzz-build"
	tap_done
fi

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
check "seeds are made, of the vectors too" \
    "$PROGRAMS/mkseeds" "$work/seeds" tests/vectors/*/*.txt \
    tests/vectors/policy/*.ini examples/policy-*.ini

runs_seeds() { # TARGET
	"$PROGRAMS/fuzz_$1" -runs=0 -max_len=65536 \
	    -artifact_prefix="$work/" \
	    "$work/seeds/$1" >"$work/log" 2>&1 ||
	    { tail -n 20 "$work/log" && return 1; }
}

for source in tests/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	target=${target#fuzz_}
	n=$(find "$work/seeds/$target" -type f 2>/dev/null | wc -l)
	check "$target: seeds are there" test "$n" -gt 0
	check "$target: its $n seeds" runs_seeds "$target"
done
tap_done
