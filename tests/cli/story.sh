#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The whole story at two real terminals (tmux): PINs are typed, wrong ones too,
# keys are pulled out and plugged in, and in between a payout account is asked
# for, approved and entered. Nothing sleeps: each step waits for words on the
# screen.
set -u
. "$(dirname "$0")/lib.sh"

LIN_PIN=4711-lin
MINA_PIN=0815-mina
PETR_PIN=1234-petr
declare -A seen_on # descriptor of what each terminal writes
SCREEN=	# written since the last words that were waited for

mux() {
	tmux -S "$WORK/tmux" -f /dev/null "$@"
}

close_terminals() {
	mux kill-server 2>/dev/null
	finish
}
trap close_terminals EXIT

# A terminal of 80x24 at the desk of NAME; the prompt is the last status.
terminal() { # NAME
	local fd
	desk "$1"
	mkfifo "$WORK/screen-$1"
	exec {fd}<>"$WORK/screen-$1"
	seen_on[$1]=$fd
	mux new-session -d -s "$1" -x 80 -y 24 "${DESK[@]}" PS1='[$?]> ' \
	    TERM=dumb PATH="${COUNTERSEAL%/*}:$PATH" dash
	mux pipe-pane -t "$1" "exec cat >'$WORK/screen-$1'"
	keys "$1" ''
	sees "$1" '\[0\]> '
}

keys() { # NAME TEXT
	mux send-keys -t "$1" -l -- "$2"
	mux send-keys -t "$1" Enter
}

# Reads what NAME's terminal writes until the words (extended regular
# expression) are there; a minute without any of it is a failure.
sees() { # NAME WORDS
	local c
	SCREEN=
	while IFS= read -r -N 1 -t 60 -u "${seen_on[$1]}" c; do
		[ "$c" = $'\r' ] || SCREEN+=$c
		[[ ! $SCREEN =~ $2 ]] || return 0
	done
	not_ok "$1's terminal: $2" "$SCREEN"
	tap_done
	exit 1
}

# NAME does that, sees the words, and gets the prompt with the status.
does() { # TEXT NAME STATUS WORDS
	sees "$2" "$4"
	sees "$2" "\\[$3\\]> "
	ok "$1"
}

# The same, and the ledger is as it was.
refused() { # TEXT NAME WORDS
	does "$1" "$2" 3 "$3"
	check "$1: nothing is appended" [ "$(entries)" -eq "$had" ]
}

entries() {
	if [ -e "$LEDGER" ]; then
		sqlite3 -readonly "$LEDGER" 'select count(*) from entry'
	else
		echo 0
	fi
}

plug() { # NAME [OPTION...]
	token_start "$@" --no-uv
}

pull() { # NAME
	token_stop "$1"
}

set_pin() { # NAME PIN
	/usr/bin/python3 "$ROOT/tests/cli/set_pin.py" "$WORK/$1.sock" "$2"
}

if ! command -v tmux >/dev/null ||
    ! /usr/bin/python3 -c 'import cbor2, cryptography' 2>/dev/null; then
	skip "the story" "tmux, python3-cbor2 or python3-cryptography is missing"
	tap_done
	exit
fi
export COUNTERSEAL_LEDGER=$LEDGER
terminal lin
terminal mina
had=0

# ---- keys get their PINs, and offers are made ----

offer="key offer --org 'Example Trading GmbH' --person"
plug lin
keys lin "counterseal $offer lin -o $WORK/lin.offer"
refused "a key without a PIN" lin 'the key has no PIN yet; set one with'
check "a PIN is set" set_pin lin "$LIN_PIN"

keys lin "counterseal $offer lin -o $WORK/lin.offer"
sees lin 'PIN of .*\(8 tries left\): '
keys lin 0000
sees lin 'The PIN was wrong\.'
sees lin '\(7 tries left\): '
keys lin "$LIN_PIN"
sees lin 'to make a new key on it \(1 of 2\)'
sees lin '\(8 tries left\): '
keys lin "$LIN_PIN"
does "a wrong PIN, and the right one" lin 0 'lin.offer: a key of lin'

keys mina "counterseal $offer mina -o $WORK/mina.offer"
sees mina 'Insert the security key\. \[Ctrl-C stops\]'
plug mina
sees mina 'no PIN yet'
sees mina '\[3\]> '
ok "a key that is plugged in when it is asked for"
set_pin mina "$MINA_PIN"
keys mina "counterseal $offer mina -o $WORK/mina.offer"
sees mina 'tries left\): '
keys mina "$MINA_PIN"
sees mina '\(1 of 2\)'
sees mina 'tries left\): '
keys mina "$MINA_PIN"
does "another person's key" mina 0 'mina.offer: a key of mina'
pull mina

# ---- the ledger is founded; mina's key is in the drawer ----

keys lin "counterseal init --demo --org 'Example Trading GmbH' \
--from $WORK/lin.offer=operator,admin --from $WORK/mina.offer=approver,admin"
sees lin 'tries left\): '
keys lin "$LIN_PIN"
does "the ledger is founded" lin 0 'to found this ledger'
keys mina 'counterseal join'
sees mina 'Insert the key of mina\. \[Ctrl-C stops\]'
plug mina
sees mina 'tries left\): '
keys mina "$MINA_PIN"
does "mina's key is waited for, and she joins" mina 0 'mina'
had=$(entries)
check "two entries" [ "$had" -eq 2 ]

# ---- all that goes wrong ----

account DE89370400440532013000 >"$WORK/account"
request="counterseal request payout.iban --store main-de --from $WORK/account"
keys lin "$request"
sees lin 'tries left\): '
mux send-keys -t lin C-c
sees lin 'Stopped\.'
sees lin '\[130\]> '
ok "Ctrl-C where the PIN is asked for"
keys lin 'stty -a | grep -o -w -e -\\?echo'
does "what is typed is seen again" lin 0 $'\necho\n'

for i in 1 2 3; do
	[ "$i" -ne 1 ] || keys lin "$request"
	sees lin "\\($((9 - i)) tries left\\): "
	keys lin "wrong-$i"
done
refused "three wrong PINs" lin 'takes none until it was unplugged'
keys lin "$request"
sees lin '\(5 tries left\): '
keys lin "$LIN_PIN"
refused "and no right one, either" lin 'takes none until it was unplugged'

pull lin
printf 'ignore\n' >"$WORK/lin.play"
plug lin --presence "scripted:$WORK/lin.play"
keys lin "$request"
sees lin 'tries left\): '
keys lin "$LIN_PIN"
sees lin 'Touch your key \(lin\) to ask for this change\. \[[0-9]+ s, Ctrl-C stops\]'
pull lin
refused "the key is pulled out before the touch" lin 'the key is gone'

plug lin --presence never
keys lin "$request"
sees lin 'tries left\): '
keys lin "$LIN_PIN"
sees lin 'Touch your key \(lin\)'
sees lin '\[29 s, '
mux send-keys -t lin C-c
sees lin 'Stopped\.'
sees lin '\[130\]> '
ok "Ctrl-C before the touch, which counts down"
check "nothing is appended by that" [ "$(entries)" -eq "$had" ]
pull lin

printf 'deny\n' >"$WORK/lin.play"
plug lin --presence "scripted:$WORK/lin.play"
keys lin "$request"
sees lin 'tries left\): '
keys lin "$LIN_PIN"
refused "the touch is refused" lin 'refused at the key'
pull lin

keys lin "$request"
sees lin '! unix:.*no such'
sees lin 'Insert the key of lin\.'
mux send-keys -t lin C-c
sees lin '\[130\]> '
ok "Ctrl-C where a key is waited for"

# Another key in the place of lin's.
keys lin "COUNTERSEAL_TOKEN=unix:$WORK/lin.sock,unix:$WORK/petr.sock $request"
sees lin 'Insert the key of lin\.'
plug petr
sees lin 'Not this one: .*petr.sock holds no key'
plug lin
sees lin 'PIN of unix:.*lin.sock \('
keys lin "$LIN_PIN"
does "the wrong key, then the right one" lin 0 'asked for by lin'
had=$((had + 1))
check "one entry more" [ "$(entries)" -eq "$had" ]

# ---- and the rest of the story ----

keys mina 'counterseal approve 2'
sees mina 'IBAN: '
keys mina 'DE89 3704 0044 0532 0130 00'
sees mina 'The same as asked for\.'
sees mina 'tries left\): '
keys mina "$MINA_PIN"
does "mina approves" mina 0 'approved by mina'
keys lin 'counterseal apply 2'
sees lin '1 of 2 .*enter it, then press Enter: '
keys lin ''
sees lin '2 of 2 .*enter it, then press Enter: '
keys lin ''
sees lin 'Did the console take it\? \[y/N\] '
keys lin y
sees lin 'Account holder: '
keys lin 'EXAMPLE TRADING GMBH'
sees lin 'IBAN, whole or its last 3 or more: '
keys lin '**** 3001'
sees lin 'Country of the account, two letters: '
keys lin DE
sees lin 'Not what was approved: iban_tail'
sees lin 'Look again: 2 tries left\..*Account holder: '
keys lin 'EXAMPLE TRADING GMBH'
sees lin 'IBAN, .*: '
keys lin '**** 3000'
sees lin 'Country of the account, two letters: '
keys lin DE
sees lin 'The same as approved \(tail\+name\+country\)'
sees lin 'tries left\): '
keys lin "$LIN_PIN"
does "lin has entered it" lin 0 'in force'
keys mina 'counterseal verify'
does "and all of it verifies" mina 0 'findings: none'

# ---- a PIN that is blocked for good ----

had=$(entries)
set_pin petr "$PETR_PIN"
left=8
while [ "$left" -gt 0 ]; do
	if [ "$left" -ne 8 ]; then
		pull petr
		plug petr
	fi
	keys mina "counterseal $offer petr -o $WORK/petr.offer \
--token unix:$WORK/petr.sock"
	for _ in 1 2 3; do
		[ "$left" -gt 0 ] || break
		[ "$left" -ne 1 ] || sees mina 'This is the last try\.'
		sees mina "\\($left (try|tries) left\\): "
		keys mina "wrong-$left"
		left=$((left - 1))
	done
	if [ "$left" -gt 0 ]; then
		refused "no more tries now, $left in all" mina \
		    'takes none until'
	else
		refused "the PIN is blocked" mina 'blocked for good'
	fi
done
keys mina "counterseal $offer petr -o $WORK/petr.offer \
--token unix:$WORK/petr.sock"
refused "and is not asked for any more" mina 'blocked for good'
check "no offer was written" [ ! -e "$WORK/petr.offer" ]

# ---- secrets ----

account DE02120300000000202051 >"$WORK/account"
desk lin
run "${DESK[@]}" PIN="$LIN_PIN" COUNTERSEAL_PIN="$LIN_PIN" "$COUNTERSEAL" \
    request payout.iban --store main-fr --from "$WORK/account" <<<"$LIN_PIN"
expect "no PIN from a pipe or the environment" 3 \
    'wants its PIN, and there is no terminal'
check "nothing is appended without one" [ "$(entries)" -eq "$had" ]

shown() {
	local name
	for name in lin mina; do
		mux capture-pane -p -J -S - -t "$name"
	done | grep -E "$LIN_PIN|$MINA_PIN|wrong-[0-9]"
}
check_silent "no PIN is ever seen on a screen" shown
check_silent "and none is in any file" \
    grep -r -a -l -D skip -e "$LIN_PIN" -e "$MINA_PIN" "$WORK"

tap_done
