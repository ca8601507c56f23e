#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The demonstration runs, twice in one folder, without a network, and fails as
# soon as a command in it does not do what it must.
set -u
. "$(dirname "$0")/lib.sh"

DEMO=$ROOT/examples/demo.sh
BUILT=$(dirname "$COUNTERSEAL")

# Each demonstration has a folder of its own, with a space in its name.
demo() { # BUILD FOLDER [WRAPPER...]
	local build=$1 folder="$WORK/$2 demo"
	shift 2
	run env BUILD="$build" "$@" "$DEMO" "$folder"
}

last_line() {
	tail -n 1 <<<"$OUT"
}

no_socket_left() {
	[ -z "$(ls -A "$TMPDIR")" ]
}

mkdir "$WORK/tmp"
export TMPDIR=$WORK/tmp
demo "$BUILT" first
expect "the demonstration runs" 0 'a second person must approve'
check "it ends with: demo: ok" [ "$(last_line)" = 'demo: ok' ]
check "no tool was left out" [ "$(grep -ci 'left out' <<<"$OUT")" -eq 0 ]
expect "OpenSSH says good" 0 '^Good "counterseal" signature for mina'
expect "OpenSSL says good" 0 '^Verified OK'
expect "the altered entry is named" 0 'error +entry 4: '
expect "the ledger cut short is known to be" 0 '\[memory-shrank\]'
check "all four refusals were told" \
    [ "$(grep -c '^\[exit status 1\]$' <<<"$OUT")" -eq 4 ]
check "nothing is on standard error" [ -z "$ERR" ]
HOME_LEDGER=$WORK/first\ demo/lin/counterseal/ledger.db
check "the ledger is left where it says" test -s "$HOME_LEDGER"
check "the replica, too" \
    test -s "$WORK/first demo/mina/counterseal/ledger.db"
check "each desk's state is its own" test -s \
    "$WORK/first demo/lin/counterseal/desk.key" -a -s \
    "$WORK/first demo/mina/counterseal/desk.key"
check "what travelled is in the folder" \
    [ "$(find "$WORK/first demo/exchange" -name '*-sealed-*' | wc -l)" -eq 3 ]
# Of the roots that are shown, one stands there for the home and the replica.
check "both desks have one head" \
    [ "$(grep '^  root ' <<<"$OUT" | sort | uniq -c | sort -rn |
	awk 'NR == 1 { print $1 }')" -ge 2 ]
check "the keys too" test -s "$WORK/first demo/mina.key"
check "they are mentioned" grep -Fq "$WORK/first demo" <<<"$OUT"
check "no socket is left behind" no_socket_left
check "it altered one byte" [ "$(cmp -l "$HOME_LEDGER" \
    "$WORK/first demo/altered.db" | wc -l)" -eq 1 ]
id=$(sed -n 's/^id  *//p' <<<"$OUT")

demo "$BUILT" first
expect "it runs a second time in that folder" 0
check "it ends with: demo: ok again" [ "$(last_line)" = 'demo: ok' ]
check "that is another ledger" [ "$(sed -n 's/^id  *//p' <<<"$OUT")" != "$id" ]

if unshare -rn true 2>/dev/null; then
	demo "$BUILT" alone unshare -rn
	expect "it needs no network" 0 '^demo: ok$'
else
	skip "it needs no network" "unshare -rn is not allowed here"
fi

mkdir "$WORK/own demo"
echo precious >"$WORK/own demo/ledger.db"
demo "$BUILT" own
expect "somebody's own folder is refused" 1 'not empty'
check "and left as it was" grep -q precious "$WORK/own demo/ledger.db"

# Programs of which one act is not what it should be.
sabotage() { # PATTERN COMMAND
	mkdir -p "$WORK/bin"
	ln -sf "$TOKEN" "$WORK/bin/counterseal-token"
	cat >"$WORK/bin/counterseal" <<-END
		#!/bin/sh
		case " \$* " in
		*" $1 "*) $2 ;;
		esac
		exec "$COUNTERSEAL" "\$@"
	END
	chmod +x "$WORK/bin/counterseal"
	demo "$WORK/bin" sabotage
}

sabotage 'no such' 'exit 99'
expect "an honest wrapper changes nothing" 0 '^demo: ok$'
sabotage 'approve 4' 'exit 0'
expect "a self-approval that is not refused" 1 \
    'demo: FAILED: .*counterseal approve 4'
check "is not called ok" [ "$(grep -c '^demo: ok' <<<"$OUT")" -eq 0 ]
sabotage 'apply 4' 'exit 0'
expect "an apply that does nothing" 1 'demo: FAILED: .*counterseal apply 4'
sabotage 'join' 'exit 1'
expect "a join that fails" 1 'demo: FAILED: .*counterseal join'
sabotage 'send exchange' 'exit 0'
expect "a send that sends nothing" 1 'demo: FAILED: .*counterseal send'
sabotage 'receive exchange' 'exit 1'
expect "a receive that fails" 1 'demo: FAILED: .*counterseal receive'
sabotage 'verify altered.db' "shift; set -- verify lin/counterseal/ledger.db"
expect "a verify that misses the alteration" 1 \
    'demo: FAILED: .*counterseal verify altered.db'
sabotage 'fido2-assert' \
    "\"$COUNTERSEAL\" \"\$@\"; truncate -s -1 fido2/5*/signature.der; exit"
expect "an export that openssl does not take" 1 'demo: FAILED: .*openssl'
check "no socket is left behind by a failure" no_socket_left

tap_done
