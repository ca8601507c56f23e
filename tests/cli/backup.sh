#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Backups, and what comes of copies: to a new computer, an old one put back,
# a copied file, a moved one.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

SHARE=$WORK/share
FIRST=DE02120300000000202051
SECOND=DE89370400440532013000
mkdir "$SHARE"
echo 'five words nobody puts together' >"$WORK/words"
echo 'six words that nobody puts together' >"$WORK/others"

# At the desk of NAME with a ledger of its own.
by() { # NAME ARGUMENT...
	LEDGER=$WORK/$1.db at "$@"
}

# Both send and receive, twice: what one sealed comes back to it.
exchange() { # HOME REPLICA
	local name
	for name in "$1" "$2" "$1" "$2" "$1"; do
		by "$name" receive "$SHARE"
		[ "$STATUS" -eq 0 ] || return
		by "$name" send "$SHARE"
		[ "$STATUS" -eq 0 ] || return
	done
}

request() { # NAME IBAN
	account "$2" >"$WORK/account"
	by "$1" request payout.iban --store main-de --from "$WORK/account" \
	    --json
}

# The head of the ledger of NAME: "4 1f..."
head_of() { # NAME
	by "$1" verify --json
	printf '%s' "$OUT" | jq -r '"\(.head.size) \(.head.root)"'
}

same_head() { # NAME NAME
	local one
	one=$(head_of "$1")
	[ -n "$one" ] && [ "$one" = "$(head_of "$2")" ]
}

remove() { # NAME
	rm -f "$WORK/$1.db" "$WORK/$1.db-wal" "$WORK/$1.db-shm"
}

begin() {
	local name
	token_start lin && token_start mina || return
	for name in lin mina; do
		by "$name" key offer --person "$name" --org Example \
		    -o "$WORK/$name.offer"
		[ "$STATUS" -eq 0 ] || return
	done
	by lin init --org Example --demo --from "$WORK/lin.offer" \
	    --from "$WORK/mina.offer"
	[ "$STATUS" -eq 0 ] || return
	by lin verify --json
	ID=$(printf '%s' "$OUT" | jq -r .ledger)
	by lin send "$SHARE"
	by mina receive "$SHARE" --ledger-id "$ID"
	[ "$STATUS" -eq 0 ] || return
	by mina join
	exchange lin mina && request lin "$FIRST" && exchange lin mina
}

if ! begin; then
	not_ok "two desks with a change" "$OUT"$'\n'"$ERR"
	tap_done
fi
check "two desks with a change" same_head lin mina

# ---- making one ----

by lin backup "$WORK/lin.backup"
expect "without a terminal the passphrase comes from a file" 2 \
    'passphrase-from: is needed'
echo short >"$WORK/short"
by lin backup "$WORK/lin.backup" --passphrase-from "$WORK/short"
expect "a short passphrase is refused" 2 '12 to 1024 bytes'
by lin backup "$WORK/lin.backup" --passphrase-from "$WORK/words" \
    --to "$WORK/mina.offer"
expect "one way to open it" 2 'opens in one way'
check "nothing was written" [ ! -e "$WORK/lin.backup" ]
by lin backup "$WORK/lin.backup" --passphrase-from "$WORK/words"
expect "a backup" 0 '3 entries, and the key of this desk, read back'
check "is the user's own" [ "$(stat -c %a "$WORK/lin.backup")" = 600 ]
check "shows no value" [ "$(grep -c "$FIRST" "$WORK/lin.backup")" = 0 ]
check "is alone" [ "$(find "$WORK" -name 'lin.backup*' | wc -l)" = 1 ]
by lin backup "$WORK/lin.backup" --passphrase-from "$WORK/words"
expect "is not written over" 4 'already'
by lin restore "$WORK/lin.backup" --passphrase-from "$WORK/words"
expect "nor is a ledger" 4 'move it away first'

# ---- a new computer ----

# lin's key is taken there, too.
new() { # ARGUMENT...
	KEY=lin by new "$@"
}
new restore "$WORK/lin.backup" --passphrase-from "$WORK/others"
expect "another passphrase" 4 'passphrase is another one'
new restore "$WORK/lin.backup" --passphrase-from "$WORK/words" \
    --ledger-id "${ID//[0-9]/a}"
expect "another ledger than asked for" 1 'of another ledger'
check "leaves nothing" [ ! -e "$WORK/new.db" ]
new restore "$WORK/lin.backup" --json --passphrase-from - <"$WORK/words"
expect_json "restored on a new computer" 0 \
    '.site == "restored" and .desk_key == "restored" and
    .person == "restored" and .head.size == 3 and .forgotten == null'
check "with the desk's key" cmp "$WORK/home-lin/state/counterseal/desk.key" \
    "$WORK/home-new/state/counterseal/desk.key"
check "the user's own" [ "$(stat -c %a "$WORK/new.db" \
    "$WORK/home-new/state/counterseal/desk.key" | sort -u)" = 600 ]
check "and who sits there" \
    [ "$(cat "$WORK/home-new/state/counterseal/person")" = lin ]
check "nothing else is left" [ "$(find "$WORK" -name 'new.db?*' | wc -l)" = 0 ]
new show 2
expect "the values are there" 0 'asked'
check "in full" grep -qa "$FIRST" "$WORK/new.db"
remove lin
KEY=lin request new "$SECOND"
expect "it appends nothing yet" 1 'comes from a backup'
new home
expect "it waits for mina" 0 'mina  *not heard yet'
check "and not for itself" [ "$(grep -c '^  lin ' <<<"$OUT")" -eq 0 ]
new receive "$SHARE"
expect "what mina told before is no answer" 0
new home --json
expect_json "it still waits" 0 '.site == "restored"'
new send "$SHARE"
by mina receive "$SHARE"
by mina send "$SHARE"
new receive "$SHARE"
expect "when she has answered it is the home" 0 'this ledger is the home'
KEY=lin request new "$SECOND"
expect "and appends" 0
KEY=lin exchange new mina
check "both have the same ledger" same_head new mina

# ---- an old backup at the same desk ----

new backup "$WORK/old" --passphrase-from "$WORK/words"
expect "a backup" 0
new withdraw 3
expect "work goes on" 0
new send "$SHARE"
by mina receive "$SHARE"
expect "and mina has it" 0
cp -r "$WORK/home-new" "$WORK/home-fork"
remove new
new restore "$WORK/old" --json --passphrase-from "$WORK/words"
expect_json "the old backup; what was remembered beyond it is told" 0 \
    '.forgotten.size == 5 and .head.size == 4 and .desk_key == "same"'
new withdraw 3
expect "it does not append beside what mina has" 1 'comes from a backup'
KEY=lin exchange new mina
expect "the lost entry comes back" 0
new home --json
expect_json "it is the home again" 0 '.site == "home"'
check "both have the same ledger once more" same_head new mina

# ---- another history ----

fork() { # ARGUMENT...
	KEY=lin by fork "$@"
}
mkdir "$WORK/home-aside"
aside() { # ARGUMENT...
	KEY=lin by aside "$@"
}
aside restore "$WORK/old" --passphrase-from "$WORK/words"
aside home --here --force
KEY=lin request aside DE75512108001245126199
expect "a second home, by force" 0
aside backup "$WORK/other" --passphrase-from "$WORK/words"
fork restore "$WORK/other" --passphrase-from "$WORK/words"
expect "its backup is refused by who knows another history" 1 \
    'another history than this desk remembers.*5 entries, [0-9a-f]{64}.*5, [0-9a-f]{64}'
check "and nothing is left" [ "$(find "$WORK" -name 'fork.db*' | wc -l)" = 0 ]

# ---- a copied file ----

sqlite3 "$WORK/new.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp "$WORK/new.db" "$WORK/copy.db"
mkdir -p "$WORK/home-copy"
cp -r "$WORK/home-new/." "$WORK/home-copy"
copy() { # ARGUMENT...
	KEY=lin by copy "$@"
}
KEY=lin request copy "$FIRST"
expect "a copied file does not append" 1 "a copy of the home's ledger"
copy home --leave
expect "it can be a replica" 0 'is a replica'
KEY=lin request copy "$FIRST"
expect "and then seals for the home" 0
KEY=lin exchange new copy
check "which has it" same_head new copy
remove copy
cp "$WORK/new.db" "$WORK/copy.db"
copy home --here
expect "or be the home" 0 'to be the home'
remove new
KEY=lin exchange copy mina
copy home --json
expect_json "when mina was heard" 0 '.site == "home"'

# ---- a moved file ----

mv "$WORK/copy.db" "$WORK/moved.db"
cp -r "$WORK/home-copy" "$WORK/home-moved"
KEY=lin request moved "$SECOND"
expect "a moved home is the home" 0
KEY=lin exchange moved mina
check "and all have its entry" same_head moved mina

# ---- a replica's backup, to keys ----

by mina backup "$WORK/mina.backup" --to "$WORK/lin.offer"
expect "to a colleague's desk" 0 'opens with the desk key of its recipient'
remove mina
by mina restore "$WORK/mina.backup"
expect "not to be opened by others" 2 'is for other desks'
KEY=mina by lin restore "$WORK/mina.backup" --json
expect_json "a replica stays one; this desk keeps its key" 0 \
    '.site == "replica" and .desk_key == "kept" and .person == "kept"'
by vera restore "$WORK/mina.backup"
expect "a desk without a key is told so" 2 'this desk has none'

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$WORK/safe.pem" -subj /CN=safe -out "$WORK/safe.crt" 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in "$WORK/safe.pem" -outform DER \
    -out "$WORK/safe.key" && chmod 600 "$WORK/safe.key"
KEY=lin by moved backup "$WORK/safe.backup" --to "$WORK/safe.crt" \
    --to "$WORK/mina.offer"
expect "to a certificate and a desk" 0 'one of its recipients'
by mina restore "$WORK/safe.backup" --key "$WORK/safe.key"
expect "opened by the certificate's key" 0 'restored from the backup'
sed 's/CERTIFICATE/SOMETHING/' "$WORK/safe.crt" >"$WORK/bad"
KEY=lin by moved backup "$WORK/bad.backup" --to "$WORK/bad"
expect "a recipient that is neither" 2

# ---- verify without a memory ----

by vera verify "$WORK/moved.db"
expect "nothing was remembered" 0 'remembered nothing of this ledger'
by vera verify "$WORK/moved.db" --json
expect_json "for programs" 0 '.known_before == false'
by vera verify "$WORK/moved.db" --ledger-id "$ID"
check "an id is enough" [ -z "$ERR" ]
KEY=lin by moved verify --json
expect_json "known" 0 '.known_before'

tap_done
