#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Each public header stands alone, in C and in C++, and tells the contract of
# everything that it offers.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

CC=${CC:-cc}
CXX=${CXX:-c++}

# Twice in one file: its include guard must hold.
alone() { # COMPILER LANGUAGE STANDARD HEADER
	printf '#include "%s"\n#include "%s"\n' "$4" "$4" |
	    "$1" -x "$2" "-std=$3" -Wall -Wextra -Wundef -pedantic -Werror \
	        -Iinclude -fsyntax-only -
}

# A paragraph with a CSEAL_API declaration has a comment, before or beside.
uncommented() {
	awk -v RS= -v file="$1" '
	{
		code = $0
		gsub(/#define CSEAL_API[^\n]*/, "", code)
		if (code !~ /(^|\n)CSEAL_API /)
			next
		if (index(code, "/*") == 0) {
			sub(/\n.*/, "", code)
			printf "%s: no comment: %s\n", file, code
		}
	}' "$1"
}

for path in include/counterseal.h include/counterseal/*.h; do
	header=${path#include/}
	check "$header stands alone in C11" alone "$CC" c c11 "$header"
	check "$header stands alone in C++17" alone "$CXX" c++ c++17 "$header"
	check_silent "$header explains each function" uncommented "$path"
	check "$header carries the licence" \
	    grep -q '^/\* SPDX-License-Identifier: BSD-2-Clause \*/$' "$path"
done
tap_done
