#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Pages made from tables of the code are what those tables say today, and the
# tests that docs/authenticator.md names exist and are run.
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

# The last listing of the page, without the lines around it.
last_listing() { # PAGE
	awk '/^```/ { inside = !inside; if (inside) text = ""; next }
	    inside { text = text $0 "\n" }
	    END { printf "%s", text }' "$1"
}
check "mkrules builds" "${MAKE:-make}" -s BUILD="$BUILD" "$BUILD/docs/mkrules"
check "docs/policy.md ends with the fixed rules" \
    diff -u <(last_listing docs/policy.md) <("$BUILD/docs/mkrules")

# Every `test_NAME/CASE` of a page: the case is a function of that file, and
# stands there once more, in the list of what is run.
tests_not_found() { # PAGE
	local name file one
	grep -o '\<test_[a-z0-9_]*/[a-z0-9_]*' "$1" | sort -u |
	    while read -r name; do
		file=tests/device/${name%/*}.c
		one=${name#*/}
		grep -q "^$one(void \*\*state)" "$file" 2>/dev/null &&
		    [ "$(grep -cw "$one" "$file")" -ge 2 ] ||
		    echo "$1: there is no test $name"
	done
}
check_silent "the tests that docs/authenticator.md names exist" \
    tests_not_found docs/authenticator.md

# The table of a page that a test prints.
table() { # PAGE TEST
	sed -n "/$2 --table/,/to here/p" "$1" | grep '^|'
}

check "test_life_table builds" "${MAKE:-make}" -s BUILD="$BUILD" \
    "$BUILD/tests/unit/test_life_table"
check "docs/life.md has the transitions that are tested" \
    diff -u <(table docs/life.md test_life_table) \
    <("$BUILD/tests/unit/test_life_table" --table)

# The table of docs/lies.md, without its two lines of headings.
lies() {
	table docs/lies.md test_lies | tail -n +3
}

check "test_lies builds" "${MAKE:-make}" -s BUILD="$BUILD" \
    "$BUILD/tests/device/test_lies"
check "docs/lies.md has the lies that are told" \
    diff -u <(lies) <("$BUILD/tests/device/test_lies" --table)
tap_done
