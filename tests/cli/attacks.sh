#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Attacks of docs/threats.md, played to their end between three desks: somebody
# with the console's password (1); malware at the requester's that exchanges
# the account (2), that also shows him what he typed (3), that exchanges it on
# its way into the console (4), and malware at both desks (5); and a manager
# who taps without looking (20).
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

infected() { # NAME ARGUMENT...
	COUNTERSEAL=$WORK/malware/counterseal at "$@"
}

# What lin types at his infected desk; the change's name into N.
asked_infected() { # [STORE]
	account "$MEANT" >"$WORK/account"
	infected lin request payout.iban --store "${1:-main-de}" \
	    --from "$WORK/account" --json
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

# ---- 1: the console is edited with its password ----

account "$MEANT" >"$WORK/account"
at lin request payout.iban --store main-it --from "$WORK/account" --json
N=$(change_name)
pass_on lin mina
approve mina "$N" "$MEANT"
pass_on mina lin
at lin apply "$N" --yes
expect "1: an account is in force" 0
check "1: which petr's desk knows" pass_on lin petr

# What the console's interface answers, before and after somebody edited it.
shown() { # TAIL
	jq ".paymentMethods[0].tail = \"$1\" |
	    .paymentMethods[0].accountHolderName = \"Example Trading GmbH\"" \
	    "$ROOT/examples/sp-api-payment-methods.json" |
	    "$ROOT/examples/observe-sp-api.sh" main-it >"$WORK/reading"
}
shown 3000
at petr observe --from "$WORK/reading"
expect "1: the script that looks sees it" 0 'MATCH: main-it'
check "1: which confirms it" pass_on petr lin
check "1: and comes back" pass_on lin petr
shown 4931
at petr observe --from "$WORK/reading"
expect "1: an edit that nobody asked for is drift" 1 \
    'DRIFT: main-it shows an account ending 4931; approved since'
check "1: the home hears it" pass_on petr lin
at lin status
expect "1: and the store is frozen" 0 'main-it'
at lin request payout.iban --store main-it --from "$WORK/account" --json
N=$(change_name)
pass_on lin mina
approve mina "$N" "$MEANT"
expect "1: nothing is approved there until it is lifted" 1 'store-frozen'

# ---- 5: malware at both desks ----

# Open, as the table says: two seals stand for an account that nobody typed.
asked_infected main-es
expect "5: the request is sealed, with another account" 0
pass_on lin mina
printf 'iban: %s\n' "$MEANT" >"$WORK/letter"
infected mina approve "$N" --reenter-from "$WORK/letter"
expect "5: what mina typed is exchanged, and fits" 0
pass_on mina lin
at lin apply "$N" --yes
expect "5: it is entered" 0
at lin verify --json
expect_json "5: no rule is broken" 0 \
    '[.findings[] | select(.grade == "error")] == []'
at lin log --json
check "5: the ledger says who claims to have typed it" \
    [ "$(jq -r 'select(.act == "approve" and .name == "'"$N"'") | .person' \
	<<<"$OUT")" = mina ]
# A third person, at a third desk, with the bank's letter.
check "5: petr's desk has it" pass_on lin petr
jq -n --arg iban "$MEANT" \
    '{store: "main-es", source: "letter", fields: {iban: $iban}}' \
    >"$WORK/reading"
at petr observe --from "$WORK/reading"
expect "5: who compares it with the letter finds it" 1 'main-es'
pass_on petr lin
at lin status --json
expect_json "5: and the store is frozen" 0 \
    '[.frozen[].store] | index("main-es") != null'

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
