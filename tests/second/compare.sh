#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The second verifier (verify.py, written from docs/format.md) against ours:
# verdict and findings, one for one, of all vectors and of mutated ledgers.
#   SEED=N     seed of the second lot of mutants   (default: today's date)
#   MUTANTS=N  how many there are of it            (default: 300)
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

BUILD=${BUILD:-build}
VERIFY=$PWD/tests/second/verify.py
MKMUTANTS=$(realpath -m "$BUILD")/tests/second/mkmutants
SEED=${SEED:-$(date +%Y%m%d)}
MUTANTS=${MUTANTS:-300}
SHOWN=40	# lines of a difference
RULES_LEAST=60	# that the fixed lot must provoke

if [ ! -x "$VERIFY" ] ||
    ! /usr/bin/python3 -c 'import cbor2, cryptography' 2>/dev/null; then
	skip "two verifiers agree" \
	    "verify.py, python3-cbor2 or python3-cryptography is missing"
	tap_done
fi

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# What vectors claim, in the form of verify.py.
claims() { # FILE...
	awk '
	function tell(	i) {
		if (file == "")
			return
		print file ": " (bad ? "invalid" : "valid")
		for (i = 0; i < n; i++)
			print "  " line[i]
	}
	FNR == 1 { tell(); file = FILENAME; n = 0; bad = 0 }
	/^finding: / && $2 != "none" {
		sub(/^finding: /, "")
		line[n++] = $0
		bad = bad || / error /
	}
	END { tell() }' "$@"
}

count() { # FILE: how many files it tells of, and findings
	printf '%d files, %d findings' "$(grep -c '^[^ ]' "$1")" \
	    "$(grep -c '^ ' "$1")"
}

# TEXT OURS THEIRS
agree() {
	if [ -s "$2" ] && cmp -s "$2" "$3"; then
		ok "$1: $(count "$2")"
	else
		not_ok "$1" "$(diff -U 3 "$2" "$3" | head -n "$SHOWN")"
	fi
}

compare_vectors() {
	local files=(tests/vectors/*/*.txt)
	claims "${files[@]}" >"$work/ours"
	"$VERIFY" "${files[@]}" >"$work/theirs" 2>&1
	agree "the second verifier finds what the vectors claim" \
	    "$work/ours" "$work/theirs"
}

compare_mutants() { # SEED N
	mkdir "$work/$1"
	if ! "$MKMUTANTS" "$1" "$2" "$work/$1" >"$work/told" 2>&1; then
		not_ok "mutants of seed $1" "$(tail -n 5 "$work/told")"
		return
	fi
	sed 's/^/# /' "$work/told"
	# Names alone, as mkmutants has them.
	(cd "$work/$1" && "$VERIFY" ./*.txt ./*.ledger) 2>&1 | sed 's/^\.\///' \
	    >"$work/theirs"
	agree "both find the same in mutants of seed $1" \
	    "$work/$1/findings" "$work/theirs"
}

compare_vectors

compare_mutants 1 1000
rules=$(sed -n 's/.* \([0-9]*\) rules$/\1/p' "$work/told")
check "the mutants break $RULES_LEAST rules or more" \
    test "${rules:-0}" -ge "$RULES_LEAST"

# A comparison that cannot fail says nothing.
awk '!done && /^  / { $1 = "  another-rule"; done = 1 } 1' "$work/theirs" \
    >"$work/altered"
check "a finding that differs is seen" \
    grep -q '^not ok' <(agree probe "$work/theirs" "$work/altered")

compare_mutants "$SEED" "$MUTANTS"
tap_done
