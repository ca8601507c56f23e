#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Two builds in folders of different names are the same bytes.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

MAKE=${MAKE:-make}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
one=$work/one
another="$work/another/with a deeper name"
mkdir -p "$one" "$another"

# The outer make must not share its job server or its variables.
build_in() { # FOLDER
	env -u MAKEFLAGS -u MFLAGS -u BUILD SOURCE_DATE_EPOCH=1700000000 \
	    "$MAKE" -C "$1" -s "-j$(nproc)" all
}

# Both from one copy: somebody may be at work here.
cp -R Makefile mk include src firmware-host "$one"
cp -R "$one"/* "$another"
check "it builds in one folder" build_in "$one"
check "it builds in another" build_in "$another"
for file in libcounterseal.a libcounterseal.so counterseal counterseal-token
do
	check "$file is the same" \
	    cmp "$one/build/$file" "$another/build/$file"
	check_silent "$file does not name the folder" \
	    grep -F --text -o "$work" "$one/build/$file"
done
tap_done
