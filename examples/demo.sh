#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A payout change from the request to the proof, at two desks that share a
# folder and nothing else, with two security keys in software; on one machine,
# without a network. Run it by `make demo`, or:
#   examples/demo.sh [FOLDER]
#   FOLDER      for the desks and the keys; made anew (default: BUILD/demo)
#   BUILD=build where counterseal and counterseal-token were built
# The last line is `demo: ok`; or the exit status is 1, and the last line tells
# which command did not do what it must.
set -u

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$(realpath -m "${BUILD:-$ROOT/build}")
FOLDER=$(realpath -m "${1:-$BUILD/demo}")
MARK=.counterseal-demo
FILES=(altered.db short.db
    lin.key lin.key.lock mina.key mina.key.lock lin.env mina.env
    lin.offer mina.offer lin mina you exchange
    payout-today.txt payout-change.txt letter-today.txt letter-change.txt
    output ssh fido2)
TMPDIR=${TMPDIR:-/tmp}
export LC_ALL=C.UTF-8
unset COUNTERSEAL_LEDGER COUNTERSEAL_TOKEN
# What a desk has and remembers stays in this folder, too.
export XDG_CONFIG_HOME=$FOLDER/you XDG_DATA_HOME=$FOLDER/you
export XDG_STATE_HOME=$FOLDER/you
LEDGER=lin/counterseal/ledger.db # where lin's desk keeps it

sockets=
keys=()
left_out=()

clean_up() {
	local status=$?
	[ ${#keys[@]} -eq 0 ] || kill "${keys[@]}" 2>/dev/null
	wait
	[ -z "$sockets" ] || rm -rf "$sockets"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

fail() {
	printf '\ndemo: FAILED: %s\n' "$1" >&2
	exit 1
}

say() {
	printf '\n'
	printf '%s\n' "$@" | fold -s -w 76 | sed 's/^/# /; s/ *$//'
}

# The command at that person's desk; "you" has no desk. It must end with this
# status and, for each pattern, print a line with it.
play() { # PERSON STATUS COMMAND [PATTERN...]
	local who=$1 want=$2 command=$3 status pattern prompt="$1\$"
	[ "$who" != you ] || prompt="\$"
	shift 3
	printf '\n%s %s\n' "$prompt" "$command"
	(
		# shellcheck disable=SC1090 # made by make_desk
		[ "$who" = you ] || . "./$who.env"
		# Without a terminal, so that all of it is in the transcript.
		exec setsid -w bash -c "$command" </dev/null 2>&1
	) | tee output
	status=${PIPESTATUS[0]}
	[ "$status" -eq 0 ] || printf '[exit status %d]\n' "$status"
	[ "$status" -eq "$want" ] ||
	    fail "exit status $status, not $want: $command"
	for pattern in "$@"; do
		grep -Eq -- "$pattern" output ||
		    fail "no line with \"$pattern\": $command"
	done
}

# True if a tool that other people made is here.
have() { # COMMAND PACKAGE
	command -v "$1" >/dev/null 2>&1 && return
	printf '\n(%s is not installed, Debian package %s: left out)\n' \
	    "$1" "$2"
	left_out+=("$1")
	return 1
}

# Makes FOLDER, or empties it if an earlier run made it; nothing that is
# anybody's own is touched.
make_folder() {
	{ mkdir -p "$FOLDER" && cd "$FOLDER"; } || fail "cannot use $FOLDER"
	if [ -e "$MARK" ]; then
		rm -rf -- "${FILES[@]}" || fail "cannot empty $FOLDER"
	elif [ -n "$(ls -A)" ]; then
		fail "$FOLDER is not empty and not from an earlier run"
	fi
	: >"$MARK" || fail "cannot write in $FOLDER"
}

# A person's desk: a ledger, settings and memory of its own, and the way to
# the key. Where the keys run by hand, their sockets are in this folder.
make_desk() { # PERSON
	mkdir "$1" || fail "cannot write in $FOLDER"
	cat >"$1.env" <<-END
		# The desk of $1, for a shell in this folder: . ./$1.env
		PATH=$(printf %q "$BUILD"):\$PATH
		export COUNTERSEAL_TOKEN="unix:\${SOCKETS:-.}/$1.sock"
		export XDG_CONFIG_HOME=$(printf %q "$FOLDER/$1")
		export XDG_DATA_HOME=$(printf %q "$FOLDER/$1")
		export XDG_STATE_HOME=$(printf %q "$FOLDER/$1")
	END
}

# Starts the person's key and waits until it listens.
start_key() { # PERSON
	local answer=
	mkfifo "$sockets/$1.ready"
	printf '\n%s$ counterseal-token --socket %s --state %s' \
	    "$1" "$sockets/$1.sock" "$1.key"
	printf ' \\\n    --presence always &\n'
	"$BUILD/counterseal-token" --socket "$sockets/$1.sock" \
	    --state "$1.key" --presence always --ready-fd 3 \
	    3>"$sockets/$1.ready" </dev/null 2>"$sockets/$1.log" &
	keys+=($!)
	read -r -t 30 answer <"$sockets/$1.ready"
	cat "$sockets/$1.log"
	[ "$answer" = ready ] || fail "counterseal-token for $1"
}

prepare() {
	{ [ -x "$BUILD/counterseal" ] && [ -x "$BUILD/counterseal-token" ]; } ||
	    fail "nothing was built in $BUILD: run make first"
	make_folder
	cp "$ROOT"/examples/{payout,letter}-{today,change}.txt .
	# The path of a socket has room for 107 bytes.
	[ "${#TMPDIR}" -lt 60 ] || TMPDIR=/tmp
	sockets=$(mktemp -d "$TMPDIR/cs-demo.XXXXXX") || fail "mktemp"
	export SOCKETS=$sockets
	make_desk lin
	make_desk mina
	mkdir exchange || fail "cannot write in $FOLDER"
}

# From one desk to the other, through the folder.
pass_on() { # FROM TO [PATTERN...]
	local from=$1 to=$2
	shift 2
	play "$from" 0 "counterseal send exchange" 'new file'
	play "$to" 0 "counterseal receive exchange" "$@"
}

found_ledger() {
	local id
	say "Two people of one company: Lin looks after its stores, Mina after \
its money. Each has a desk, which would be a machine of its own, and a \
security key. Here both keys are programs that nobody has to touch; \
everything else is as with real ones. What stands before the \$ is whose desk \
it is."
	start_key lin
	start_key mina
	say "Each makes a new credential on the key, and offers it."
	play lin 0 "counterseal key offer --person lin \\
    --org 'Example Trading GmbH' -o lin.offer"
	play mina 0 "counterseal key offer --person mina \\
    --org 'Example Trading GmbH' -o mina.offer"
	say "Lin founds the ledger from both offers, and says who may do what. \
Lin's desk is its home: here entries are appended."
	play lin 0 "counterseal init --org 'Example Trading GmbH' --demo \\
    --from lin.offer=operator,admin --from mina.offer=approver,admin"
	id=$(sed -n 's/^id  *//p' output)
	[ -n "$id" ] || fail "no ledger id: counterseal init"
	say "The two desks share one folder, as of a network drive or a file \
service; mail does as well. Files in it are never altered, and values in them \
are encrypted to the desks. Mina's desk gets a replica of the ledger that has \
the id which Lin told her."
	play lin 0 "counterseal send exchange" 'new file'
	play mina 0 "counterseal receive exchange \\
    --ledger-id $id"
	say "The ledger opens when Mina has agreed to it, with her key. What she \
seals is kept at her desk until the home has it."
	play mina 0 "counterseal join" 'kept here'
	pass_on mina lin 'join by mina: .*appended'
}

record_today() {
	say "First the account that the store is paid to today. That is a \
baseline: nothing has to be entered anywhere, but both must agree to it."
	play lin 0 "cat payout-today.txt"
	play lin 0 "counterseal request payout.iban --store main-de \\
    --op baseline --from payout-today.txt" 'Tell mina'
	pass_on lin mina
	say "Before she is shown anything, Mina types the account herself, from \
where it really stands. At a terminal she is asked for it; here it comes from a \
file. Lin's values open at her desk only if it is the same."
	play mina 0 "cat letter-today.txt"
	play mina 0 "counterseal approve 2 --reenter-from letter-today.txt" \
	    'typed again.*IBAN' 'kept here'
	pass_on mina lin 'approve of #2.* by mina: .*appended'
}

change_account() {
	say "Now the bank sends a letter with a new account number. Lin asks \
for exactly that change, before anything is edited in the seller console. \
The panel shows the old account beside the new one."
	play lin 0 "cat payout-change.txt"
	play lin 0 "counterseal request payout.iban --store main-de \\
    --from payout-change.txt" 'DE89 3704.*DE02 1203|DE02 1203' 'Tell mina'
	say "Could Lin wave it through alone? No: whoever asks never approves, \
whichever key is used. Exit status 1 is a clear no."
	play lin 1 "counterseal approve 4" 'approver-is-requester'
	pass_on lin mina
	say "Mina is told what waits for her. Suppose that a program had put \
another account into Lin's request: then what stands in the letter would not \
be what Lin asked for, and Mina would hear it. Here it is the other way round: \
she takes the wrong letter."
	play mina 0 "counterseal" 'counterseal approve 4'
	play mina 1 "counterseal approve 4 --reenter-from letter-today.txt" \
	    'iban: differs'
	say "With the right one she sees old and new, which her own desk has \
verified, and countersigns."
	play mina 0 "cat letter-change.txt"
	play mina 0 "counterseal approve 4 --reenter-from letter-change.txt" \
	    'kept here'
	pass_on mina lin 'approve of #4.* by mina: .*appended'
	say "Only now Lin edits the account in the console, and seals that it \
was entered so. That puts the new account in force."
	play lin 0 "counterseal apply 4 --yes" 'in force'
	pass_on lin mina
	play mina 0 "counterseal state" 'DE02 .... 2051'
}

prove_it() {
	local root
	say "Anybody who has the ledger can check all of it, without a key and \
without a network: every signature, and every rule at every entry."
	play lin 0 "counterseal verify" 'findings: none' 'signatures +7 of 7'
	root=$(sed -n 's/^ *root *//p' output)
	say "At Mina's desk it is the same: one head, made of every entry. Two \
people who read it to each other have the same ledger."
	play mina 0 "counterseal verify" 'findings: none' 'signatures +7 of 7' \
	    "root +${root:-missing}"
	play you 0 "counterseal log --ledger $LEDGER" 'approve +mina'
}

cross_check() {
	say "Nor need anybody trust Counterseal for the signatures. The same \
touches verify with tools that other people made: first OpenSSH, on Mina's \
approval, which is entry 5."
	play you 0 "counterseal export 4 --format ssh -o ssh \\
    --ledger $LEDGER" '5-approve-mina'
	have ssh-keygen openssh-client &&
	    play you 0 "ssh-keygen -Y verify -f ssh/5-approve-mina/allowed_signers \\
    -I mina -n counterseal -s ssh/5-approve-mina/message.sig \\
    <ssh/5-approve-mina/message" '^Good "counterseal" signature for mina'
	say "ssh-keygen asks neither for the touch nor for the PIN. \
fido2-assert does, with -p and -v; it prints nothing if all is well."
	play you 0 "counterseal export 4 --format fido2-assert -o fido2 \\
    --ledger $LEDGER" '5-approve-mina'
	have fido2-assert fido2-tools &&
	    play you 0 "fido2-assert -V -p -v -i fido2/5-approve-mina/assert.txt \\
    fido2/5-approve-mina/pubkey.pem es256"
	say "And OpenSSL alone, on the bytes that the key signed."
	have openssl openssl &&
	    play you 0 "openssl dgst -sha256 \\
    -verify fido2/5-approve-mina/pubkey.pem \\
    -signature fido2/5-approve-mina/signature.der \\
    fido2/5-approve-mina/signed.bin" '^Verified OK'
	:
}

alter_a_copy() {
	have sqlite3 sqlite3 || return
	say "Last, somebody who can write the file alters one byte in a copy of \
the ledger: the change that was asked for main-de is to be one for main-dk. verify names the entry, and exits with 1."
	play you 0 "cp $LEDGER altered.db"
	play you 0 "sqlite3 altered.db '.dbconfig enable_trigger off' \"
    UPDATE entry SET body = CAST(replace(body, 'main-de', 'main-dk') AS BLOB)
    WHERE idx = 4\""
	play you 1 "counterseal verify altered.db" 'entry 4'
	say "With the last entry cut off, what is left is in good order. But this \
desk has read the log, so it remembers that there was more."
	play you 0 "cp $LEDGER short.db"
	play you 0 "sqlite3 short.db '.dbconfig enable_trigger off' \"
    DELETE FROM entry WHERE idx = 6;
    DELETE FROM node WHERE level = 0 AND idx = 6\""
	play you 1 "counterseal verify short.db" 'memory-shrank'
	say "The ledger itself is as it was."
	play you 0 "counterseal verify $LEDGER" 'findings: none'
}

go_on() {
	cat <<-END

		The desks and the keys are in
		  $FOLDER

		To go on by hand, in terminals that each begin with
		  cd $(printf %q "$FOLDER")
		Mina's key and Lin's; Enter is the touch:
		  . ./mina.env; counterseal-token --socket mina.sock --state mina.key --name mina
		  . ./lin.env; counterseal-token --socket lin.sock --state lin.key --name lin
		Lin's desk, then Mina's:
		  . ./lin.env; counterseal request payout.iban --store main-de
		  . ./mina.env; counterseal
		Both desks see what the other does while these run, in two more:
		  . ./lin.env; counterseal receive exchange --follow
		  . ./mina.env; counterseal receive exchange --follow
	END
	[ ${#left_out[@]} -eq 0 ] ||
	    printf '\nLeft out, because they are not installed: %s\n' \
		"${left_out[*]}"
}

prepare
PATH=$BUILD:$PATH
found_ledger
record_today
change_account
prove_it
cross_check
alter_a_copy
rm -f output
go_on
printf '\ndemo: ok\n'
