#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Two builds in folders of different names are the same bytes.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

MAKE=${MAKE:-make}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
files='libcounterseal.a libcounterseal.so counterseal counterseal-token'

# The outer make must not share its job server or its variables.
build_in() { # FOLDER
	mkdir -p "$1" &&
	    tar -cf - Makefile mk include src firmware-host |
	    tar -xf - -C "$1" &&
	    env -u MAKEFLAGS -u MFLAGS -u BUILD SOURCE_DATE_EPOCH=1700000000 \
	        "$MAKE" -C "$1" -s "-j$(nproc)" all
}

check "it builds in one folder" build_in "$work/one"
check "it builds in another" build_in "$work/another/with a deeper name"
for file in $files; do
	check "$file is the same" \
	    cmp "$work/one/build/$file" "$work/another/with a deeper name/build/$file"
	check_silent "$file does not name the folder" \
	    grep -F --text -o "$work" "$work/one/build/$file"
done
tap_done
