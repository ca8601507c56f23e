#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The user's hooks hear of each new entry, and can neither stop nor spoil it;
# log --follow tells the same.
set -u
. "$(dirname "$0")/lib.sh"

IBAN=DE89370400440532013000
CONFIG=$WORK/home-lin/.config/counterseal
HOOKS=$CONFIG/hooks
TOLD=$WORK/told

entries() {
	sqlite3 -readonly "$LEDGER" 'select count(*) from entry'
}

# A hook of lin's desk, by its script on standard input.
hook() { # NAME
	cat >"$HOOKS/$1" && chmod 700 "$HOOKS/$1"
}

no_hooks() {
	rm -rf "$HOOKS" && mkdir -p "$HOOKS"
}

# As in lib.sh, for somebody who is not called like the organisation.
ask() { # IBAN
	account "$1" 'Muster Handels AG' >"$WORK/account"
	at lin request payout.iban --store main-de --from "$WORK/account" \
	    --json
	CHANGE=$(change_name)
	[ "$STATUS" -eq 0 ]
}

# An entry by lin, with nothing to approve: he asks, and takes it back.
act() { # [ARGUMENT...]
	ask "$IBAN"
	at lin withdraw "$CHANGE" "$@"
}

# The last act stood whatever its hook did, and this was told of that.
stood() { # TEXT PATTERN
	expect "$1" 0 'withdrawn by lin'
	check "$1: told" grep -Eq -- "$2" <<<"$ERR"
	check "$1: the entry stands" [ "$(entries)" -eq $((had + 2)) ]
	had=$(entries)
}

# ---- what a notice says ----

mkdir -p "$CONFIG"
no_hooks
hook 10-keep <<-END
	#!/bin/sh
	exec cat >>$TOLD
END
: >"$TOLD"
demo_ledger
expect "a ledger" 0
check "the foundation was told" jq -es 'length == 1 and (.[0] |
    .act == "genesis" and .index == 0 and .person == "lin" and
    .org == "Example Trading GmbH" and .demo == true and .change == null and
    (.ledger | length) == 64 and (.leaf | length) == 64)' "$TOLD"
ask "$IBAN"
check "a request was told" jq -es 'length == 2 and (.[1] |
    .act == "request" and .index == 2 and .name == "'"$CHANGE"'" and
    .kind == "payout.iban" and .op == "replace" and .store == "main-de" and
    .slot == "payout" and .status == "asked" and .person == "lin" and
    .missing == "1 approver" and .may_approve == ["mina"] and
    (.expires | endswith("Z")) and .opens == null and .outcome == null)' \
    "$TOLD"
approve mina "$CHANGE" "$IBAN"
expect "mina has no hooks" 0 'approved by mina'
check "and lin's hear of what lin's commands append" \
    [ "$(wc -l <"$TOLD")" -eq 2 ]
at lin apply "$CHANGE" --yes --json
expect_json "the answer says nothing of hooks that did well" 0 \
    'has("hooks") | not'
check "what was entered was told" jq -es '.[2] | .act == "apply" and
    .status == "in force" and .outcome == "entered" and .level == "none" and
    .missing == null and (.read_back_by | endswith("Z")) and
    (.read_back_again | endswith("T00:00:00Z"))' "$TOLD"
at lin observe --store main-de iban_tail=3000
expect "what the console shows" 0 MATCH
check "was told, without what it shows" jq -es '.[3] | .act == "observe" and
    .store == "main-de" and .slot == "payout" and .outcome == "match" and
    .level == "tail" and .change == null' "$TOLD"
ask DE02120300000000202051
REJECTED=$CHANGE
at mina reject "$REJECTED" --reason not_asked_for
at lin log --json
cp "$WORK/out" "$WORK/log"
# How a change stands is as of when the line was made.
check "the log has the very same keys and values" diff \
    <(jq -cS 'select(.act == "apply" or .act == "genesis")' "$TOLD") \
    <(jq -cS 'select(.act == "apply" or .act == "genesis")' "$WORK/log")
check "with the reason of a rejection" jq -es \
    'map(select(.act == "reject"))[0].reason == "not_asked_for"' "$WORK/log"

check "with what could be told then of an approved change" jq -es '
    map(select(.act == "approve"))[0] | has("opens") and has("closes")' \
    "$WORK/log"
ask "$IBAN"
approve mina "$CHANGE" "$IBAN"
at lin log --json --change "$CHANGE"
check "an approved change has the time from which it may be entered" \
    jq -es '.[1] | (.opens | endswith("Z")) and .closes == null and
    .expires == null' <<<"$OUT"
at lin apply "$CHANGE" --outcome refused --yes

# ---- and what it never says ----

act
cat "$WORK/log" "$TOLD" >"$WORK/stream"
# Salt (16 bytes, behind three) and value of each opening, in digits.
sqlite3 -readonly "$LEDGER" "select hex(substr(secret, 4, 16)) || ' ' ||
    hex(substr(secret, 20)) from opening" >"$WORK/openings"
check "there are values that could be told" \
    [ "$(wc -l <"$WORK/openings")" -ge 6 ]
leaks() {
	local salt value word
	for word in "$IBAN" 'DE89 3704' 0532013000 3000 202051 Muster; do
		# A hash may have any four digits.
		sed -E 's/"(leaf|ledger)":"[0-9a-f]*"//g' "$WORK/stream" |
		    grep -F -- "$word"
	done
	while read -r salt value; do
		grep -iF -- "${salt:0:32}" "$WORK/stream"
		grep -F -- "$(xxd -r -p <<<"$salt" | base64 -w 0 |
		    cut -c 1-20)" "$WORK/stream"
		value=$(xxd -r -p <<<"$value" | tr -d '\0')
		# Of a text that was shown the salt alone is kept.
		[ -z "$value" ] || grep -iF -- "$value" "$WORK/stream"
	done <"$WORK/openings"
	grep -oE 'https?:|www\.' "$WORK/stream"
}
check_silent "no value, no salt, no link in any notice" leaks

# ---- how hooks are run ----

no_hooks
hook 20-second <<-END
	#!/bin/sh
	echo second \$(jq .index) >>$TOLD
END
hook 10-first <<-END
	#!/bin/sh
	echo first \$(jq .index) >>$TOLD
	tr '\\0' '\\n' <\$\$PROC/environ >$WORK/environment
	ls -l /proc/\$\$/fd >$WORK/descriptors
	pwd >$WORK/place
	grep -E '^Sig(Blk|Ign):' /proc/self/status >$WORK/signals
	umask >>$WORK/place
	(: </dev/tty) 2>/dev/null && echo terminal >>$TOLD
	echo to standard output
	printf '\\033[31mred\\nwarning\\n' >&2
END
sed -i "s|\\\$\\\$PROC|/proc/\$\$|" "$HOOKS/10-first"
: >"$TOLD"
had=$(entries)
ask "$IBAN"
check "two hooks, one after the other, by name" diff "$TOLD" \
    <(printf 'first %d\nsecond %d\n' "$had" "$had")
check "what a hook says is shown, filtered" \
    grep -q '^counterseal: hook 10-first says: \\u{001B}\[31mred$' <<<"$ERR"
check "each line of it" \
    grep -q '^counterseal: hook 10-first says: warning$' <<<"$ERR"
check "its standard output goes nowhere" [ "$(wc -l <<<"$OUT")" -eq 1 ]
check_silent "the environment is clean" \
    grep -vE '^(HOME|LANG|LOGNAME|PATH|USER|XDG_(CONFIG|DATA|STATE)_HOME)=' \
    "$WORK/environment"
check "but for its home" grep -q "^HOME=$WORK/home-lin$" "$WORK/environment"
check_silent "no file of ours is open in it" \
    grep -E 'ledger|\.sock|tty' "$WORK/descriptors"
check "it stands in no folder of ours, and its files are its own" \
    diff "$WORK/place" <(printf '/\n0077\n')
# Signals 32 and 33 are the C library's own, and stay as they came.
signals_kept() {
	local name mask
	while read -r name mask; do
		[ $((0x$mask & ~0x180000000)) -eq 0 ] ||
		    printf '%s %s\n' "$name" "$mask"
	done <"$WORK/signals"
}
check_silent "no signal is held back or ignored in it" signals_kept
person lin '{Tell mina} ""' request payout.iban --store main-de \
    --slot payout/k3m9x2ab --from "$WORK/account"
check "it has no terminal" [ "$(grep -c terminal "$TOLD")" -eq 0 ]

# It may look at the ledger that it is told of, also while the command that
# appended has not ended.
no_hooks
hook looks <<-END
	#!/bin/sh
	"$COUNTERSEAL" --ledger "$LEDGER" log --json --from \$(jq .index) |
	    jq .act >$WORK/looked
END
for json in '' --json; do
	at lin withdraw "$CHANGE" $json
	expect "a hook that reads the ledger $json" 0
	check "sees the entry" grep -qx '"withdraw"' "$WORK/looked"
	check_silent "and holds nothing up" grep hook <<<"$OUT$ERR"
	rm -f "$WORK/looked"
	[ -n "$json" ] || ask "$IBAN"
done
ask "$IBAN"

no_hooks
hook loud <<-END
	#!/bin/sh
	i=0
	while [ \$i -lt 5000 ]; do
		echo "line \$i of many" >&2
		i=\$((i + 1))
	done
END
at lin withdraw "$CHANGE"
expect "a hook that says much" 0 'withdrawn by lin'
check "is cut short" [ "$(grep -c 'hook loud says:' <<<"$ERR")" -eq 10 ]
check "which is told" grep -q 'hook loud says more' <<<"$ERR"

# ---- hooks that fail ----

had=$(entries)
no_hooks
hook bad <<<$'#!/bin/sh\nexit 3'
act
stood "a hook that fails" '^counterseal: hook bad: ended with status 3$'
act --json
expect_json "with --json it is told in the answer" 0 '.act == "withdraw" and
    .hooks == [{"hook": "bad", "trouble": "ended with status 3"}]'
check "and nowhere else" [ "$(grep -c hook <<<"$ERR")" -eq 0 ]
had=$(entries)
hook bad <<<$'#!/bin/sh\nkill -SEGV $$'
act
stood "a hook that dies" 'hook bad: died by signal 11'
hook bad <<<$'#!/no/such/interpreter'
act
stood "a hook without an interpreter" 'hook bad: cannot be run: No such file'
hook bad <<<'not a program'
act
stood "a hook that is no program" 'hook bad: cannot be run: Exec format'
hook bad <<<$'#!/bin/sh\nexec 0<&-'
act
expect "a hook that reads nothing is none that fails" 0 'withdrawn by lin'
check_silent "so nothing is told" grep hook <<<"$ERR"
had=$(entries)

# Made by hand: what lies behind the first bad one is run all the same.
hook good <<-END
	#!/bin/sh
	cat >>$TOLD
END
: >"$TOLD"
hook bad <<<$'#!/bin/sh\nexit 1'
act
stood "two hooks, the first one bad" 'hook bad: ended with status 1'
check "the second one heard of both entries" [ "$(wc -l <"$TOLD")" -eq 2 ]
no_hooks
act
expect "no hooks at all" 0 'withdrawn by lin'
check_silent "nothing is told" grep hook <<<"$ERR"
rmdir "$HOOKS"
act
expect "no folder" 0 'withdrawn by lin'
check_silent "nothing is told of that" grep hook <<<"$ERR"
had=$(entries)

# ---- hooks that are not run ----

refused() { # TEXT PATTERN
	: >"$TOLD"
	act
	stood "$1" "$2"
	check "$1: not run" [ ! -s "$TOLD" ]
	no_hooks
}

keeper() { # NAME
	hook "$1" <<-END
		#!/bin/sh
		cat >>$TOLD
	END
}

no_hooks
keeper open && chmod 770 "$HOOKS/open"
refused "a hook that its group can write" 'hook open: others can write it'
keeper open && chmod 702 "$HOOKS/open"
refused "a hook that others can write" 'hook open: others can write it'
keeper idle && chmod 600 "$HOOKS/idle"
refused "a hook that is not executable" 'hook idle: is not executable'
keeper true && mv "$HOOKS/true" "$WORK/true" && ln -s "$WORK/true" "$HOOKS/link"
refused "a link" 'hook link: is not a file of its own'
mkdir "$HOOKS/folder"
refused "a folder" 'hook folder: is not a file of its own'
keeper good && chmod 770 "$HOOKS"
refused "a folder that its group can write" 'hooks: others can write it'
keeper good && mv "$HOOKS" "$WORK/hooks" && ln -s "$WORK/hooks" "$HOOKS"
refused "a folder that is a link" 'hooks: is not a folder'
rm -rf "$HOOKS" && : >"$HOOKS"
refused "a folder that is none" 'hooks: is not a folder'
if can_be_nobody; then
	keeper theirs && chown 65534 "$HOOKS/theirs"
	refused "somebody else's hook" 'hook theirs: belongs to somebody else'
	keeper good && chown 65534 "$HOOKS"
	refused "somebody else's folder" 'hooks: belongs to somebody else'
else
	skip "somebody else's hook" "nobody else can be had here"
fi
keeper .hidden
: >"$TOLD"
act
expect "a name that begins with a dot is no hook" 0 'withdrawn by lin'
check "it was not run, nor told" [ ! -s "$TOLD" ]
check_silent "not told either" grep hook <<<"$ERR"

# ---- hooks that do not end ----

printf '[hooks]\ntime limit = 1s\n' >"$CONFIG/config.ini"
no_hooks
hook 10-hangs <<-END
	#!/bin/sh
	sleep 1000 &
	echo \$\$ \$! >>$TOLD
	sleep 1000
END
keeper 20-next
sed -i "s|$TOLD|$WORK/next|" "$HOOKS/20-next"
: >"$TOLD"
: >"$WORK/next"
ask "$IBAN"
account DE02120300000000202051 >"$WORK/account"
at lin request payout.iban --replaces "$CHANGE" --from "$WORK/account" --json
expect_json "a hook that hangs, and two entries" 0 '.hooks[0].hook ==
    "10-hangs" and (.hooks[0].trouble | test("did not end within 1 s")) and
    (.hooks | length) == 1'
check "it is told nothing more by that command" [ "$(wc -l <"$TOLD")" -eq 2 ]
check "the next one is told of everything" [ "$(wc -l <"$WORK/next")" -eq 3 ]
ended() {
	local pid
	tr ' ' '\n' <"$TOLD" | while read -r pid; do
		[ ! -e "/proc/$pid" ] || grep -q '^State:.Z' "/proc/$pid/status" ||
		    echo "$pid goes on"
	done
}
check_silent "nothing of it is left" ended
had=$(entries)

# Ctrl-C while a hook hangs: it says when it does.
printf '[hooks]\ntime limit = 60s\n' >"$CONFIG/config.ini"
mkfifo "$WORK/hangs"
hook 10-hangs <<-END
	#!/bin/sh
	echo \$\$ >$TOLD
	echo hangs >$WORK/hangs
	sleep 1000
END
desk lin
env --default-signal=INT "${DESK[@]}" setsid "$COUNTERSEAL" withdraw \
    "$(change_name)" </dev/null \
    >"$WORK/out" 2>"$WORK/err" &
pid=$!
read -r <"$WORK/hangs"
check "the result is there before a hook is waited for" \
    grep -q 'withdrawn by lin' "$WORK/out"
kill -INT "$pid"
{ wait "$pid"; } 2>/dev/null
check "Ctrl-C ends it all" [ $? -eq 130 ]
check "which is told" grep -q 'hooks: stopped: not every hook' "$WORK/err"
check_silent "nothing of that hook is left" ended
check "and the entry stands" [ "$(entries)" -eq $((had + 1)) ]
rm "$CONFIG/config.ini"

# The worst: it kills whom it works for.
no_hooks
hook killer <<<$'#!/bin/sh\nkill -9 $PPID'
had=$(entries)
ask "$IBAN"
no_hooks
check "a hook that kills its parent" [ "$STATUS" -eq 137 ]
check "comes too late: the entry is there" [ "$(entries)" -eq $((had + 1)) ]
at lin verify --json
expect_json "and stands" 0 '.valid and .head.size == '$((had + 1))

# ---- log --follow ----

mkfifo "$WORK/lines"
follow() { # ARGUMENT...
	desk lin
	env --default-signal=INT "${DESK[@]}" setsid "$COUNTERSEAL" log --follow \
	    "$@" </dev/null \
	    >"$WORK/lines" 2>"$WORK/err" &
	pid=$!
	exec 7<"$WORK/lines"
}
line() {
	LINE=
	IFS= read -r -t 60 LINE <&7
}
unfollow() { # TEXT
	kill -INT "$pid"
	{ wait "$pid"; } 2>/dev/null
	check "$1: dies by Ctrl-C" [ $? -eq 130 ]
	exec 7<&-
}

no_hooks
keeper keep
: >"$TOLD"
had=$(entries)
follow --json --from $((had - 1))
line
check "the line that is there" jq -e ".index == $((had - 1))" <<<"$LINE"
ask "$IBAN"
line
check "the line that came is what the hook was told" \
    diff <(jq -cS . <<<"$LINE") <(jq -cS . "$TOLD")
at lin withdraw "$CHANGE"
line
check "and the next" jq -e '.act == "withdraw"' <<<"$LINE"
unfollow "log --follow --json"
follow --change "$CHANGE"
line
check "as text it has a head" grep -q '^ *ENTRY  ACT' <<<"$LINE"
line && line
check "then what is there of the change" grep -q "withdraw .*#$CHANGE" \
    <<<"$LINE"
act
unfollow "log --follow"
follow --from "$(entries)"
line
act
line
check "as text, what came" grep -q ' request  *lin ' <<<"$LINE"
# Nobody reads any more.
exec 7<&-
{ wait "$pid"; } 2>/dev/null
check "it ends with its reader" [ $? -eq 4 ]
at lin log --from 12x
expect "an index that is none" 2 'from: is an entry'
at lin log --from 999999999 --json
expect "an index that is none yet" 0
check "has no lines" [ -z "$OUT" ]


# ---- desks that exchange ----

no_hooks
rm -f "$TOLD"
mkdir -p "$WORK/home-mina/.config/counterseal/hooks"
keeper keep
sed "s|$TOLD|$WORK/mina-told|" "$HOOKS/keep" \
    >"$WORK/home-mina/.config/counterseal/hooks/keep"
chmod 700 "$WORK/home-mina/.config/counterseal/hooks/keep"
token_stop lin
token_stop mina
rm -f "$WORK"/*.state "$WORK"/*.offer
three_desks
expect "three desks" 0
heard() { # FILE
	jq -r '"\(.index) \(.act)"' "$1"
}
check "the home's hook hears of what others sealed, once it is an entry" \
    diff <(heard "$TOLD" | sort) <(printf '%s\n' '0 genesis' '1 join' '2 join')
check "a replica's hears of what came, but not of the history before it" \
    diff <(heard "$WORK/mina-told" | sort) <(printf '%s\n' '1 join' '2 join')
: >"$WORK/mina-told"
ask "$IBAN"
at lin send "$SHARE"
at mina receive "$SHARE"
check "an entry of the home" diff <(heard "$WORK/mina-told") <(echo 3 request)
hooks_of_mina=$WORK/home-mina/.config/counterseal/hooks
printf '#!/bin/sh\nexit 7\n' >"$hooks_of_mina/keep"
approve mina "$CHANGE" "$IBAN" --json
expect_json "what is kept for the home is told to nobody yet" 0 \
    '.index == null and (has("hooks") | not)'
at mina send "$SHARE"
at lin receive "$SHARE"
at lin send "$SHARE"
at mina receive "$SHARE" --json
expect_json "a hook that fails is told by receive" 0 \
    '.hooks == [{"hook": "keep", "trouble": "ended with status 7"}]'

guest=$WORK/home-guest/.config/counterseal/hooks
mkdir -p "$guest"
sed "s|$TOLD|$WORK/guest-told|" "$HOOKS/keep" >"$guest/keep"
chmod 700 "$guest/keep"
: >"$WORK/guest-told"
at guest receive "$SHARE" --ledger-id "$ID" --json
expect_json "a desk that begins with what there is" 0 '.head.size > 3'
check "is told none of it" [ ! -s "$WORK/guest-told" ]

# ---- the examples ----

no_hooks
rm -f "$TOLD"
cp "$ROOT/examples/hooks/mail" "$HOOKS/50-mail"
mkdir "$WORK/bin"
cat >"$WORK/bin/sendmail" <<-END
	#!/bin/sh
	printf '%s\n' "\$@" >$WORK/mail-arguments
	cat >$WORK/mail
END
chmod 700 "$WORK/bin/sendmail"
echo lin@example.com >"$CONFIG/mail-to"
PATH=$WORK/bin:$PATH ask DE02120300000000202051
check_silent "the mail hook has no complaints" grep hook <<<"$ERR"
check "it mails to whom it should" \
    diff "$WORK/mail-arguments" <(printf '%s\n' -i -- lin@example.com)
check "with a subject" \
    grep -qx "Subject: counterseal: request of #$CHANGE by lin" "$WORK/mail"
check "and what a person wants to know" \
    grep -q "^Change   #$CHANGE, payout.iban$" "$WORK/mail"
check "whom it waits for" grep -q '^Could approve: mina, petr$' "$WORK/mail"
check_silent "no value, no link" grep -E '202051|Muster|http' "$WORK/mail"
rm "$CONFIG/mail-to"
PATH=$WORK/bin:$PATH ask "$IBAN"
check "without an address it says so" grep -q 'hook 50-mail says: .*mail-to' \
    <<<"$ERR"

# A chat on this machine, for one line; it tells its port, then what it got.
chat() {
	python3 -c '
import http.server, sys
class Chat(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sys.stdout.write(self.path + " " + body.decode() + "\n")
        self.send_response(int(sys.argv[1]))
        self.end_headers()
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Chat)
server.timeout = 60
print(server.server_port, flush=True)
server.handle_request()
' "$1"
}
webhook() { # STATUS; the change's line into LINE
	local port
	rm -f "$WORK/chat"
	mkfifo "$WORK/chat"
	chat "$1" >"$WORK/chat" &
	pid=$!
	exec 7<"$WORK/chat"
	read -r port <&7
	echo "http://127.0.0.1:$port/hook/secret" >"$CONFIG/webhook-url"
	ask "$IBAN"
	line
	wait "$pid"
	exec 7<&-
}
no_hooks
cp "$ROOT/examples/hooks/webhook" "$HOOKS/50-webhook"
webhook 200
check_silent "the webhook has no complaints" grep hook <<<"$ERR"
check "it posts one line" [ "$LINE" = "/hook/secret {\"text\":\"counterseal: \
request of #$CHANGE (payout.iban, main-de) by lin, now asked: 1 approver \
missing\"}" ]
webhook 500
expect_json "a chat that fails is told, and stops nothing" 0 \
    '.hooks == [{"hook": "50-webhook", "trouble": "ended with status 22"}]'
check_silent "and its address is not shown" grep secret <<<"$OUT$ERR"

tap_done
