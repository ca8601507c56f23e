#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The approved values are handed over one by one, to a clipboard that is
# watched and cleared, or on the screen; the clipboards are scripts that keep
# a file.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

FIRST=DE89370400440532013000 # made of published test values
SECOND=DE02120300000000202051
STOLEN=DE44500105175407324931

CLIP=$WORK/clip # what the clipboard holds
CONFIG=$WORK/home-lin/.config/counterseal/config.ini
mkdir -p "$WORK/bin" "$WORK/wayland"
export PATH=$WORK/bin:$PATH


# A clipboard's programs. Files beside it say what goes wrong: `early` is put
# there at once by somebody else, `late` after the first look, `hang` is a pipe
# that nobody writes to and is waited for once; with `fail` all of them fail.
fake() { # NAME FOLDER
	cat >"$2/$1" <<-END
		#!/bin/sh
		printf '%s\n' "$1 \$*" >>$CLIP.log
		[ ! -e $CLIP.fail ] || exit 1
		if mv $CLIP.hang $CLIP.hung 2>/dev/null; then
			echo HANGS >/dev/tty
			read -r _ <$CLIP.hung
		fi
		case "$1 \$*" in
		*-out | *--output | wl-paste*)
			[ -s $CLIP ] || exit 1
			cat $CLIP
			[ ! -e $CLIP.late ] || cp $CLIP.late $CLIP ;;
		*--clear) : >$CLIP ;;
		*)
			cat >$CLIP.new
			cat $CLIP.new >>$CLIP.all
			echo >>$CLIP.all
			if [ -e $CLIP.early ] && [ -s $CLIP.new ]; then
				cp $CLIP.early $CLIP.new
			fi
			mv $CLIP.new $CLIP ;;
		esac
	END
	chmod +x "$2/$1"
}

anew() {
	rm -f "$CLIP" "$CLIP".*
	: >"$CLIP.log"
}

# lin asks, mina approves; the change's name into N.
approved() { # IBAN
	ask "$1"
	N=$CHANGE
	approve mina "$N" "$1"
	[ "$STATUS" -eq 0 ]
}

still_approved() { # TEXT
	at lin show "$N" --json
	expect_json "$1: nothing is sealed" 0 '.status == "approved"'
}

cleared() { # TEXT
	check "$1: the clipboard is cleared" [ ! -s "$CLIP" ]
}

demo_ledger
expect "a ledger to begin with" 0

# ---- on the screen ----

approved "$FIRST"
anew
person lin '{1 of 2  Account holder +Example Trading GmbH.*enter it.*Enter: $}
    "\r" {2 of 2  IBAN +DE89 3704 0044 0532 0130 00.*Enter: $} "\r"
    {\[y/N\] $} "n\r" {\[y/N\] $} "n\r"' apply "$N"
expect "without a clipboard from the screen" 1 'not confirmed'
check "and none is used" [ ! -s "$CLIP.log" ]
person lin '{Enter: $} "\003"' apply "$N"
expect "Ctrl-C at the first value" 130
check "the terminal is as it was" grep -q '^TERMINAL=same' <<<"$OUT"
still_approved "after both"

# ---- which clipboard ----

at lin apply "$N" --yes --clipboard paper
expect "an unknown clipboard" 2 \
    '--clipboard: no such word.*wl-copy, xclip, xsel, osc52 or none'
at lin apply "$N" --yes --clipboard wl-copy
expect "one that is not installed" 2 'wl-copy is not installed'
fake wl-copy "$WORK/bin"
at lin apply "$N" --yes --clipboard wl-copy
expect "one that cannot be read" 2 'no wl-paste in PATH'
(cd "$WORK/bin" && PATH=.:/usr/bin:/bin at lin apply "$N" --yes \
    --clipboard wl-copy && [ "$STATUS" -eq 2 ])
check "a relative folder of PATH is passed over" [ $? -eq 0 ]
at lin apply "$N" --yes --clipboard osc52
expect "OSC 52 needs leave" 2 'osc52 = allowed'
mkdir -p "${CONFIG%/*}"
printf '[desk]\nclipboard = paper\n' >"$CONFIG"
at lin apply "$N" --yes
expect "config.ini: an unknown clipboard" 2 'line 2: clipboard: no such word'
printf '[desk]\nosc52 = yes\n' >"$CONFIG"
at lin apply "$N" --yes
expect "config.ini: allowed or refused" 2 'line 2: osc52: is either'
printf '[desk]\nosc52 = refused\nosc52 = allowed\n' >"$CONFIG"
at lin apply "$N" --yes
expect "config.ini: given twice" 2 'line 3: osc52: given twice'
printf '[desk]\nosc52 = refused\nclipboard = osc52\n' >"$CONFIG"
at lin apply "$N" --yes
expect "config.ini: not against itself" 2 'clipboard: .*osc52 = allowed'
rm "$CONFIG"
still_approved "by all that"

for program in xclip xsel wl-copy wl-paste; do
	fake "$program" "$WORK/bin"
done
each=('{1 of 2.*copied; paste it, then press Enter: $} "\r"
    {2 of 2.*copied.*Enter: $} "\r" {\[y/N\] $} "n\r" {\[y/N\] $} "n\r"')
for word in wl-copy xclip xsel; do
	anew
	person lin "${each[0]}" apply "$N" --clipboard "$word"
	expect "$word: both values" 1 'not confirmed'
	check "$word: in the console's order" [ "$(head -n 2 "$CLIP.all")" = \
	    "Example Trading GmbH"$'\n'"$FIRST" ]
	cleared "$word"
	check_silent "$word: no value is an argument" \
	    grep -E '3704|GmbH' "$CLIP.log"
done
check "xclip: as it is told to be used" [ "$(grep -c \
    '^xclip -selection clipboard -\(in\|out\)$' "$CLIP.log")" -eq 0 ]
anew
WAYLAND_DISPLAY=wayland-1 DISPLAY=:0 person lin "${each[0]}" apply "$N"
check "offered: a Wayland desk" grep -q '^wl-copy --type' "$CLIP.log"
anew
DISPLAY=:0 person lin "${each[0]}" apply "$N"
check "offered: an X11 desk" grep -q '^xclip -sel' "$CLIP.log"
rm "$WORK/bin/xclip"
anew
DISPLAY=:0 person lin "${each[0]}" apply "$N"
check "offered: what is installed" grep -q '^xsel --clip' "$CLIP.log"
fake xclip "$WORK/bin"
printf '[desk]\nclipboard = xsel\n' >"$CONFIG"
anew
DISPLAY=:0 person lin "${each[0]}" apply "$N"
check "config.ini comes before what is offered" \
    grep -q '^xsel --clip' "$CLIP.log"
anew
DISPLAY=:0 person lin "${each[0]}" apply "$N" --clipboard xclip
check "the option before config.ini" grep -q '^xclip -sel' "$CLIP.log"
rm "$CONFIG"
still_approved "by all that"

# ---- who is not at the console ----

anew
person lin '{copied.*Enter: $} "DE89\r"
    {That came here, and not into the console.*Enter: $} "\003"' \
    apply "$N" --clipboard xclip
expect "pasted into the terminal; Ctrl-C" 130
cleared "Ctrl-C"
check "Ctrl-C: the terminal is as it was" grep -q '^TERMINAL=same' <<<"$OUT"
anew
mkfifo "$CLIP.hang"
person lin '{HANGS} "\003"' apply "$N" --clipboard xclip
expect "Ctrl-C while a program hangs" 130
anew
mkfifo "$CLIP.hang"
person lin '' apply "$N" --clipboard xclip
expect "a program that hangs is not waited for for long" 4 \
    'xclip does not end, so the clipboard cannot be used'
anew
touch "$CLIP.fail"
person lin '' apply "$N" --clipboard xclip
expect "a clipboard that fails" 4 'xclip failed, so the clipboard cannot be'
expect "with the way out" 4 '--clipboard none shows the values'
expect "that it may not be clear is told" 4 'clear it yourself'
still_approved "a clipboard that fails"

# ---- a clipper ----

anew
printf %s "$STOLEN" >"$CLIP.early"
person lin '' apply "$N" --clipboard xclip
expect "exchanged at once" 1 \
    'holder: the clipboard changed to DE44\.\.\.\. between copy and paste'
check "exchanged at once: no more of it is shown" \
    [ "$(grep -c 5001 <<<"$OUT")" -eq 0 ]
check "exchanged at once: nobody is asked to paste it" \
    [ "$(grep -c 'paste it' <<<"$OUT")" -eq 0 ]
cleared "exchanged at once"
still_approved "exchanged at once"
anew
printf %s "$STOLEN" >"$CLIP.late"
person lin '{copied.*Enter: $} "\r"' apply "$N" --clipboard xclip
expect "exchanged after the copy" 1 'changed to DE44\.\.\.\. '
OUT=$(tr -s ' \n' ' ' <<<"$OUT")
expect "exchanged after the copy: stop" 1 \
    'stop, this machine may be infected. Nothing was sealed.'
cleared "exchanged after the copy"
still_approved "exchanged after the copy"
anew
printf '%s' "${FIRST}x" >"$CLIP.late"
person lin '{Enter: $} "\r"' apply "$N" --clipboard xsel
expect "one character more is another value" 1 'changed to DE89\.\.\.\. '
anew
: >"$CLIP.late"
person lin '{Enter: $} "\r"' apply "$N" --clipboard xclip
expect "emptied" 1 'holder: the clipboard was emptied'
anew
printf '\033]0;painted\007\xff' >"$CLIP.late"
person lin '{Enter: $} "\r"' apply "$N" --clipboard xclip
expect "what is in it is not painted" 1 'changed to .u\{001B\}\]0;\.\.\.\.'
anew
head -c 100000 /dev/zero | tr '\0' D >"$CLIP.late"
person lin '{Enter: $} "\r"' apply "$N" --clipboard xclip
expect "nor read to its end" 1 'changed to DDDD\.\.\.\. '
cleared "read no further"
still_approved "whatever it was"

# ---- OSC 52 ----

osc() { # TEXT: the bytes that put it there
	printf '\033]52;c;%s\a' "$(printf %s "$1" | base64 -w 0)"
}
printf '[desk]\nosc52 = allowed\n' >"$CONFIG"
anew
person lin "${each[0]}" apply "$N"
for value in "Example Trading GmbH" "$FIRST"; do
	check "OSC 52: the bytes of $value" \
	    [ "$(grep -cF -- "$(osc "$value")" <<<"$OUT")" -eq 1 ]
done
check "OSC 52: cleared once" \
    [ "$(grep -oF -- $'\033]52;c;!\a' <<<"$OUT" | wc -l)" -eq 1 ]
check "OSC 52: nothing else of it" \
    [ "$(grep -o $'\033]52' <<<"$OUT" | wc -l)" -eq 3 ]
expect "OSC 52: that it is not watched is told" 1 'cannot be watched'
person lin '{Enter: $} "\003"' apply "$N"
check "OSC 52: cleared by Ctrl-C, too" \
    grep -qF -- $'\033]52;c;!\a' <<<"$OUT"
DISPLAY=:0 person lin "${each[0]}" apply "$N"
check_silent "OSC 52: not where there is a better one" \
    grep -o $'\033]52' <<<"$OUT"
rm "$CONFIG"
person lin '{enter it.*Enter: $} "\003"' apply "$N"
check_silent "OSC 52: no byte of it without leave" grep -o $'\033]' <<<"$OUT"

# ---- what the console shows ----

# The two values are handed over, and the console takes them.
handed='{Enter: $} "\r" {Enter: $} "\r" {take it\? \[y/N\] $} "y\r"'
shows() { # HOLDER IBAN COUNTRY
	printf '{holder: $} "%s\\r" {more: $} "%s\\r" {letters: $} "%s\\r"' "$@"
}

level() { # TEXT LEVEL [ARGUMENT...]
	at lin log --json --change "$N"
	check "$1" [ "$(jq -rs '.[-1].level' <<<"$OUT")" = "$2" ]
}

anew
person lin "$handed $(shows '' 3001 '') $(shows '' 9000 '')
    $(shows 'Somebody Else' 3000 '') {something else\? \[y/N\] \$} \"n\r\"" \
    apply "$N" --clipboard xclip
expect "something else three times" 1 'not confirmed; nothing was sealed'
cleared "before it is compared"
OUT=$(tr -s ' \n' ' ' <<<"$OUT")
expect "what differs is told" 1 'approved: iban_tail .*approved: iban_tail'
expect "also of a name" 1 'approved: holder '
still_approved "something else"
person lin "$handed {holder: \$} \"\r\" {more: \$} \"12\r\"
    {iban_tail: .*more: \$} \"\003\"" apply "$N"
expect "a tail of two is no reading" 130
person lin "$handed $(shows '' 3000 '')" apply "$N" --level full
OUT=$(tr -s ' \n' ' ' <<<"$OUT")
expect "less than is wanted" 1 \
    'reaches the level tail, and full is wanted; nothing was sealed'
person lin "$handed $(shows 'Example Trading GmbH' '' '')
    {Too little .*\[y/N\] \$} \"n\r\"" apply "$N"
expect "a name alone tells too little" 1 'not confirmed'
person lin "$handed $(shows '' '' '') {Nothing was read.*\[y/N\] \$} \"n\r\"" \
    apply "$N"
expect "nothing at all tells nothing" 1 'not confirmed'
at lin apply "$N" --yes --level tail
expect "no level without a reading" 2 '--level: is reached by what is read'
still_approved "by all that"
anew
person lin "$handed $(shows 'EXAMPLE TRADING GMBH.' 'DE89 .... 3000' DE)" \
    apply "$N" --clipboard xclip --level tail
expect "the same, as consoles show it" 0 'in force'
cleared "entered"
anew
at lin apply "$N" --yes --clipboard xclip
expect "entered already" 1 'change-ended'
check "and nothing is handed over" [ ! -s "$CLIP.log" ]

approved "$SECOND"
person lin "$handed $(shows '' 'DE02 1203 0000 0000 2020 51' '')" apply "$N"
expect "the whole number" 0 '\(full\)'
approved "$FIRST"
person lin '{Enter: $} "\r" {Enter: $} "\r" {take it\? \[y/N\] $} "n\r"
    {refused it\? \[y/N\] $} "y\r"' apply "$N"
expect "refused by the console: sealed, and a no" 1 \
    'refused by the console, as told by lin. Now: failed'
approved "$FIRST"
person lin "$handed $(shows '' 3001 '') $(shows '' 3001 '')
    $(shows '' 3001 '') {something else\? \[y/N\] \$} \"y\r\"" apply "$N"
expect "shown otherwise: sealed, and a no" 1 \
    'not what the console shows, as told by lin. Now: failed'

at lin request payout.iban --store main-de --op remove --json </dev/null
N=$(change_name)
at mina approve "$N"
person lin '{Remove what stands in payout of store main-de.*take it\? .y/N. $} "y\r"
    {nothing there now\? .y/N. $} "y\r"' apply "$N"
expect "removed, and nothing is shown" 0 '\(full\)'

# ---- a name in Chinese ----

HOLDER=示例贸易有限公司
printf 'bank_name: 示例银行深圳分行\naccount: %s\nholder: %s\n' \
    00012345678901234567 "$HOLDER" >"$WORK/account"
at lin request payout.cn --store main-cn --from "$WORK/account" --json
N=$(change_name)
at mina approve "$N" --reenter-from "$WORK/account"
expect "a name in Chinese: approved" 0
anew
person lin '{1 of 3  Bank +示例银行深圳分行.*Enter: $} "\r"
    {2 of 3 .*Enter: $} "\r" {3 of 3 .*示例贸易有限公司.*Enter: $} "\r"
    {take it\? .y/N. $} "y\r" {more: $} "4567\r"
    {holder: $} "示例贸易有限公司\r" {letters: $} "CN\r"' \
    apply "$N" --clipboard xclip
expect "a name in Chinese: the same as approved" 0 '\(tail\+name\+country\)'
check "a name in Chinese: as it was asked for" grep -qx "$HOLDER" "$CLIP.all"
cleared "a name in Chinese"

# ---- what a script read ----

reading() { # JSON
	printf '%s\n' "$1" >"$WORK/reading"
	shift
	at lin apply "$N" --read-back-from "$WORK/reading" --json "$@"
}

approved "$SECOND"
reading '{"fields": {"tail": "2052"}}'
expect "read: something else" 1 'shows something else than what was approved'
reading '{"fields": {"holder": "Example Trading GmbH"}}'
expect "read: too little" 1 'too little was read back'
reading '{"fields": {"tail": "2051"}}' --level full
expect "read: less than is wanted" 1 'reaches the level tail, and full is'
reading '{"fields": {"tail": "2051"}}' --outcome differs
expect "read: it does not differ" 1 'nothing else than what was approved'
reading '{"fields": {"tail": "2051"}}' --outcome refused
expect "read: what was refused" 2 'is not read back'
reading '{"store": "main-fr", "fields": {"tail": "2051"}}'
expect "read: another store" 2 'is it the right file'
reading '[{"fields": {"tail": "2051"}}, {"fields": {"tail": "2051"}}]'
expect "read: two of them" 2 'has 2 readings'
reading '{"fields": {"tail": 2051}}'
expect "read: a number is no text" 2 'is to be text'
reading 'tail: 2051'
expect "read: no JSON" 2 'this is not JSON'
still_approved "by all that"
reading '{"fields": {"iban_tail": "2051", "country": "DE",
    "holder": "EXAMPLE TRADING GMBH"}}'
expect_json "read: the same" 0 '.act == "apply" and .status == "in force"'
approved "$FIRST"
reading '{"fields": {"tail": "3001"}}' --outcome differs
expect_json "read: that it differs is sealed" 0 '.status == "failed"'

tap_done
