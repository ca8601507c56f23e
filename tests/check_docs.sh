#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Pages made from tables of the code are what those tables say today.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

BUILD=${BUILD:-build}
for page in findings kinds; do
	check "mk$page builds" "${MAKE:-make}" -s BUILD="$BUILD" \
	    "$BUILD/docs/mk$page"
	check "docs/$page.md is what \`make docs\` writes" \
	    diff -u "docs/$page.md" <("$BUILD/docs/mk$page")
done
tap_done
