#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Our validators against those of others, over generated values: a
# disagreement that tests/validators/reasons.tsv does not explain fails. See
# docs/validators.md.
#   SEED=20261129 VALUES=100000    of each type
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

BUILD=${BUILD:-build}
HERE=tests/validators
THEIRS=$BUILD/tests/validators/npm
SEED=${SEED:-20261129}
VALUES=${VALUES:-100000}
export PYTHONDONTWRITEBYTECODE=1

python_with_packages() {
	local python
	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import email_validator, phonenumbers, stdnum.iban' \
		    2>/dev/null; then
			echo "$python"
			return 0
		fi
	done
	return 1
}

# What package-lock.json pins, in the build folder; nothing of it is built.
install() {
	command -v node >/dev/null && command -v npm >/dev/null || return 1
	if ! cmp -s "$HERE/package-lock.json" "$THEIRS/installed"; then
		rm -rf "$THEIRS" && mkdir -p "$THEIRS" &&
		    cp -R "$HERE"/package*.json "$HERE/no-request" "$THEIRS" &&
		    (cd "$THEIRS" && npm ci --ignore-scripts --no-audit \
		        --no-fund --loglevel=error) >&2 &&
		    cp "$HERE/package-lock.json" "$THEIRS/installed"
	fi
}

if ! python=$(python_with_packages); then
	skip "validators agree" "python3-stdnum, python3-phonenumbers or \
python3-email-validator is not installed"
	tap_done
fi
if ! "${MAKE:-make}" -s BUILD="$BUILD" "$BUILD/tests/validators/judge" >&2; then
	not_ok "judge builds"
	tap_done
fi
install || THEIRS=-

documented() {
	diff -u <(sed -n '/compare_validators: counts/,/to here/p' \
	    docs/validators.md | sed '1d;$d') "$page"
}

# Each prints a plan of its own.
page=
if [ "$THEIRS" != - ] && [ "$SEED $VALUES" = '20261129 100000' ]; then
	page=$BUILD/tests/validators/page.md
fi
"$python" "$HERE/compare.py" "$BUILD/tests/validators/judge" "$THEIRS" \
    "$SEED" "$VALUES" ${page:+"$page"} || tap_failed=1
if [ -n "$page" ]; then
	check "docs/validators.md has these counts" documented
else
	skip "docs/validators.md has these counts" "this is another run"
fi
tap_done
