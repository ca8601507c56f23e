#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# repair: junk at the ledger's end is cut off and kept, after a yes; what
# needs a backup is refused.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# With a tool of one's own, past the triggers, which are put back.
forge() { # SQL
	python3 - "$LEDGER" "$1" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
triggers = db.execute("SELECT name, sql FROM sqlite_schema"
                      " WHERE type = 'trigger' ORDER BY rowid").fetchall()
db.execute("BEGIN")
for name, _ in triggers:
    db.execute("DROP TRIGGER " + name)
db.execute(sys.argv[2])
for _, sql in triggers:
    db.execute(sql)
db.execute("COMMIT")
PYTHON
}

at lin repair
expect "no ledger" 4 "$LEDGER"
if ! demo_ledger || ! ask DE02120300000000202051; then
	not_ok "a ledger with a change" "$OUT"$'\n'"$ERR"
	tap_done
fi
before=$(sha256sum <"$LEDGER")
at lin repair
expect "nothing is wrong" 0 'Nothing is to be cut: all 3 entries'
at lin repair --json
expect_json "nothing is wrong, as JSON" 0 '.act == "repair" and .cut == 0
	and .from == null and .reason == "" and .code == null
	and .file == null and .head.size == 3'
check "and nothing was touched" [ "$(sha256sum <"$LEDGER")" = "$before" ]
check "nor left beside it" [ "$(ls "$WORK"/ledger.db*)" = "$LEDGER" ]

# ---- junk ----

forge "INSERT INTO entry VALUES (3, x'6a756e6b')"
at lin approve "$CHANGE"
expect "honest commands stop at junk" 1 'entry 3'
at lin repair
expect "without a terminal it asks for --yes" 2 '^counterseal: --yes: '
check "after telling what it is" grep -q '^entry 3: .*\[entry-malformed\]' \
    <<<"$ERR"
check "and how much" grep -q '^To be cut: 1 entry, from entry 3 on' <<<"$ERR"

person lin '{Cut it off\? \[y/N\] $} "n\r"' repair
expect "a no is a no" 1 'not confirmed; nothing was cut'
at lin verify
expect "the junk is still there" 1 'entry 3'
person lin '{Cut it off\? \[y/N\] $} "y\r"' repair
expect "a yes cuts" 0 '^Cut 1 entry, from entry 3 on'
file=$(echo "$LEDGER".cut-3-*)
check "it is kept" [ -f "$file" ]
check "by its owner alone" [ "$(stat -c %a "$file")" = 600 ]
check "the junk itself" grep -q junk "$file"
at lin verify
expect "the ledger stands again" 0 '^findings: none$'
approve mina "$CHANGE" DE02120300000000202051
expect "and work goes on" 0 'Now|may be entered'

forge "INSERT INTO entry SELECT 4, body FROM entry WHERE idx = 2"
at mina repair --yes --json
expect_json "--yes --json" 0 '.cut == 1 and .from == 4 and .head.size == 4
	and .code == "statement-copy" and (.reason | test("entry 4"))
	and (.file | test("ledger.db.cut-4-[0-9]{8}T[0-9]{6}Z$"))'
check "its file is there" [ -s "$(printf '%s' "$OUT" | jq -r .file)" ]
at lin apply "$CHANGE" --yes
expect "the next act" 0 'in force'

# ---- what needs a backup ----

cp "$LEDGER" "$WORK/good.db"
forge "UPDATE entry SET body = CAST(substr(body, 1, length(body) - 1) ||
	char(1) AS BLOB) WHERE idx = 3"
at lin repair --yes
expect "an altered entry that others had seen" 1 \
    '^counterseal: entry 3: lin sealed entry 4 .* restore the ledger from a'
at lin repair --yes --json
expect_json "the same, as JSON" 1 '.error.code == "refused" and
	.error.where == "entry 3"'
cp "$WORK/good.db" "$LEDGER"
forge "UPDATE entry SET body = x'00' WHERE idx = 0"
at lin repair --yes
expect "the first entry" 1 'entry 0: .*backup'
cp "$WORK/good.db" "$LEDGER"
forge "UPDATE node SET hash = zeroblob(32) WHERE idx = 1"
at lin repair --yes
expect "the tree" 1 'tree.*backup'
cp "$WORK/good.db" "$LEDGER"
check "refusing leaves no file" \
    [ "$(find "$WORK" -name 'ledger.db.cut-*' | wc -l)" -eq 2 ]

tap_done
