#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Who stops the command at a prompt or before the touch: it dies by the very
# signal, leaves the terminal as it was, the key idle, and nothing sealed.
set -u
. "$(dirname "$0")/lib.sh"


entries() {
	sqlite3 -readonly "$LEDGER" 'select count(*) from entry'
}

stopped() { # TEXT STATUS
	check "$1: dies by the signal" [ "$STATUS" = "$2" ]
	check "$1: the terminal is as before" \
	    grep -q '^TERMINAL=same' <<<"$OUT"
}

demo_ledger
expect "a ledger to begin with" 0
account DE89370400440532013000 >"$WORK/account"
had=$(entries)

# ---- at a prompt ----

person lin '{: $} "\x03"' request payout.iban --store main-de
stopped "Ctrl-C at the first prompt" 130
person lin '{: $} "Example Trading GmbH\r" {IBAN: $} "DE89\x03"' \
    request payout.iban --store main-de
stopped "Ctrl-C in the middle of a value" 130
person lin '{: $} "\x04"' request payout.iban --store main-de
stopped "end of input at a prompt is a no" 1
check "nothing was appended" [ "$(entries)" -eq "$had" ]

# ---- while the key waits ----

token_start slow --presence never
KEY=slow person lin '{Touch your key.*Ctrl-C stops} "\x03"' \
    key offer --person lin --org X -o "$WORK/slow.offer"
stopped "Ctrl-C before the first touch" 130
check "without waiting for the key's own end" grep -q '^Stopped\.' <<<"$OUT"
check "no offer was written" [ ! -e "$WORK/slow.offer" ]

# What is cancelled at lin's key is not waited for: the next question finds it
# idle.
token_stop lin
token_start lin --presence never
person lin '{Touch your key \(lin\) to ask.*Ctrl-C stops} "\x03"' \
    request payout.iban --store main-de --from "$WORK/account"
stopped "Ctrl-C before the touch" 130
check "nothing was appended by that" [ "$(entries)" -eq "$had" ]

# Without a terminal the line stays on standard error, and signals come from
# elsewhere.
in_background() { # SIGNAL [COMMAND...]
	local signal=$1 pid
	shift
	desk lin
	rm -f "$WORK/told"
	mkfifo "$WORK/told"
	"$@" "${DESK[@]}" setsid "$COUNTERSEAL" request payout.iban \
	    --store main-de --from "$WORK/account" </dev/null \
	    >"$WORK/out" 2>"$WORK/told" &
	pid=$!
	ERR=
	while read -r; do
		ERR+=$REPLY$'\n'
		[[ $REPLY != *'Touch your key'* ]] || kill "-$signal" "$pid"
	done <"$WORK/told"
	{ wait "$pid"; } 2>/dev/null
	STATUS=$?
	OUT=$(cat "$WORK/out")
}
in_background TERM
check "SIGTERM before the touch: dies by it" [ "$STATUS" -eq 143 ]
check "without waiting for the end of time" grep -q '^Stopped\.' <<<"$ERR"
in_background HUP
check "SIGHUP before the touch: dies by it" [ "$STATUS" -eq 129 ]
check "nothing was appended by these" [ "$(entries)" -eq "$had" ]
token_stop lin
printf 'delay 1500\ntouch\n' >"$WORK/script"
token_start lin --presence "scripted:$WORK/script"
in_background INT env --ignore-signal=INT
expect "an ignored signal stays ignored" 0 'asked for by lin'
check "and the request was appended" [ "$(entries)" -eq $((had + 1)) ]
run true
at lin withdraw "$had"
expect "the key is idle after all that" 0 'withdrawn by lin'

tap_done
