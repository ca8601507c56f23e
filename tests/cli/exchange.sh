#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Desks that exchange files, through a folder and by mail, and what can happen
# to the files on their way.
set -u
. "$(dirname "$0")/lib.sh"

ORG='Example Trading GmbH'
FIRST=DE89370400440532013000
SECOND=DE02120300000000202051

# A value of the last --json run.
of_json() { # PROGRAM
	printf '%s' "$OUT" | jq -r "$1"
}

entries_of() { # NAME
	sqlite3 -readonly "$(ledger_of "$1")" 'select count(*) from entry'
}

all_have() { # N
	[ "$(entries_of lin)" -eq "$1" ] && [ "$(entries_of mina)" -eq "$1" ] &&
	    [ "$(entries_of petr)" -eq "$1" ]
}

head_of() { # NAME
	at "$1" verify --json
	of_json '"\(.valid) \(.head.size) \(.head.root)"'
}

# All three desks, verified, at the same head.
same_heads() { # TEXT SIZE
	local lin mina petr
	lin=$(head_of lin)
	mina=$(head_of mina)
	petr=$(head_of petr)
	check "$1" [ "$lin/$mina" = "$mina/$petr" ]
	check "$1: $2 entries" grep -q "^true $2 " <<<"$lin"
}

# Changes a parcel and prints it: PROGRAM sees it as p.
parcel_edit() { # FILE PROGRAM
	/usr/bin/python3 -c '
import cbor2, sys
p = cbor2.loads(open(sys.argv[1], "rb").read())
exec(sys.argv[2])
sys.stdout.buffer.write(cbor2.dumps(p, canonical=True))' "$@"
}

# Under the name that such a file has in a folder.
put_as_named() { # FILE KIND
	/usr/bin/python3 -c '
import hashlib, sys
data = open(sys.argv[1], "rb").read()
value = int.from_bytes(hashlib.sha256(data).digest(), "big") >> 136
digits = "0123456789abcdefghjkmnpqrstvwxyz"
name = "".join(digits[value >> 5 * i & 31] for i in range(23, -1, -1))
path = "%s/%s-%s-%d-%s.cseal" % (*sys.argv[2:], len(data), name)
open(path, "wb").write(data)' "$1" "$SHARE" "$PREFIX" "$2"
}

# ---- the first time ----

LEDGER=
SHARE=$WORK/share
mkdir "$SHARE"
for name in lin mina petr; do
	token_start "$name"
	at "$name" key offer --person "$name" --org "$ORG" \
	    -o "$WORK/$name.offer"
done
at mina receive "$SHARE" --ledger-id "$(printf '%064d' 0)"
expect "a folder without files" 2 'let its home send'
at lin init --org "$ORG" --demo --from "$WORK/lin.offer" \
    --from "$WORK/mina.offer" --from "$WORK/petr.offer" --json
ID=$(of_json .ledger)
FINGERPRINT=$(of_json .fingerprint)
at lin send "$SHARE" --json
expect_json "the home sends: entries, and how far it is" 0 \
    '.act == "send" and .site == "home" and .head.size == 1 and
    (.head.root | length) == 64 and ([.events[].what] == ["wrote", "wrote"])
    and ([.events[].file | test("^[0-9a-z]{8}-(entries|heard)-")] | all)'
PREFIX=$(of_json '.events[0].file[0:8]')
at lin send "$SHARE" --json
expect_json "and says nothing twice" 0 '.events == []'

at mina receive "$SHARE"
expect "no terminal: the ledger has to be named" 2 'ledger-id: is needed'
at mina receive "$SHARE" --ledger-id 12345
expect "an id that is none" 2 '64 hexadecimal digits'
at mina receive "$SHARE" --ledger-id "${ID:0:63}$(tr '0-9a-f' '1-9a-f0' \
    <<<"${ID:63}")"
expect "an id that is not there" 2 'beginning of this ledger is not there'
check "nothing is left of these" [ ! -e "$(ledger_of mina)" ]
person mina '{Is it the same.*N\] $} "n\r"' receive "$SHARE"
expect "the fingerprint differs: no" 1 'not confirmed; nothing was taken'
check "it was shown" grep -q "fingerprint $FINGERPRINT" <<<"$OUT"
check "nothing is left of that" [ ! -e "$(ledger_of mina)" ]
person mina '{Is it the same.*N\] $} "y\r"' receive "$SHARE"
expect "the fingerprint is the same: yes" 0 'the ledger has 1'
check "a replica, readable by its owner alone" \
    [ "$(stat -c %a "$(ledger_of mina)")" = 600 ]
at petr receive "$SHARE" --ledger-id "$ID" --json
expect_json "a replica by the ledger's id" 0 \
    '.act == "receive" and .site == "replica" and .head.size == 1 and
    ([.events[].what] | index("heard") != null)'

at mina join --json
expect_json "sealed at a replica: no entry yet" 0 '.index == null'
at petr join
at mina send "$SHARE" --json
expect_json "the replica sends it" 0 \
    '[.events[].file | test("-sealed-")] | any'
at petr send "$SHARE"
at lin receive "$SHARE" --json
expect_json "the home appends both" 0 '.head.size == 3 and
    ([.events[] | select(.what == "appended") | .index] == [1, 2])'
at lin send "$SHARE"
at mina receive "$SHARE" --json
expect_json "one's own is told apart from that of others" 0 \
    '[.events[] | select(.what == "arrived" or .what == "entry") |
    .what] | sort == ["arrived", "entry"]'
at petr receive "$SHARE"
check "three entries everywhere" all_have 3

# ---- the way of a change ----

ask "$FIRST"
at lin send "$SHARE"
at mina receive "$SHARE" --json
expect_json "a request comes with its values, locked" 0 \
    '([.events[] | select(.what == "locked") | .index] == [3]) and
    ([.events[] | select(.what == "opened")] == [])'
at mina show 3
expect "nobody can look at them before" 0 \
    '^  IBAN +\(to be typed from the source document\)$'
at lin approve 3
expect "who asks does not approve" 1 'approver-is-requester'
approve mina 3 "$SECOND"
expect "another account is not what was asked for" 1 "iban"
at mina show 3
expect "and opens nothing" 0 '^  Account holder +\(not on this desk\)$'
approve mina 3 "$FIRST"
expect "mina approves at her replica" 0 'kept here'
at mina approve 3
expect "but once" 1 'on its way'
at mina send "$SHARE"
expect "she is told what waits" 0 '1 statement of this desk waits'
at lin receive "$SHARE"
expect "it is appended" 0 'entry 4, approve of #3-.... by mina: .*appended'
at lin send "$SHARE"
at mina receive "$SHARE"
expect "the home has it" 0 'entry 4, .*the home has appended it'
at lin apply 3 --yes
at lin send "$SHARE"
at mina receive "$SHARE"
at petr receive "$SHARE"
expect "petr's desk gets all at once" 0 'the ledger has 6'
same_heads "the same head everywhere" 6
at petr state
expect "and the values" 0 'DE89 .... 3000'
at lin home --json
expect_json "home tells who was heard" 0 '.act == "home" and
    .site == "home" and ([.desks[] | .person] == ["mina", "petr"]) and
    ([.desks[] | .heard] | all) and .desks[0].key == 1'
at mina home --json
expect_json "a replica knows that it is one" 0 '.site == "replica"'

# ---- two on Friday ----

ask "$SECOND"
at lin send "$SHARE"
at mina receive "$SHARE"
at petr receive "$SHARE"
approve mina 6 "$SECOND"
at lin withdraw 6
at petr reject 6 --reason other
at mina send "$SHARE"
at petr send "$SHARE"
at lin receive "$SHARE" --json
expect_json "what came too late is refused" 0 \
    '([.events[] | select(.what == "refused") | .text] | length) == 2 and
    .head.size == 8'
at lin send "$SHARE"
at mina receive "$SHARE"
expect "mina hears why" 0 '^refused: .*has ended'
at petr receive "$SHARE" --json
expect_json "and petr" 0 \
    '[.events[] | select(.what == "refused") | .text |
    test("has ended")] == [true]'
at mina receive "$SHARE" --json
expect_json "it is told once" 0 '.events == []'
check "eight entries everywhere" all_have 8

# ---- by mail ----

at mina send "$WORK/mail-heard"
at lin receive "$WORK/mail-heard" --json
expect_json "a mail tells how far its sender is" 0 \
    '[.events[] | select(.what == "heard") | .index] == [1]'
ask "$SECOND"
at lin send "$WORK/mail-1" --json
expect_json "a mail has what somebody lacks" 0 \
    '.events == [{"what": "wrote", "index": .events[0].index,
    "file": .events[0].file, "text": ""}] and .events[0].index <= 8'
check "readable by its owner alone" [ "$(stat -c %a "$WORK/mail-1")" = 600 ]
at lin withdraw 8
at lin send "$WORK/mail-2" --from 9
ask "$FIRST"
at lin send "$WORK/mail-3" --from 10
at mina receive "$WORK/mail-3"
expect "a mail was lost" 0 'entries 8 to 9 are not there: let another desk'
at mina receive "$WORK/mail-2" --json
expect_json "out of order, nothing is taken" 0 \
    '.head.size == 8 and
    [.events[] | select(.what == "missing") | .index] == [8]'
at mina receive "$WORK/mail-2"
expect "one is one" 0 'entry 8 is not there'
at mina receive "$WORK/mail-1"
expect "what was lost comes" 0 'the ledger has 9'
at mina receive "$WORK/mail-2"
at mina receive "$WORK/mail-3"
expect "then the others fit" 0 'the ledger has 11'
at mina receive "$WORK/mail-3" --json
expect_json "doubled: nothing new" 0 \
    '[.events[] | select(.what != "heard")] == []'
at mina status
expect "it waits for mina" 0 'counterseal approve 10'
at petr receive "$WORK/mail-3"
expect "entries are missing at petr's" 0 'entries 8 to 9'
at lin send "$WORK/mail-4"
at petr receive "$WORK/mail-4" --json
expect_json "the next mail is the cure" 0 '.head.size == 11'
approve mina 10 "$FIRST"
at mina send "$WORK/mail-5"
at lin receive "$WORK/mail-5"
expect "an approval by mail" 0 'approve of #10.*appended'
at lin receive "$WORK/mail-5" --json
expect_json "twice" 0 '.head.size == 12 and
    ([.events[] | select(.what != "heard")] == [])'
at lin send "$WORK/mail-6"
at mina receive "$WORK/mail-6"
at petr receive "$WORK/mail-6"
check "twelve entries everywhere" all_have 12
at lin send "$WORK/mail-7" --from x
expect "a number that is none" 2 '--from'
at lin send "$SHARE" --from 3
expect "a folder has no beginning" 2 'is for one file'
at lin send "$WORK/nowhere/mail"
expect "a mail into a folder that is not there" 4 'writing it'

# ---- damage ----

before=$(head_of mina)
for n in 0 1 100 "$(($(stat -c %s "$WORK/mail-6") - 1))"; do
	head -c "$n" "$WORK/mail-6" >"$WORK/part"
	at mina receive "$WORK/part"
	expect "a mail of $n bytes" 2 'cut short, or no parcel'
done
{ cat "$WORK/mail-6"; printf 0; } >"$WORK/part"
at mina receive "$WORK/part"
expect "a mail with a byte more" 2 'cut short, or no parcel'
head -c 5000 /dev/urandom >"$WORK/part"
at mina receive "$WORK/part"
expect "a mail of noise" 2 'cut short, or no parcel'
head -c 8388609 /dev/zero >"$WORK/large"
at mina receive "$WORK/large"
expect "a mail that is too large" 2 'more than 8 MiB'
at mina receive "$WORK/not-there"
expect "a file that is not there" 2 'No such file'
parcel_edit "$WORK/mail-6" 'p[1] = 2; p[9] = "news"' >"$WORK/newer"
at mina receive "$WORK/newer"
expect "a mail of a newer version" 4 'newer counterseal: update this one'
at mina receive "$WORK/newer" --json
expect_json "says so to programs" 4 '.error.code == "newer"'
parcel_edit "$WORK/mail-6" 'p[2] = bytes(32)' >"$WORK/other"
at mina receive "$WORK/other"
expect "a mail of another ledger" 2 'of another ledger'
parcel_edit "$WORK/mail-6" 'p[4] = [b"none"]' >"$WORK/none"
at lin receive "$WORK/none"
expect "a sealed statement that is none" 0 'passed over: .*is none'
check "nothing was taken from these" [ "$(head_of mina)" = "$before" ]

ask "$SECOND"
at lin send "$SHARE"
files=("$SHARE"/*-entries-*)
last=${files[0]}
for file in "${files[@]}"; do
	[ "$(cut -d- -f3 <<<"${file##*/}")" -gt \
	    "$(cut -d- -f3 <<<"${last##*/}")" ] && last=$file
done
cp "$last" "$WORK/whole"
head -c 90 "$WORK/whole" >"$last"
at petr receive "$SHARE"
expect "a file that is here in part" 0 'not here as a whole yet'
check "nothing of it was taken" [ "$(entries_of petr)" -eq 12 ]
tr '\0-\377' '\1-\377\0' <"$WORK/whole" >"$last"
at petr receive "$SHARE"
expect "a file that is damaged" 0 'damaged, or not here as a whole'
rm "$last"
mkdir "$last"
at petr receive "$SHARE"
expect "a folder instead of it" 0 'not here as a whole yet'
rmdir "$last"
mkfifo "$last"
at petr receive "$SHARE"
expect "a pipe instead of it" 0 'not here as a whole yet'
rm "$last"
at petr receive "$SHARE" --json
expect_json "gone: nothing to be had" 0 '.head.size == 12'
at mina send "$SHARE"
at lin send "$SHARE"
expect "what was lost is written again" 0 '1 new file'
at petr receive "$SHARE"
expect "and comes" 0 'the ledger has 13'
put_as_named "$WORK/newer" openings
at petr receive "$SHARE"
expect "a newer file among them" 0 'passed over: made by a newer counterseal'
put_as_named "$WORK/other" openings
at petr receive "$SHARE"
expect "another ledger's under this one's name" 0 'passed over: .*another ledger'
put_as_named "$WORK/part" openings
at petr receive "$SHARE"
expect "noise under a right name" 0 'passed over: .*no parcel'
touch "$SHARE/notes.txt" "$SHARE/.hidden" "$SHARE/$PREFIX-entries-0-1.cseal"
at petr receive "$SHARE" --json
expect_json "other files are nobody's" 0 \
    '[.events[] | select(.file | test("notes|hidden|-1.cseal"))] == []'
at mina receive "$SHARE"
same_heads "all that did no harm" 13

# ---- folders that do not open ----

# Root may do anything, unless it gives that up.
DROP=(setpriv "--bounding-set=-dac_override,-dac_read_search")
[ "$(id -u)" -eq 0 ] || DROP=()
plainly() { # NAME ARGUMENT...
	desk "$1"
	shift
	run "${DROP[@]}" "${DESK[@]}" "$COUNTERSEAL" "$@"
}
at lin receive "$WORK/no-folder"
expect "a folder that is not there" 2 'No such file'
if [ "$(id -u)" -eq 0 ] && ! "${DROP[@]}" true 2>/dev/null; then
	skip "folders without permission" "capabilities cannot be dropped"
else
	ask "$FIRST"
	chmod 000 "$SHARE"
	plainly lin receive "$SHARE"
	expect "an unreadable folder" 4 'Permission denied'
	plainly lin send "$SHARE"
	expect "nor is it written" 4 'Permission denied'
	chmod 500 "$SHARE"
	plainly lin send "$SHARE"
	expect "a folder that is read-only" 4 'writing the file: Permission'
	plainly lin receive "$SHARE"
	expect "can be received from" 0
	check "no half files" [ -z "$(find "$SHARE" -name '*.cseal.*')" ]
	chmod 700 "$SHARE"
	plainly lin send "$SHARE"
	expect "what was not written is written then" 0 'new file'
	round
fi

# ---- a replica that is lost ----

mkdir "$WORK/genesis"
cp "$SHARE/$PREFIX"-entries-0-1-* "$WORK/genesis/"
mv "$WORK/home-mina/data/counterseal" "$WORK/mina-lost"
at mina receive "$WORK/genesis" --ledger-id "$ID"
expect "who remembers more takes no shorter ledger" 1 'the ledger shrank'
check "nothing is left of it" [ ! -e "$(ledger_of mina)" ]
at mina receive "$SHARE" --ledger-id "$ID" --json
expect_json "what was lost is received again" 0 '.site == "replica" and
    ([.events[] | select(.what == "entry") | .index] | length) == .head.size - 1'
at mina show 10
expect "with the values" 0 'DE89 .... 3000'

# ---- another ledger ----

token_start zoe
token_start yan
at zoe key offer --person zoe --org Other -o "$WORK/zoe.offer"
at yan key offer --person yan --org Other -o "$WORK/yan.offer"
at zoe init --org Other --demo --from "$WORK/zoe.offer" \
    --from "$WORK/yan.offer"
at zoe send "$WORK/other-ledger"
at mina receive "$WORK/other-ledger"
expect "a mail of a ledger that is not this one" 2 'of another ledger'
before=$(entries_of mina)
mkdir "$WORK/others"
at zoe send "$WORK/others"
at mina receive "$WORK/others" --json
expect_json "a folder of it: nothing for this desk" 0 '.events == []'
check "nothing was taken" [ "$(entries_of mina)" -eq "$before" ]
at zoe send "$SHARE"
expect "two ledgers in one folder" 0 'new file'
at yan receive "$SHARE"
expect "a newcomer has to say which" 2 'files of 2 ledgers'
at yan receive "$WORK/others"
expect "of one, too, without a terminal" 2 'where there is no terminal'
person yan '{Is it the same.*N\] $} "y\r"' receive "$WORK/other-ledger"
expect "the beginning may come by mail" 0 'the ledger has 1'
at mina receive "$SHARE"
expect "the others go on" 0

# ---- two histories ----

cp -r "$WORK/home-lin" "$WORK/home-old"
at lin withdraw 12
at lin send "$SHARE"
round
cp "$WORK/lin.sock" "$WORK/old.sock" 2>/dev/null
KEY=lin at old home
expect "a copied desk" 0 'is a copy of'
KEY=lin at old withdraw 12
expect "appends nothing" 1 'copy'
KEY=lin at old home --here --force
expect "unless it is told to" 0 'is the home'
# Another act than at the home: the same one, in the same second, would be the
# same statement under another signature, which anybody can make of an ECDSA
# signature, and so no sign of a second history.
account DE89370400440532013000 >"$WORK/account"
KEY=lin at old request payout.iban --store main-de --from "$WORK/account"
expect "and then it goes its own way" 0
KEY=lin at old send "$WORK/fork"
at petr receive "$WORK/fork"
expect "two histories: refused" 1 'Two histories exist'
check "both heads are named" \
    [ "$(grep -oE '\b[0-9a-f]{64}\b' <<<"$ERR" | sort -u | wc -l)" -eq 2 ]
at petr receive "$SHARE"
expect "the others go on all the same" 0

# ---- --follow ----

round
follow() { # NAME
	desk "$1"
	rm -f "$WORK/$1.follow"
	mkfifo "$WORK/$1.follow"
	env --default-signal=INT "${DESK[@]}" setsid "$COUNTERSEAL" \
	    receive "$SHARE" --follow --json </dev/null \
	    >"$WORK/$1.follow" 2>"$WORK/$1.follow-err" &
	FOLLOWER=$!
	token_pids+=("$FOLLOWER")
}

# Reads what the follower says until PROGRAM is true of a line.
hear() { # FD PROGRAM
	local line
	while read -r -t 60 line <&"$1"; do
		printf '%s\n' "$line" >>"$WORK/heard"
		jq -e "$2" <<<"$line" >/dev/null && return
	done
	return 1
}

follow lin
lin_pid=$FOLLOWER
exec 5<"$WORK/lin.follow"
follow mina
mina_pid=$FOLLOWER
exec 6<"$WORK/mina.follow"
ask "$SECOND"
n=$(of_json .index)
check "a request at one desk appears at the other" \
    hear 6 "[.events[] | select(.what == \"entry\") | .index] == [$n]"
approve mina "$n" "$SECOND"
check "the approval comes home" hear 5 \
    "[.events[] | select(.what == \"appended\") | .index] == [$((n + 1))]"
check "and is told to who gave it" hear 6 \
    "[.events[] | select(.what == \"arrived\") | .index] == [$((n + 1))]"
complaints=$(jq -s '[.[] | select(.site == "replica") | .events[] |
    select(.what == "ignored") | .file + .text] |
    "\(length) \(length - (unique | length))"' "$WORK/heard")
check "what is passed over is told once" [ "$complaints" = '"3 0"' ]
kill -INT "$lin_pid"
{ wait "$lin_pid"; } 2>/dev/null
check "Ctrl-C ends it by the signal" [ $? -eq 130 ]
kill -TERM "$mina_pid"
{ wait "$mina_pid"; } 2>/dev/null
check "SIGTERM likewise" [ $? -eq 143 ]
exec 5<&- 6<&-
unset 'token_pids[-1]' 'token_pids[-1]'
at mina receive "$WORK/mail-6" --follow
expect "one file is not followed" 4 'watches a folder'
round
same_heads "the same head in the end" "$((n + 2))"

tap_done
