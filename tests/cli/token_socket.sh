#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The software key as a program: its socket, its files, its options, and the
# person at its terminal.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

SOCK=$WORK/a.sock
STATE=$WORK/a.state

# A bare CTAPHID client. Prints the status byte of each message's reply in
# hexadecimal, one a line, or `closed`.
cat >"$WORK/ctap.py" <<'PY'
import socket, sys, struct
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.settimeout(60)
s.connect(sys.argv[1])
def send(cid, cmd, data):
    first, rest, seq = data[:57], data[57:], 0
    out = [struct.pack(">IBH", cid, cmd, len(data)) + first]
    while rest:
        out.append(struct.pack(">IB", cid, seq) + rest[:59])
        rest, seq = rest[59:], seq + 1
    for report in out:
        s.send(b"\0" + report.ljust(64, b"\0"))
def receive():
    while True:
        r = s.recv(128)
        if not r:
            print("closed"); sys.exit(1)
        assert len(r) == 64
        if r[4] != 0xbb:
            return r[4], r[7:]
send(0xffffffff, 0x86, b"12345678")
cmd, data = receive()
assert cmd == 0x86 and data[:8] == b"12345678"
cid = struct.unpack(">I", data[8:12])[0]
for message in sys.argv[2:]:
    send(cid, 0x90, bytes.fromhex(message))
    cmd, data = receive()
    print("%02x" % data[0], flush=True)
PY

ctap() { # SOCKET MESSAGE...
	run timeout 60 python3 "$WORK/ctap.py" "$@"
}

# makeCredential for an rp id, which is given as the hexadecimal of a CBOR
# text string.
make_credential() { # RP-ID
	local hash
	hash=$(printf '00%.0s' {1..32})
	printf '01a4015820%s02a1626964%s03a16269644175' "$hash" "$1"
	printf '0481a263616c672664747970656a7075626c69632d6b6579\n'
}

mode_is() { # MODE FILE
	[ "$(stat -c %a "$2")" = "$1" ]
}

# In this shell, unlike check, because it remembers the process.
started() { # TEXT
	if token_start a; then
		ok "$1"
	else
		not_ok "$1" "$(cat "$WORK/a.log")"
	fi
}

stop() { # SIGNAL: ends the key started last; its status into STATUS
	local pid=${token_pids[-1]}
	kill -"$1" "$pid"
	wait "$pid" 2>/dev/null
	STATUS=$?
	unset 'token_pids[-1]'
	OUT='' ERR=''
}

options() {
	run "$TOKEN" --help
	expect "--help exits 0" 0 '^usage: counterseal-token --socket PATH'
	check_silent "--help is quiet on standard error" printf '%s' "$ERR"
	run "$TOKEN" --version
	expect "--version exits 0" 0 '^counterseal-token [0-9]+\.[0-9]+'
	run "$TOKEN"
	expect "no options: usage" 2 '--socket, --uhid or --hidg is missing'
	run "$TOKEN" --socket "$SOCK"
	expect "no --state: usage" 2 '--state is missing'
	run "$TOKEN" --socket "$SOCK" --state "$STATE" extra
	expect "an argument too many: usage" 2 'unexpected argument: extra'
	run "$TOKEN" --socket "$SOCK" --state "$STATE" --no-such
	expect "an unknown option: usage" 2 '^usage:'
	run "$TOKEN" --socket "$SOCK" --socket "$SOCK" --state "$STATE"
	expect "an option twice: usage" 2 'given twice'
	run "$TOKEN" --socket "$SOCK" --state "$STATE" --uv --no-uv
	expect "--uv and --no-uv: usage" 2 'exclude each other'
	run "$TOKEN" --socket "$SOCK" --uhid --state "$STATE"
	expect "a socket and a device: usage" 2 'exclude each other'
	run "$TOKEN" --uhid --hidg "$WORK/none" --state "$STATE"
	expect "two devices: usage" 2 'exclude each other'
	run "$TOKEN" --hidg "$WORK/none" --state "$STATE"
	expect "an absent gadget fails" 1 'set the USB gadget up first'
	for word in 99 -1 3x ''; do
		run "$TOKEN" --socket "$SOCK" --state "$STATE" --ready-fd "$word"
		expect "--ready-fd '$word': usage" 2 'not an open descriptor'
	done
	for word in maybe always:x scripted tty:x ''; do
		run "$TOKEN" --socket "$SOCK" --state "$STATE" \
		    --presence "$word"
		expect "--presence '$word': usage" 2 'expected tty, always'
	done
	run "$TOKEN" --socket "$SOCK" --state "$STATE" \
	    --attestation "$WORK/none.pem"
	expect "an absent attestation fails" 1 'none\.pem: cannot be opened'
	run "$TOKEN" --socket "$SOCK" --state "$STATE" --attestation /dev/null
	expect "an attestation without a key fails" 1 \
	    'does not begin with a private key'
	check "bad usage leaves no file" test ! -e "$STATE" -a ! -e "$SOCK"
}

scripts() {
	run "$TOKEN" --socket "$SOCK" --state "$STATE" \
	    --presence "scripted:$WORK/none"
	expect "an absent script fails" 1 'cannot open the script'
	for word in push 'delay' 'delay x' 'delay 99999999' 'touch me'; do
		printf 'touch\n%s\n' "$word" >"$WORK/script"
		run "$TOKEN" --socket "$SOCK" --state "$STATE" \
		    --presence "scripted:$WORK/script"
		expect "script with '$word' fails" 1 'line 2 of the script'
	done
}

life() {
	started "starts and says when it listens"
	check "its first line says what it is" \
	    grep -q '^counterseal-token: a SOFTWARE key; anyone who can read' \
	    <(head -n 1 "$WORK/a.log")
	check "mode of the socket is 600" mode_is 600 "$SOCK"
	check "mode of the state is 600" mode_is 600 "$STATE"
	check "it leaves no core dump" grep -Eq \
	    '^Max core file size +0 +0 ' "/proc/${token_pids[-1]}/limits"
	ctap "$SOCK" 0b 04
	expect "answers over the socket" 0 '^00$'
	run "$TOKEN" --socket "$SOCK" --state "$WORK/b.state"
	expect "a second one on the socket is refused" 1 'in use'
	check "and makes no state" test ! -e "$WORK/b.state"
	run "$TOKEN" --socket "$WORK/b.sock" --state "$STATE"
	expect "a second one on the state is refused" 1 'another token'
	check "and leaves no socket" test ! -e "$WORK/b.sock"
	ctap "$SOCK" 0b
	expect "the first one still answers" 0 '^00$'
	stop TERM
	expect "SIGTERM ends it cleanly" 0
	check "and removes the socket" test ! -e "$SOCK"
	check "and leaves the state" test -s "$STATE"
	token_start a
	stop INT
	expect "SIGINT ends it cleanly" 0
	check "and removes the socket too" test ! -e "$SOCK"
}

stale() {
	token_start a
	stop KILL
	check "a killed one leaves its socket" test -S "$SOCK"
	started "which the next one replaces"
	ctap "$SOCK" 0b
	expect "and answers there" 0 '^00$'
	stop TERM
	echo precious >"$SOCK"
	run "$TOKEN" --socket "$SOCK" --state "$STATE" --presence never
	expect "a file in the socket's place is refused" 1 'in use'
	check "and left alone" grep -q precious "$SOCK"
	rm "$SOCK"
	run "$TOKEN" --socket "$WORK/$(printf '%0120d' 0)" --state "$STATE"
	expect "too long a path is refused" 1 "a socket's path has"
	run "$TOKEN" --socket "$WORK/none/a" --state "$STATE"
	expect "a folder that is not there is named" 1 'No such file'
}

state_file() {
	local before
	chmod 644 "$STATE"
	run "$TOKEN" --socket "$SOCK" --state "$STATE"
	expect "a state that others can read is refused" 1 'mode 0600'
	chmod 600 "$STATE"
	printf x | dd of="$STATE" bs=1 seek=20 conv=notrunc status=none
	before=$(sha256sum <"$STATE")
	run "$TOKEN" --socket "$SOCK" --state "$STATE"
	expect "a damaged state is refused" 1 'damaged'
	check "and left as it is" \
	    test "$before" = "$(sha256sum <"$STATE")"
	check "and there is no socket" test ! -e "$SOCK"
	: >"$STATE"
	run "$TOKEN" --socket "$SOCK" --state "$STATE"
	expect "an empty state is refused" 1 'damaged'
	rm -f "$STATE"
}

# What can verify who touches, as a client reads it.
models() {
	local words
	for words in '--uv:built in' '--uv --no-pin:built in' \
	    '--no-uv:none yet: set a PIN first' \
	    '--no-uv --no-pin:none: cannot be used'; do
		# shellcheck disable=SC2086 # options, split on purpose
		token_start a ${words%%:*}
		run "$COUNTERSEAL" token info --token "unix:$SOCK"
		expect "${words%%:*}: ${words#*:}" 0 "${words#*:}"
		stop TERM
	done
}

played_persons() {
	printf '# a person\ntouch\n\ndeny\ndelay 50\nstranger\n' >"$WORK/script"
	token_start a --presence "scripted:$WORK/script"
	ctap "$SOCK" 0b 0b 0b 0b
	check "touch, refusal, late touch, a stranger's touch" \
	    test "$OUT" = $'00\n27\n00\n00'
	stop TERM
	token_start a --presence never --allow-late-reset
	ctap "$SOCK" 04
	expect "never: what asks nobody is answered" 0 '^00$'
	stop TERM
}

# On a terminal of its own: a person who types.
terminal() {
	local told rp=69652e7266c3a91b5b4a # "e.rf", e acute, ESC [ J
	cat >"$WORK/person.exp" <<'EXPECT'
set timeout 20
proc hear {text} {
	expect {
		-ex $text {}
		timeout { puts "\nunheard: $text"; exit 1 }
		eof { puts "\nended before: $text"; exit 1 }
	}
}
set work [lindex $argv 0]
set token [lindex $argv 1]
set make [lindex $argv 2]
proc client {args} {
	global work
	exec python3 $work/ctap.py $work/a.sock {*}$args >$work/answers &
}
proc answered {want} {
	global work
	for {set i 0} {$i < 200} {incr i} {
		set got [string trim [exec cat $work/answers]]
		if {$got eq $want} { return }
		after 50
	}
	puts "\nanswered '$got', not '$want'"
	exit 1
}
proc asked {} {
	hear "\[Lin's\] Touch requested to select this key: press Enter to\
touch, n + Enter to refuse\r\n"
}
spawn $token --socket $work/a.sock --state $work/a.state --name Lin's \
    --ready-fd 1
hear "a SOFTWARE key"
hear "ready\r\n"
client 0b
asked
send "\r"
answered 00
client 0b
asked
send "n\r"
answered 27
client 0b
asked
send "maybe\r"
hear "Press Enter to touch, n + Enter to refuse"
send "\r"
answered 00
# Typed before the question: no answer to it. The echo tells that it came.
send "\r\r\r"
hear "\r\n\r\n\r\n"
client 0b
asked
send "n\r"
answered 27
client $make
hear {Touch requested for rp id e.rf\u{00E9}\u{001B}[J: press Enter}
send "\r"
answered 00
send "\003"
expect eof
exit [lindex [wait] 3]
EXPECT
	if told=$(command expect "$WORK/person.exp" "$WORK" "$TOKEN" \
	    "$(make_credential "$rp")" 2>&1); then
		ok "a person at a terminal touches, refuses and is shown text"
	else
		not_ok "a person at a terminal touches, refuses and is shown text" \
		    "$told"
	fi
}

options
scripts
life
stale
state_file
models
played_persons
terminal
tap_done
