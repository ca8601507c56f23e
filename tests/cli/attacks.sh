#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Attacks of docs/threats.md, played to their end between two desks: malware
# at the requester's that exchanges the account (2), that also shows him what
# he typed (3), that exchanges it on its way into the console (4); and a
# manager who taps without looking (20).
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

MEANT=DE89370400440532013000 # made of published test values
STOLEN=DE44500105175407324931
PRETTY_MEANT='DE89 3704 0044 0532 0130 00'
PRETTY_STOLEN='DE44 5001 0517 5407 3249 31'

CLEAN=$COUNTERSEAL
mkdir "$WORK/malware"

# Malware in front of the command at lin's desk: what he has typed into a file
# is another account by the time the command reads it. With `lies` it also
# has the screen say what he typed.
cat >"$WORK/malware/counterseal" <<END
#!/bin/bash
for file in "\$@"; do
	[ ! -f "\$file" ] || sed -i 's/$MEANT/$STOLEN/' "\$file"
done
if [ -e "$WORK/malware/lies" ]; then
	"$CLEAN" "\$@" 2> >(sed 's/$PRETTY_STOLEN/$PRETTY_MEANT/; s/$STOLEN/$MEANT/' >&2)
else
	exec "$CLEAN" "\$@"
fi
END
chmod +x "$WORK/malware/counterseal"

infected() { # ARGUMENT...
	COUNTERSEAL=$WORK/malware/counterseal at lin "$@"
}

# What lin types at his infected desk; the change's name into N.
asked_infected() {
	account "$MEANT" >"$WORK/account"
	infected request payout.iban --store main-de --from "$WORK/account" \
	    --json
	N=$(change_name)
	[ "$STATUS" -eq 0 ]
}

pass_on() { # FROM TO
	at "$1" send "$SHARE"
	[ "$STATUS" -eq 0 ] || return
	at "$2" receive "$SHARE"
	[ "$STATUS" -eq 0 ]
}

# What the gate says at lin's desk to a program with the stolen account.
stays_shut() { # TEXT
	account "$STOLEN" >"$WORK/values"
	at lin gate "$N" --from "$WORK/values" --allow-demo --allow-unproven
	expect "$1: no program enters it" 1 '^no: '
	at lin apply "$N" --yes
	expect "$1: nor does a person" 1
}

three_desks
check "three desks" [ $? -eq 0 ]

# ---- 2: another account is asked for than was typed ----

asked_infected
expect "2: the request is sealed, with another account" 0
check "2: the panel shows it, to who looks" grep -q "$PRETTY_STOLEN" <<<"$ERR"
check "2: it reaches mina" pass_on lin mina
approve mina "$N" "$MEANT"
expect "2: what stands in the letter differs" 1 'iban: differs from what lin'
check_silent "2: nothing of the account is told" \
    grep -E 'DE44|4931' <<<"$OUT$ERR"
at mina reject "$N" --reason reentry_mismatch
expect "2: she rejects it" 0
check "2: and lin's desk hears it" pass_on mina lin
stays_shut "2"
at lin show "$N" --json
expect_json "2: the change is over" 0 '.status == "rejected"'

# ---- 3: the panel shows one account, the key seals another ----

touch "$WORK/malware/lies"
asked_infected
expect "3: the request is sealed" 0
check "3: lin's panel shows what he typed" grep -q "$PRETTY_MEANT" <<<"$ERR"
check_silent "3: and nothing else" grep -q "$PRETTY_STOLEN" <<<"$ERR"
check "3: it reaches mina" pass_on lin mina
for try in 1 2 3; do
	approve mina "$N" "$MEANT"
	expect "3: the letter differs, try $try" 1 'iban: differs'
done
approve mina "$N" "$STOLEN"
expect "3: who goes on guessing is stopped" 1 'it differed 3 times'
at mina show "$N" --json
expect_json "3: the account never opened at her desk" 0 \
    '[.fields[] | select(.name == "iban") | .value] == [null]'
stays_shut "3"
rm "$WORK/malware/lies"
at lin withdraw "$N"
expect "3: taken back" 0

# ---- 4: the clipboard on its way into the console ----

# A clipboard of its own, and a console into which it is pasted. A clipper at
# work (`clip.swap`) exchanges it for all; a finer one (`clip.fine`) lies to
# the browser alone.
mkdir "$WORK/bin"
cat >"$WORK/bin/xclip" <<END
#!/bin/sh
case \$* in
*-out)
	[ -s $WORK/clip ] || exit 1
	if [ -n "\${BROWSER:-}" ] && [ -e $WORK/clip.fine ] &&
	    grep -q '^DE' $WORK/clip; then
		printf %s $STOLEN
	else
		cat $WORK/clip
	fi ;;
*)
	cat >$WORK/clip
	if [ -e $WORK/clip.swap ] && grep -q '^DE' $WORK/clip; then
		printf %s $STOLEN >$WORK/clip
	fi ;;
esac
END
# The console: takes what is pasted, and shows the end of it.
cat >"$WORK/bin/console" <<END
#!/bin/sh
case \$1 in
paste) BROWSER=1 xclip -selection clipboard -out >>$WORK/console
	echo >>$WORK/console ;;
tail) tail -n 1 $WORK/console | grep -o '....\$' ;;
esac
END
chmod +x "$WORK/bin/xclip" "$WORK/bin/console"
export PATH=$WORK/bin:$PATH

# Enters a change at lin's desk, pasting at each prompt. SHOWS asks for what
# the console shows; the answers to the questions behind that follow.
cat >"$WORK/enter.exp" <<'END'
set timeout 60
spawn -noecho {*}$argv
expect {
	"paste it, then press Enter: " {
		exec console paste
		send "\r"
		exp_continue
	}
	"take it? " { send "y\r"; exp_continue }
	"holder: " { send "\r"; exp_continue }
	"3 or more: " { send "[exec console tail]\r"; exp_continue }
	"two letters: " { send "\r"; exp_continue }
	"something else? " { send "y\r"; exp_continue }
	eof
}
puts "STATUS=[lindex [wait] 3]"
END
enter() {
	rm -f "$WORK/console"
	desk lin
	OUT=$(command expect "$WORK/enter.exp" "${DESK[@]}" "$COUNTERSEAL" \
	    apply "$N" --clipboard xclip 2>&1 | tr -s '\r\n ' ' ')
	ERR=
	STATUS=$(sed -n 's/.*STATUS=\([0-9]*\).*/\1/p' <<<"$OUT")
	STATUS=${STATUS:-99}
}

# lin asks, at a clean desk, mina approves.
agreed() {
	account "$MEANT" >"$WORK/account"
	at lin request payout.iban --store main-de --from "$WORK/account" \
	    --json
	N=$(change_name)
	pass_on lin mina && approve mina "$N" "$MEANT" && pass_on mina lin
}

agreed
touch "$WORK/clip.swap"
enter
expect "4: a clipper is told, in the middle of it" 1 \
    'changed to DE44\.\.\.\. between copy and paste: stop, this machine may be'
check_silent "4: nothing of the account got into the console" \
    grep -E 'DE44|DE89' "$WORK/console"
at lin show "$N" --json
expect_json "4: and nothing is sealed" 0 '.status == "approved"'
check "4: the clipboard is cleared" [ ! -s "$WORK/clip" ]
rm "$WORK/clip.swap"

touch "$WORK/clip.fine"
enter
check "4: a finer one gets its account into the console" \
    grep -q "$STOLEN" "$WORK/console"
expect "4: but the read-back differs" 1 'Not what was approved: iban_tail'
expect "4: and that is sealed" 1 'not what the console shows, as told by lin'
at lin gate "$N" --from "$WORK/account" --allow-demo --allow-unproven
expect "4: the change is over" 1 '^no: ended'

# Whoever says that all is well is found by the next one who looks.
agreed
rm -f "$WORK/console"
printf %s "$MEANT" >"$WORK/clip"
console paste
at lin apply "$N" --yes
expect "4: entered without a read-back" 0 'in force'
check "4: mina hears it" pass_on lin mina
at mina observe --store main-de "iban_tail=$(console tail)"
expect "4: another person's look finds it" 1
check "4: lin's desk hears that" pass_on mina lin
account "$MEANT" >"$WORK/account"
at lin request payout.iban --store main-de --from "$WORK/account" --json
N=$(change_name)
check "4: the next change reaches mina" pass_on lin mina
approve mina "$N" "$MEANT"
expect "4: the store is frozen" 1 'store-frozen'
rm "$WORK/clip.fine"

# ---- 20: a manager who taps without looking ----

account "$STOLEN" >"$WORK/account"
at lin request payout.iban --store main-fr --from "$WORK/account" --json
N=$(change_name)
pass_on lin mina
person mina '{IBAN: $} "\r" {IBAN: $} "\r" {IBAN: $} "\r"' approve "$N"
expect "20: Enter alone approves nothing" 2 'iban: '
check_silent "20: his key is not even asked" grep 'Touch your key' <<<"$OUT"
person mina '{IBAN: $} "DE89370400440532013000\r"
    {IBAN: $} "DE89370400440532013000\r" {IBAN: $} "DE89370400440532013000\r"
    {\[y/N\] $} "\r"' approve "$N"
expect "20: nor does typing what he had before" 1 'not approved'
check_silent "20: his key is not asked for that" \
    grep 'Touch your key' <<<"$OUT"
at mina approve "$N" --json </dev/null
expect "20: nor is a pipe a person" 2 'is to be typed from the source document'

for name in lin mina petr; do
	at "$name" verify --json
	expect_json "all of it is in order at $name's desk" 0 \
	    '.valid and ([.findings[] | select(.grade == "error")] == [])'
done
tap_done
