#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What a desk remembers: a ledger that shrank, forked, or is another one is
# refused; an old entry that was altered is found by verify.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# The ledger as it is now, into another file.
copy() { # FILE
	rm -f "$1" "$1-wal" "$1-shm"
	sqlite3 "$LEDGER" ".backup '$1'"
}

# Puts a file in the ledger's place.
replace_by() { # FILE
	rm -f "$LEDGER" "$LEDGER-wal" "$LEDGER-shm"
	cp "$1" "$LEDGER"
}

# A statement on the ledger's database behind the program's back.
meddle_with() { # SQL
	sqlite3 "$LEDGER" '.dbconfig enable_trigger off' "$1" >/dev/null
}

expect_quiet() { # TEXT
	if [ -z "$ERR" ]; then
		ok "$1"
	else
		not_ok "$1" "$ERR"
	fi
}

if ! demo_ledger || ! ask DE02120300000000202051; then
	not_ok "a ledger with a change" "$OUT"$'\n'"$ERR"
	tap_done
fi
first=$CHANGE
at lin verify --json
id=$(printf '%s' "$OUT" | jq -r .ledger)
spoken=$(printf '%s' "$OUT" | jq -r .fingerprint)
expect_quiet "who founded a ledger is told nothing"

# ---- a first look, and the next ----

STATE=$WORK/home-vera/state/counterseal
at vera status
expect "a first look" 0 "first look at this ledger.* fingerprint is $spoken"
expect "everything is verified" 0 '3 entries, all verified now'
at vera status
expect "the next: from memory" 0 '3 entries, 3 remembered, 0 verified now'
expect_quiet "and nothing to tell"
if [ "$(cat "$STATE/pins")" = "$id  $LEDGER" ] &&
    [ "$(stat -c %a "$STATE/pins" "$STATE/$id.memory" | sort -u)" = 600 ]
then
	ok "pins and memory are the user's own"
else
	not_ok "pins and memory are the user's own" "$(ls -l "$STATE")"
fi
copy "$WORK/three.db"
at lin withdraw "$first"
at vera status --json
expect_json "what came since is verified" 0 \
    '.head.size == 4 and .remembered == 3'
at vera verify
expect "verify tells what it checked" 0 \
    'signatures +4 of 4: 4 remembered, 0 checked now'
at vera verify --json
expect_json "so does --json" 0 '.valid and .sealed == 4 and .remembered == 4'
at vera verify --full
expect "--full checks everything" 0 'signatures +4 of 4$'
copy "$WORK/four.db"

# ---- the end cut off ----

replace_by "$WORK/three.db"
was=$(printf '%s' "$OUT" | sed -n 's/^ *root *//p')
for verb in list status log "show $first" state; do
	# shellcheck disable=SC2086 # a verb and its words
	at vera $verb
	expect "shrunk: $verb" 1 'the ledger shrank: it had 4 entries, head'
done
expect "both heads are shown" 1 "$was"
at vera list --json
expect_json "shrunk: --json" 1 '.error.code == "violation"'
ask DE89370400440532013000
expect "shrunk: nothing is added" 1 'the ledger shrank'
at vera verify
expect "shrunk: verify" 1 '\[memory-shrank\]'
at vera verify --json
expect_json "shrunk: verify --json" 1 \
    '(.valid | not) and .entries == 3 and .sealed == 3 and
	.remembered == 0 and ([.findings[].code] | index("memory-shrank"))'
at vera verify --full
expect "shrunk: --full asks no memory" 0 '^findings: none$'
at vera verify "$WORK/four.db"
expect "the whole ledger elsewhere is a good one" 0 '^findings: none$'
at newcomer list
expect "shrunk: who was never there cannot know" 0
replace_by "$WORK/four.db"
at vera list
expect "the whole ledger is good again" 0

# ---- another history ----

KEY=mina at elsewhere --ledger "$WORK/three.db" reject "$first" \
    --reason suspicious
expect "a copy appends nothing" 1 'a copy of the home.s ledger'
KEY=mina at elsewhere --ledger "$WORK/three.db" home --here --force
expect "unless it is forced to" 0 'is the home'
KEY=mina at elsewhere --ledger "$WORK/three.db" reject "$first" \
    --reason suspicious
expect "another history of the same ledger" 0
replace_by "$WORK/three.db"
at vera list
expect "forked: list" 1 'forked or rewritten: its first 4 entries had head'
expect "forked: both heads are shown" 1 "$was"
at vera verify
expect "forked: verify" 1 '\[memory-forked\]'
at vera verify --json
expect_json "forked: verify --json" 1 \
    '(.valid | not) and .remembered == 0 and .sealed == 4 and
	([.findings[].code] | index("memory-forked"))'
replace_by "$WORK/four.db"

# ---- an old entry altered ----

meddle_with "UPDATE entry SET body =
    CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) WHERE idx = 2"
at vera list
expect "an old entry is not read" 0 'withdrawn'
at vera log
expect "whoever reads it finds it altered" 1 'entry 2: .*altered since'
at vera verify
expect "verify names it" 1 'error +entry 2'
at vera verify --json
expect_json "and that it was another one" 1 \
    '.head.size == 2 and .remembered == 0 and
	([.findings[].code] == ["seal-signature", "memory-forked"])'
at late list
expect "who was never there reads it" 1 'entry 2'
replace_by "$WORK/four.db"
meddle_with "UPDATE entry SET body = x'00' WHERE idx > 0"
at vera status
expect "nothing old is read" 0 '4 remembered, 0 verified now'
replace_by "$WORK/four.db"
meddle_with "UPDATE entry SET body =
    CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) WHERE idx = 3"
at vera repair --yes
expect "repair cuts nothing off that was verified" 1 \
    'entry 3: this desk has verified 4 entries'
check "nor leaves a file" [ -z "$(find "$WORK" -name 'ledger.db.cut-*')" ]
at newcomer repair --yes
expect "who was never there cannot know it" 0 '^Cut 1 entry, from entry 3 on'
at vera list
expect "and does not get it past who was" 1 'the ledger shrank'
rm -f "$LEDGER".cut-*
replace_by "$WORK/four.db"

# ---- another ledger in its place ----

other=$WORK/other.db
at lin init --ledger "$other" --org 'Example Trading GmbH' --demo \
    --from "$WORK/lin.offer=operator,admin" \
    --from "$WORK/mina.offer=approver,admin" --json
expect "another ledger" 0
others=$(printf '%s' "$OUT" | jq -r .fingerprint)
replace_by "$other"
at vera list
expect "swapped: list" 1 "its fingerprint was $spoken, and now it is $others"
expect "swapped: where it is pinned" 1 "$STATE/pins"
at vera verify
expect "swapped: verify" 1 "now it is $others"
at vera verify --full
expect "swapped: --full asks no memory" 0 '^findings: none$'
: >"$STATE/pins"
at vera list
expect "once the line is removed" 0 "first look .* fingerprint is $others"
at vera list
expect_quiet "it is the one"
rm -f "$STATE/pins"
replace_by "$WORK/four.db"
at vera list
expect "each ledger is remembered by itself" 0 "fingerprint is $spoken"
rm -f "$LEDGER" "$LEDGER-wal" "$LEDGER-shm"
at lin init --org 'Example Trading GmbH' --demo \
    --from "$WORK/lin.offer=operator,admin" \
    --from "$WORK/mina.offer=approver,admin"
expect "who founds a new one in its place means it" 0
at mina list
expect "and the others are asked" 1 'this is not the ledger'
replace_by "$WORK/four.db"

# ---- files that are not to be used ----

truncate -s -1 "$STATE/$id.memory"
at vera status
expect "a damaged memory" 0 'it is damaged, so what this desk remembered is'
expect "then everything is verified" 0 'all verified now'
at vera status
expect "and remembered again" 0 '4 remembered'
expect_quiet "without a word"
chmod 666 "$STATE/$id.memory"
at vera status
expect "a memory that others can write" 0 'others can write it'
chmod 666 "$STATE/pins"
at vera list
expect "pins that others can write" 4 "$STATE/pins: others can write it"
chmod 600 "$STATE/pins"
echo junk >"$STATE/pins"
at vera verify
expect "pins that are spoilt" 4 "$STATE/pins: it has a line"
rm "$STATE/pins"
run env HOME="$WORK/home-vera" XDG_STATE_HOME=/dev/null/state \
    "$COUNTERSEAL" --ledger "$LEDGER" list
expect "no folder to remember in" 0 'this desk remembers nothing'
rm -rf "$WORK/home-nobody"
at nobody --ledger "$WORK/not-there.db" list
expect "a ledger that is not there" 4
at nobody verify "$WORK/four.db"
expect "a file that was named" 0 '^findings: none$'
if [ -z "$(ls "$WORK/home-nobody/state/counterseal" 2>/dev/null)" ]; then
	ok "neither is remembered"
else
	not_ok "neither is remembered" "$(ls "$WORK/home-nobody/state/"*)"
fi

tap_done
