#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A reader's limits: no file over 600 lines, no function over 80.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

FILE_MAX=600
FUNCTION_MAX=80

c_files() {
	find include src firmware-host tests examples -name '*.[ch]'
}

long_files() {
	c_files | while read -r file; do
		awk -v max="$FILE_MAX" -v file="$file" 'END {
			if (NR > max)
				printf "%s: %d lines, at most %d\n",
				    file, NR, max
		}' "$file"
	done
}

# KNF opens and closes a function in the first column, and nothing else but
# tables ("... = {" ends its line elsewhere) closes there with a bare brace.
long_functions() {
	c_files | while read -r file; do
		awk -v max="$FUNCTION_MAX" -v file="$file" '
		/^\{/ { start = NR }
		/^\}/ && start {
			if (NR - start - 1 > max)
				printf "%s:%d: %d lines, at most %d\n",
				    file, start, NR - start - 1, max
			start = 0
		}' "$file"
	done
}

check_silent "no file is over $FILE_MAX lines" long_files
check_silent "no function is over $FUNCTION_MAX lines" long_functions
tap_done
