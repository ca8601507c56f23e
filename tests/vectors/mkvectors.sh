#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Writes the vectors of this folder again. They are what counts, so look at
# what has changed before it is committed.
#   BUILD=build tests/vectors/mkvectors.sh [FOLDER]     (default: this folder)
set -eu
cd "$(dirname "$0")/../.."

BUILD=${BUILD:-build}
to=${1:-tests/vectors}
${MAKE:-make} -s BUILD="$BUILD" "$BUILD/tests/vectors/mkvectors"
for folder in statement encoding founding request acts entry seal key \
    ledger break; do
	rm -f "$to/$folder"/*.txt
done
"$BUILD/tests/vectors/mkvectors" "$to"
