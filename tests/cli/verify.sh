#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# verify: a clean ledger, the ledger it must be, one bit altered in each of
# its entries, and what is no ledger at all.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Passes if standard output has no line of more than 80 columns.
expect_narrow() { # TEXT
	local wide
	wide=$(printf '%s\n' "$OUT" | awk 'length($0) > 80')
	if [ -n "$wide" ]; then
		not_ok "$1" "$wide"
	else
		ok "$1"
	fi
}

at lin verify
expect "no ledger" 4 "$LEDGER"
at lin verify --json
expect_json "no ledger, as JSON" 4 '.error.code == "not-found"'

# One change entered, one rejected: seven entries.
if ! demo_ledger || ! ask DE02120300000000202051; then
	not_ok "a ledger with a change" "$OUT"$'\n'"$ERR"
	tap_done
fi
first=$CHANGE
approve mina "$first" DE02120300000000202051
expect "approved" 0
at lin apply "$first" --yes
expect "entered" 0
if ! ask DE89370400440532013000; then
	not_ok "a second change" "$OUT"$'\n'"$ERR"
	tap_done
fi
at mina reject "$CHANGE" --reason suspicious
expect "rejected" 0

at mina verify
expect "a clean ledger" 0 '^findings: none$'
expect "calls out software keys" 0 \
    'demonstration ledger: software keys prove nothing'
expect "counts them" 0 '2 keys, 2 in software'
expect "signatures" 0 'signatures +7 of 7'
expect_narrow "fits 80 columns"
at mina verify --json
expect_json "--json: its keys" 0 \
    '.valid and .demo and .org == "Example Trading GmbH" and .entries == 7 and
	.sealed == 7 and .head.size == 7 and .persons == 2 and .keys == 2 and
	.software_keys == 2 and .unproven_keys == 0 and .changes == 2 and
	.findings == [] and .ledger_as_asked == null and
	(.ledger | test("^[0-9a-f]{64}$")) and
	(.head.root | test("^[0-9a-f]{64}$"))'
id=$(printf '%s' "$OUT" | jq -r .ledger)
at mina verify --ledger-id "$id"
expect "the ledger as asked" 0 '^findings: none$'
at mina verify --ledger-id "${id:0:20}"
expect "20 digits are enough" 0
at mina verify --ledger-id "${id^^}" --json
expect_json "capitals are no matter" 0 '.ledger_as_asked'
aloud=$(printf '%s' "$OUT" | jq -r .fingerprint)
at mina verify --ledger-id "$aloud" --json
expect_json "the fingerprint as it is read aloud" 0 '.ledger_as_asked'
at mina verify --ledger-id "${id:0:12}"
expect "too few digits" 2 'too short'
other=$(printf '%s' "$id" | tr 0-9a-f 1-9a-f0)
at mina verify --ledger-id "$other"
expect "another ledger" 1 'not the one you gave'
at mina verify --ledger-id "$other" --json
expect_json "--json: another ledger" 1 \
    '(.valid | not) and .ledger_as_asked == false and .findings == []'
at mina verify --ledger-id "${id}00"
expect "too many digits" 2 'longer'
at mina verify --full
expect "--full" 0 '^findings: none$'
sqlite3 "$LEDGER" ".backup '$WORK/copy.db'"
at mina verify "$WORK/copy.db"
expect "FILE: a copy" 0 '^findings: none$'
printed=$OUT
at mina verify
if [ "$OUT" = "$printed" ]; then
	ok "the same of the copy and of the ledger"
else
	not_ok "the same of the copy and of the ledger" "$OUT"
fi

# A ledger that may only be read, in a folder that may only be read.
mkdir "$WORK/ro"
cp "$WORK/copy.db" "$WORK/ro/ledger.db"
chmod 444 "$WORK/ro/ledger.db"
chmod 555 "$WORK/ro"
# Root reads what it likes, so it becomes somebody else; where there is nobody
# else to be, it gives up what makes it root.
as_nobody=()
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 "$WORK"
	as_nobody=(setpriv --inh-caps=-all --bounding-set=-all)
	! can_be_nobody ||
	    as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
run "${as_nobody[@]}" env HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent \
    XDG_DATA_HOME=/nonexistent XDG_STATE_HOME=/nonexistent \
    "$COUNTERSEAL" --ledger "$WORK/ro/ledger.db" verify
expect "read-only, by another user" 0 '^findings: none$'
before=$(ls "$WORK/ro")
if [ "$before" = ledger.db ]; then
	ok "verify leaves nothing beside a ledger that it reads"
else
	not_ok "verify leaves nothing beside a ledger that it reads" "$before"
fi
chmod 755 "$WORK/ro"

# ---- one bit of one entry ----

# Flips a bit in the last bytes, the signature, of entry N of copy.db.
spoil() { # N FILE
	python3 - "$1" "$2" <<'PYTHON'
import sqlite3, sys
n, path = int(sys.argv[1]), sys.argv[2]
db = sqlite3.connect(path)
entry = db.execute("SELECT body FROM entry WHERE idx = ?", (n,)).fetchone()[0]
db.close()
data = bytearray(open(path, "rb").read())
at = data.find(entry[-40:])
assert at >= 0 and data.find(entry[-40:], at + 1) < 0
data[at + 39] ^= 1
open(path, "wb").write(data)
PYTHON
}

for ((i = 0; i < 7; i++)); do
	cp "$WORK/copy.db" "$WORK/spoilt.db"
	if ! spoil "$i" "$WORK/spoilt.db"; then
		not_ok "entry $i altered" "could not alter it"
		continue
	fi
	at mina verify "$WORK/spoilt.db"
	expect "entry $i altered: verify names it" 1 "^  error +entry ${i}[ :]"
	at mina verify "$WORK/spoilt.db" --json
	expect_json "entry $i altered: verify --json names it" 1 \
	    '(.valid | not) and .head.size == '"$i"' and
		([.findings[] | select(.grade == "error") | .entry] | first) ==
		'"$i"' and all(.findings[]; has("code", "grade", "entry",
		"change", "sentence", "detail", "consequence", "reference"))'
done
at somebody --ledger "$WORK/spoilt.db" list
expect "list: does not read on in a ledger that is altered" 1 'entry 6'
at somebody --ledger "$WORK/spoilt.db" status
expect "status: nor does it" 1 'entry 6'
cp "$WORK/copy.db" "$WORK/spoilt.db"
spoil 3 "$WORK/spoilt.db"
at mina verify "$WORK/spoilt.db"
expect "an altered approval: what follows" 1 \
    'It and the 3 behind it have no effect\.'
expect "an altered approval: how its change stands" 1 \
    "Change #$first is not\$"
expect_narrow "findings fit 80 columns"

# ---- nothing that could be read ----

unreadable() { # TEXT PATH
	at mina verify "$2"
	expect "$1" 4 "^counterseal: $2: .{10,}"
	at mina --ledger "$2" list
	expect "list: $1" 4 "^counterseal: $2: .{10,}"
	at mina --ledger "$2" verify --json
	expect_json "--json: $1" 4 \
	    '.error.code != "internal" and (.error.what | length) > 10'
}
unreadable "missing" "$WORK/missing.db"
unreadable "a folder" "$WORK/ro"
printf 'Dear Sir or Madam, this is a letter and no ledger.\n' >"$WORK/letter"
unreadable "a text" "$WORK/letter"
: >"$WORK/empty"
unreadable "empty" "$WORK/empty"
sqlite3 "$WORK/other.db" 'CREATE TABLE t (a); INSERT INTO t VALUES (1)'
unreadable "another program's database" "$WORK/other.db"
head -c 5000 "$WORK/copy.db" >"$WORK/cut.db"
unreadable "cut short" "$WORK/cut.db"
cp "$WORK/copy.db" "$WORK/closed.db"
chmod 000 "$WORK/closed.db"
run "${as_nobody[@]}" env HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent \
    XDG_DATA_HOME=/nonexistent XDG_STATE_HOME=/nonexistent \
    "$COUNTERSEAL" --ledger "$WORK/closed.db" verify
expect "no permission" 4 "^counterseal: $WORK/closed\.db: .{10,}"

tap_done
