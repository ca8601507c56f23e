#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Several keys at once, the wrong one, none, and what a key may answer in place
# of a touch: each has its sentence, the status 3, and nothing is appended.
set -u
. "$(dirname "$0")/lib.sh"

entries() {
	sqlite3 -readonly "$LEDGER" 'select count(*) from entry'
}

# The last run ended with status 3 and that line, and nothing was appended.
refused() { # TEXT PATTERN
	expect "$1" 3 "$2"
	check "$1: nothing is appended" [ "$(entries)" -eq "$had" ]
}

# NAME's key anew, its person played by the lines given.
play() { # NAME LINE...
	local name=$1
	shift
	printf '%s\n' "$@" >"$WORK/$name.play"
	token_stop "$name"
	token_start "$name" --presence "scripted:$WORK/$name.play"
}

demo_ledger
expect "a ledger to begin with" 0
token_start spare
had=$(entries)
account DE89370400440532013000 >"$WORK/account"
request=(request payout.iban --store main-de --from "$WORK/account")
keys=()
for name in spare lin mina; do
	keys+=(--token "unix:$WORK/$name.sock")
done

# ---- which key ----

at lin token wink
expect "the key winks" 0 'winks now'
check "and is the one that was named" grep -q 'winks' "$WORK/lin.log"
check "no other one" [ "$(cat "$WORK"/{mina,spare}.log | grep -c winks)" -eq 0 ]
at lin token wink --json
expect_json "winking, for programs" 0 '.path and .name'
at lin token wink "${keys[@]}"
expect "of several keys none winks" 3 '3 security keys are named'
at lin token wink --token "unix:$WORK/nobody.sock"
expect "a key that is not there does not wink" 3 'no such socket'

KEY=spare at lin "${request[@]}"
refused "the wrong key" "holds no key that could seal this; expected: lin's key 0"
at lin "${request[@]}" --token "unix:$WORK/nobody.sock"
refused "no key" 'no such socket'
at lin "${request[@]}" --token "unix:$WORK/nobody.sock" \
    --token "unix:$WORK/spare.sock"
refused "the wrong keys" "hold no key that could seal this; expected: lin's key 0"

# Who else is asked refuses.
play mina deny
play spare deny
at lin "${request[@]}" "${keys[@]}"
expect "of several keys the desk's person's is asked" 0 'asked for by lin'
play lin deny
play mina touch
approve mina 2 DE89370400440532013000 "${keys[@]}"
expect "and the other person's at the other desk" 0 'approved by mina'
COUNTERSEAL_TOKEN='' at lin log --token ''
expect "an empty name is none" 2 'TOKEN is empty'
desk lin
run "${DESK[@]}" \
    COUNTERSEAL_TOKEN="unix:$WORK/spare.sock,unix:$WORK/lin.sock" \
    "$COUNTERSEAL" token info
expect "several keys in the environment" 3 '2 security keys are named'
had=$(entries)

# ---- what a key answers ----

account DE02120300000000202051 >"$WORK/account"
request=(request payout.iban --store main-fr --from "$WORK/account")
play lin deny
at lin "${request[@]}"
refused "the touch is refused" 'refused at the key'
play lin ignore
at lin "${request[@]}"
refused "nobody touches it" 'nobody touched the key in time'
token_stop lin
token_start lin --no-uv --no-pin
at lin "${request[@]}"
refused "a key that verifies nobody" 'can verify nobody'

# Taken out in the course of the question, which is told on standard error.
token_stop lin
token_start lin --presence never
desk lin
mkfifo "$WORK/told"
"${DESK[@]}" setsid "$COUNTERSEAL" "${request[@]}" </dev/null \
    >"$WORK/out" 2>"$WORK/told" &
pid=$!
ERR=
while read -r; do
	ERR+=$REPLY$'\n'
	[[ $REPLY != *'Touch your key'* ]] || token_stop lin
done <"$WORK/told"
wait "$pid"
STATUS=$?
OUT=$(cat "$WORK/out")
refused "the key is taken out" 'the key is gone'

tap_done
