#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Pages made from tables of the code are what those tables say today.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

BUILD=${BUILD:-build}
check "mkfindings builds" "${MAKE:-make}" -s BUILD="$BUILD" \
    "$BUILD/docs/mkfindings"
check "docs/findings.md is what \`make docs\` writes" \
    diff -u docs/findings.md <("$BUILD/docs/mkfindings")
tap_done
