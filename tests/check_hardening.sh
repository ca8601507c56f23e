#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What the compiler and the linker were asked for is in the files that came
# out. Each property is read from the file, not from the flags.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
export LC_ALL=C

BUILD=${BUILD:-build}

is_pie() {
	readelf -hW "$1" | grep -q 'Type:[[:space:]]*DYN' &&
	    readelf -dW "$1" | grep -q 'FLAGS_1.*PIE'
}

has_relro() {
	readelf -lW "$1" | grep -q 'GNU_RELRO'
}

binds_now() {
	readelf -dW "$1" | grep -qE 'FLAGS.*NOW'
}

# The stack's segment must be there (its absence means executable) and RW.
stack_is_data() {
	readelf -lW "$1" | awk '$1 == "GNU_STACK" { flags = $7 }
	    END { exit flags != "RW" }'
}

no_segment_is_writable_code() {
	readelf -lW "$1" | awk '$1 == "LOAD" && /RWE/ { bad = 1 }
	    END { exit bad }'
}

has_canary() {
	nm -D --undefined-only "$1" | grep -q '__stack_chk_fail'
}

is_fortified() {
	nm -D --undefined-only "$1" | grep -q '_chk\(@\|$\)'
}

no_search_path() {
	! readelf -dW "$1" | grep -qE '\((RPATH|RUNPATH)\)'
}

for file in "$BUILD/counterseal" "$BUILD/counterseal-token" \
    "$BUILD/libcounterseal.so"; do
	name=${file##*/}
	if [ ! -f "$file" ]; then
		not_ok "$name is built"
		continue
	fi
	case $name in
	*.so) ;;
	*) check "$name is position independent" is_pie "$file" ;;
	esac
	check "$name has relocations read-only" has_relro "$file"
	check "$name binds at start" binds_now "$file"
	check "$name has no executable stack" stack_is_data "$file"
	check "$name has no writable code" no_segment_is_writable_code "$file"
	check "$name has stack canaries" has_canary "$file"
	check "$name is fortified" is_fortified "$file"
	check "$name has no library search path" no_search_path "$file"
done
check "the library's name carries its major version" \
    grep -q 'SONAME.*\[libcounterseal\.so\.0\]' \
    <(readelf -dW "$BUILD/libcounterseal.so")
tap_done
