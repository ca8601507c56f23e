# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the end-to-end tests share: source it at the top of a test.
#   COUNTERSEAL, TOKEN   absolute paths of the built commands
# Everything happens in $WORK, which is short (paths of sockets are) and goes
# away at the end, together with the software keys that were started.
# shellcheck source=tests/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
COUNTERSEAL=${COUNTERSEAL:-$ROOT/build/counterseal}
TOKEN=${TOKEN:-$ROOT/build/counterseal-token}
export LC_ALL=C.UTF-8 TZ=UTC
unset COUNTERSEAL_LEDGER COUNTERSEAL_TOKEN NO_COLOR
# Nor is anything put on the clipboard of who runs the tests.
unset DISPLAY WAYLAND_DISPLAY

WORK=$(mktemp -d /tmp/cs.XXXXXX) || exit 1
# Nothing of the person who runs the tests is read or written.
export HOME=$WORK/home
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
LEDGER=$WORK/ledger.db
token_pids=()
declare -A token_of # its process, by the key's name

finish() {
	local status=$?
	[ ${#token_pids[@]} -eq 0 ] || kill "${token_pids[@]}" 2>/dev/null
	wait
	rm -rf "$WORK"
	exit "$status"
}
trap finish EXIT
trap 'exit 1' INT TERM

# Starts the software key NAME and waits until it listens. The rest are more
# of its options; without --presence it is touched always. Not in a subshell,
# as that of check(): the key would outlive the test.
token_start() { # NAME [OPTION...]
	local name=$1 presence=(--presence always) word
	shift
	for word in "$@"; do
		[ "$word" != --presence ] || presence=()
	done
	rm -f "$WORK/ready"
	mkfifo "$WORK/ready"
	"$TOKEN" --socket "$WORK/$name.sock" --state "$WORK/$name.state" \
	    --ready-fd 3 "${presence[@]}" "$@" 3>"$WORK/ready" \
	    >"$WORK/$name.log" 2>&1 </dev/null &
	token_pids+=($!)
	token_of[$name]=$!
	read -r <"$WORK/ready"
	[ "$REPLY" = ready ]
}

# Ends the software key NAME: pulled out.
token_stop() { # NAME
	kill "${token_of[$1]}" && { wait "${token_of[$1]}" 2>/dev/null || :; }
}

# Root of a user namespace with one user (unshare -r) cannot be another.
can_be_nobody() {
	setpriv --reuid 65534 true 2>/dev/null
}

# Runs a command without a terminal: standard input is the caller's; what it
# wrote comes into OUT and ERR, its exit status into STATUS.
run() { # COMMAND...
	setsid -w "$@" >"$WORK/out" 2>"$WORK/err"
	STATUS=$?
	OUT=$(cat "$WORK/out")
	ERR=$(cat "$WORK/err")
}

# The command at the desk of NAME: a home of its own, the key NAME (or that
# of KEY=name) and the ledger of LEDGER; if that is empty, the desk's own.
desk() { # NAME
	local home=$WORK/home-$1
	mkdir -p "$home"
	DESK=(env HOME="$home" XDG_STATE_HOME="$home/state"
	    XDG_DATA_HOME="$home/data"
	    COUNTERSEAL_TOKEN="unix:$WORK/${KEY:-$1}.sock")
	[ -z "$LEDGER" ] || DESK+=(COUNTERSEAL_LEDGER="$LEDGER")
}

# Where it is, if LEDGER is empty.
ledger_of() { # NAME
	printf '%s' "$WORK/home-$1/data/counterseal/ledger.db"
}

# Three desks with a ledger each: lin's is the home, mina and petr have
# joined; the folder SHARE has all of it. The ledger's id into ID.
three_desks() {
	local name
	LEDGER=
	SHARE=$WORK/share
	mkdir "$SHARE"
	for name in lin mina petr; do
		token_start "$name" || return
		at "$name" key offer --person "$name" \
		    --org 'Example Trading GmbH' -o "$WORK/$name.offer"
		[ "$STATUS" -eq 0 ] || return
	done
	at lin init --org 'Example Trading GmbH' --demo \
	    --from "$WORK/lin.offer" --from "$WORK/mina.offer" \
	    --from "$WORK/petr.offer" --json
	ID=$(printf '%s' "$OUT" | jq -r .ledger)
	at lin send "$SHARE"
	for name in mina petr; do
		at "$name" receive "$SHARE" --ledger-id "$ID"
		[ "$STATUS" -eq 0 ] || return
		at "$name" join
		[ "$STATUS" -eq 0 ] || return
	done
	round && round
}

# Everybody sends into the folder, and takes what is there.
round() {
	local name
	for name in lin mina petr; do
		at "$name" send "$SHARE"
		[ "$STATUS" -eq 0 ] || return
	done
	for name in lin mina petr; do
		at "$name" receive "$SHARE"
		[ "$STATUS" -eq 0 ] || return
	done
}

at() { # NAME ARGUMENT...
	desk "$1"
	shift
	run "${DESK[@]}" "$COUNTERSEAL" "$@"
}

# A person at a terminal at the desk of NAME, by the PLAY of on_terminal.exp;
# what stands on the terminal in the end comes into OUT.
person() { # NAME PLAY ARGUMENT...
	local play=$2
	desk "$1"
	shift 2
	OUT=$(command expect "$ROOT/tests/cli/on_terminal.exp" "$play" \
	    "${DESK[@]}" "$COUNTERSEAL" "$@" 2>&1 | tr '\r' '\n')
	ERR=
	STATUS=$(sed -n 's/^STATUS=//p' <<<"$OUT")
	# 99: the play did not come to its end.
	STATUS=${STATUS:-99}
}

# Passes if the last run ended with this status and, if a pattern (extended
# regular expression) is given, printed a line with it to either stream.
expect() { # TEXT STATUS [PATTERN]
	if [ "$STATUS" -ne "$2" ]; then
		not_ok "$1" "status $STATUS, not $2"$'\n'"$OUT"$'\n'"$ERR"
	elif [ -n "${3:-}" ] &&
	    ! printf '%s\n%s\n' "$OUT" "$ERR" | grep -Eq -- "$3"; then
		not_ok "$1" "no line with: $3"$'\n'"$OUT"$'\n'"$ERR"
	else
		ok "$1"
	fi
}

# Passes if the program jq says true of standard output's one object.
expect_json() { # TEXT STATUS PROGRAM
	if [ "$STATUS" -ne "$2" ]; then
		not_ok "$1" "status $STATUS, not $2"$'\n'"$OUT"$'\n'"$ERR"
	elif ! printf '%s' "$OUT" | jq -es "(length == 1) and (.[0] | $3)" \
	    >/dev/null 2>&1; then
		not_ok "$1" "not so: $3"$'\n'"$OUT"
	else
		ok "$1"
	fi
}

# The change that the last --json run was about: "3-7hq3".
change_name() {
	printf '%s' "$OUT" | jq -r .name
}

# A demonstration ledger of lin (who asks and enters) and mina (who approves;
# both are admins), each with a software key of that name.
demo_ledger() {
	token_start lin && token_start mina || return
	at lin key offer --person lin --org 'Example Trading GmbH' \
	    -o "$WORK/lin.offer"
	[ "$STATUS" -eq 0 ] || return
	at mina key offer --person mina --org 'Example Trading GmbH' \
	    -o "$WORK/mina.offer"
	[ "$STATUS" -eq 0 ] || return
	at lin init --org 'Example Trading GmbH' --demo \
	    --from "$WORK/lin.offer=operator,admin" \
	    --from "$WORK/mina.offer=approver,admin"
	[ "$STATUS" -eq 0 ] || return
	at mina join
	[ "$STATUS" -eq 0 ]
}

# A payout account in the form that `request --from` reads.
account() { # IBAN [HOLDER]
	printf 'holder: %s\niban: %s\n' "${2:-Example Trading GmbH}" "$1"
}

# Somebody countersigns, with the account as the source document has it.
approve() { # NAME CHANGE IBAN [ARGUMENT...]
	local name=$1 change=$2
	printf 'iban: %s\n' "$3" >"$WORK/letter"
	shift 3
	at "$name" approve "$change" --reenter-from "$WORK/letter" "$@"
}

# lin asks for a payout account of main-de; the change's name into CHANGE.
ask() { # IBAN
	account "$1" >"$WORK/account"
	at lin request payout.iban --store main-de --from "$WORK/account" \
	    --json
	# shellcheck disable=SC2034 # read by the tests
	CHANGE=$(change_name)
	[ "$STATUS" -eq 0 ]
}

# Makes what in_days() needs; fails if it cannot be made, or not be loaded.
clock_ahead() {
	cat >"$WORK/ahead.c" <<'END'
#define _GNU_SOURCE
#include <stdlib.h>
#include <time.h>
time_t
time(time_t *out)
{
	const char *ahead = getenv("AHEAD");
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += ahead != NULL ? atol(ahead) : 0;
	if (out != NULL)
		*out = ts.tv_sec;
	return ts.tv_sec;
}
END
	"${CC:-cc}" -shared -fPIC -o "$WORK/ahead.so" "$WORK/ahead.c" &&
	    [ "$(AHEAD=86400 LD_PRELOAD="$WORK/ahead.so" \
	        "$COUNTERSEAL" --version 2>&1)" = \
	        "$("$COUNTERSEAL" --version)" ]
}

# The command at the desk of NAME, so many seconds ahead.
in_seconds() { # SECONDS NAME ARGUMENT...
	local seconds=$1
	desk "$2"
	shift 2
	run "${DESK[@]}" AHEAD="$seconds" LD_PRELOAD="$WORK/ahead.so" \
	    "$COUNTERSEAL" "$@"
}
