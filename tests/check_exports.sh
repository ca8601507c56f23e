#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What the shared library exports, what src/libcounterseal.map lists and what
# the public headers declare with CSEAL_API are the same names.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
export LC_ALL=C

so=${BUILD:-build}/libcounterseal.so
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

packaging/mkmap.sh --names >"$work/headers"
sed -n 's/^	\([a-z0-9_]*\);.*/\1/p' src/libcounterseal.map |
    sort >"$work/map"
nm -D --defined-only "$so" |
    awk '$3 !~ /^LIBCOUNTERSEAL_/ { sub(/@.*/, "", $3); print $3 }' |
    sort >"$work/so"

check "the headers declare something" test -s "$work/headers"
check "the map lists what the headers declare (packaging/mkmap.sh)" \
    diff "$work/headers" "$work/map"
check "the library exports what the map lists" diff "$work/map" "$work/so"
check_silent "the map has no wildcard but local: *" \
    grep -n '[*?[]' <(sed '/^\/\*.*\*\/$/d; /^local:$/,$d' src/libcounterseal.map)
check_silent "every exported name begins with cseal_" \
    grep -v '^cseal_' "$work/headers"
check "no header lies outside include/counterseal.h's list" diff \
    <(sed -n 's/^#include "\(counterseal\/.*\)"/\1/p' \
        include/counterseal.h | sort) \
    <(cd include && printf '%s\n' counterseal/*.h | sort)
tap_done
