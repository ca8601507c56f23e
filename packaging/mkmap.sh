#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Prints the linker's version script: every name that the public headers
# declare with CSEAL_API, and nothing else. With --names: only the names.
#   packaging/mkmap.sh >src/libcounterseal.map
set -eu
cd "$(dirname "$0")/.."

# Comments out, preprocessor lines out, then one declaration a line; the name
# is the word before the first "(", "[" or the end.
names() {
	cat include/counterseal.h include/counterseal/*.h 2>/dev/null |
	    "${CC:-cc}" -fpreprocessed -E -P -x c - |
	    sed '/^[[:space:]]*#/d' | tr '\n' ' ' | tr ';' '\n' |
	    sed -n 's/^.*CSEAL_API \([^([]*\).*$/\1/p' |
	    sed 's/[[:space:]]*$//; s/^.*[^A-Za-z0-9_]//' | LC_ALL=C sort -u
}

if [ "${1:-}" = --names ]; then
	names
	exit 0
fi

cat <<'EOF'
/* SPDX-License-Identifier: BSD-2-Clause */
/* Written by packaging/mkmap.sh from the public headers. */
LIBCOUNTERSEAL_0 {
global:
EOF
names | sed 's/.*/	&;/'
cat <<'EOF'
local:
	*;
};
EOF
