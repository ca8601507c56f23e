#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The command line itself: help, names that are nearly right, what is refused,
# where settings come from, and what exit statuses say.
set -u
. "$(dirname "$0")/lib.sh"

# ---- help ----

run "$COUNTERSEAL" --help
expect "--help goes to standard output, status 0" 0 'counterseal \[--ledger'
check "--help writes nothing to standard error" [ -z "$ERR" ]
run "$COUNTERSEAL" --version
expect "--version" 0 '^counterseal [0-9]+\.[0-9]+\.[0-9]+$'

run "$COUNTERSEAL" --synopsis
expect "--synopsis" 0 '^counterseal init --org'
verbs=$OUT
while read -r _ one two rest; do
	case $two in
	'' | *[!a-z]* | N | KIND) words=("$one") ;;
	*) words=("$one" "$two") ;;
	esac
	run "$COUNTERSEAL" "${words[@]}" --help
	expect "${words[*]} --help" 0 "^counterseal ${words[*]}"
	[ "$(printf '%s\n' "$OUT" | awk 'length > 80' | wc -l)" -eq 0 ] ||
	    not_ok "${words[*]} --help fits 80 columns" "$OUT"
	: "$rest"
done <<<"$verbs"
run "$COUNTERSEAL" key --help
expect "help of a group" 0 'key revoke'
check "help of a group shows no other verb" \
    [ "$(grep -c approve <<<"$OUT")" -eq 0 ]
run "$COUNTERSEAL" approve --help --json nonsense more
expect "--help comes before what is missing or too much" 0 'approve N'

# ---- refused, with the way out ----

refused() { # TEXT PATTERN ARGUMENT...
	local text=$1 pattern=$2
	shift 2
	run "$COUNTERSEAL" "$@"
	expect "$text" 2 "^counterseal: $pattern"
	check "$text: nothing on standard output" [ -z "$OUT" ]
}
refused "a mistyped verb" 'aprove: .*did you mean approve\?' aprove 3
refused "a mistyped group" 'kye: .*did you mean key\?' kye list
refused "a mistyped verb of a group" 'lsit: .*did you mean list\?' key lsit
refused "a verb near to none" 'xyzzy-plugh: no such command' xyzzy-plugh
refused "half a command" 'key: is not a whole command' key
refused "a mistyped option" '--reasn: .*did you mean --reason\?' \
    reject 3 --reasn other
refused "a mistyped global option" '--ledgr: .*did you mean --ledger\?' \
    --ledgr x join
refused "an unknown letter" '-z: no such option' join -z
refused "a long option with one dash" '-reason: no such option' \
    reject 3 -reason other
refused "another verb's option" '--outcome: no such option' \
    approve 3 --outcome entered
refused "a repeated option" '--ledger: given twice' \
    --ledger a join --ledger b
refused "a repeated flag" '--yes: given twice' apply 3 --yes --yes
refused "a flag with a value" '--json=yes: takes no value' join --json=yes
refused "an option without its value" '--reason: needs REASON' \
    reject 3 --reason
refused "an option with an empty value" '--reason=: REASON is empty' \
    reject 3 --reason=
refused "too few words" 'approve: something is missing' approve
refused "too many words" '4: one word too many' approve 3 4
refused "too many words behind --" '--json: one word too many' \
    approve 3 -- --json
refused "an unknown reason" '--reason: no such word.*suspicious' \
    reject 3 --reason because
refused "a reason that is needed" '--reason: is needed' reject 3
refused "an unknown outcome" '--outcome: no such word.*entered' \
    apply 3 --outcome 'done'
refused "a key that is no number" 'lins: is not a key' \
    key revoke lins --reason lost
refused "an unknown shell" 'tcsh: no completion' --completion tcsh
refused "a request without its store" '--store: is needed' \
    request payout.iban
refused "a request for an unknown kind" '.*payout.iban' \
    request payout.ibna --store main-de
refused "a request for a kind with a command of its own" 'key.add: .*key' \
    request key.add --store main-de
refused "an unknown operation" '--op: no such operation' \
    request payout.iban --store main-de --op swap
refused "a store that is no handle" '.*' \
    request payout.iban --store 'Main DE'
refused "init of nobody" '--from: .*two persons' \
    --ledger "$WORK/l" init --org X
refused "init without a name" '--org: is needed' --ledger "$WORK/l" init

run "$COUNTERSEAL" key lsit --json
expect_json "an error as JSON" 2 \
    '.error.code == "usage" and .error.where == "lsit"
	and (.error.what | test("list"))'
check "and as text on standard error" [ -n "$ERR" ]
run "$COUNTERSEAL" approve $'3\e[31m' 4 $'\xff\xe2\x80\xae'
check "what was typed is not printed raw" \
    [ "$(LC_ALL=C grep -c '[^ -~]' "$WORK/err")" -eq 0 ]

# A value of grade secret would be seen in `ps` and kept in the history.
run "$COUNTERSEAL" request payout.iban --store main-de \
    iban=DE89370400440532013000
expect "a secret value among the arguments" 2 '--from'
check "is not told again" \
    [ "$(grep -c 3704 <<<"$OUT$ERR")" -eq 0 ]
run "$COUNTERSEAL" request payout.iban --store main-de currency=EUR </dev/null
expect "missing fields, and nobody to ask" 2 'holder, iban: .*--from'

# ---- a ledger that is not there, a token that is not there ----

at lin join
expect "no ledger" 4 "$LEDGER: .*init"
at lin --json join
expect_json "no ledger, as JSON" 4 '.error.code == "not-found"'
at lin token info
expect "no token" 3 "unix:$WORK/lin.sock"
at lin token info --token "$WORK"
expect "a token that is none" 3 ''

# ---- settings ----

# What `token info` complains of is the path that was taken.
taken() { # TEXT PATH
	expect "$1" 3 "unix:$2"
}
home=$WORK/home
mkdir -p "$home/.config/counterseal"
config=$home/.config/counterseal/config.ini
with() { # NAME=VALUE... -- ARGUMENT...
	local words=()
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	run env -u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_STATE_HOME \
	    HOME="$home" "${words[@]}" "$COUNTERSEAL" "$@"
}
printf '[desk]\ntoken = unix:/nowhere/config\n' >"$config"
with -- token info
taken "token from config.ini" /nowhere/config
with COUNTERSEAL_TOKEN=unix:/nowhere/environment -- token info
taken "the environment comes before config.ini" /nowhere/environment
with COUNTERSEAL_TOKEN=unix:/nowhere/environment -- \
    token info --token unix:/nowhere/option
taken "an option comes before the environment" /nowhere/option
with XDG_CONFIG_HOME=relative -- token info
taken "a relative XDG_CONFIG_HOME is ignored" /nowhere/config

printf '[desk]\nledger = /nowhere/ledger\n' >"$config"
with -- join
expect "ledger from config.ini" 4 '/nowhere/ledger: .*config'
rm "$config"
with XDG_DATA_HOME="$home/data" -- join
expect "the default ledger" 4 "$home/data/counterseal/ledger.db: .*default"
with -- join
expect "the default of the default" 4 \
    "$home/.local/share/counterseal/ledger.db"

bad_config() { # TEXT PATTERN
	with -- join
	expect "config.ini: $1" "${3:-2}" "$2"
	printf '[desk]\n' >"$config"
	chmod 600 "$config"
}
printf '[desk]\nlegder = /x\n' >"$config"
bad_config "an unknown setting" 'line 2: legder: no such setting'
printf '[desks]\nledger = /x\n' >"$config"
bad_config "an unknown section" 'line 2: desks: no such section'
printf '[desk]\nledger = x\n' >"$config"
bad_config "a relative path" 'line 2: ledger: must be an absolute path'
printf '[desk]\nledger = /x\nledger = /y\n' >"$config"
bad_config "a setting given twice" 'line 3: ledger: given twice'
printf '[desk]\nnonsense\n' >"$config"
bad_config "a line that is neither" 'line 2'
for limit in 0s 61s 10 10m 1.5s -1s '' 99999999999999999999s; do
	printf '[hooks]\ntime limit = %s\n' "$limit" >"$config"
	bad_config "a time limit of '$limit'" 'line 2: time limit: must be 1s to'
done
printf '[hooks]\ntime limit = 1s\ntime limit = 2s\n' >"$config"
bad_config "a time limit given twice" 'line 3: time limit: given twice'
printf '[hooks]\nlimit = 1s\n' >"$config"
bad_config "an unknown setting of hooks" 'line 2: limit: no such setting'
{
	printf '[desk]\nledger = /'
	printf 'x%.0s' {1..300}
	printf '\n'
} >"$config"
bad_config "an over-long line" 'line 2 is longer'
printf '[desk]\nledger = /x\0y\n' >"$config"
bad_config "no text" 'not a text file'
chmod g+w "$config"
bad_config "the group can write it" 'others can write it' 4
chmod o+w "$config"
bad_config "everybody can write it" 'others can write it' 4
rm "$config"
mkdir "$config"
with -- join
expect "config.ini: a folder" 4 'is not a file'
rmdir "$config"
if [ "$(id -u)" -eq 0 ] && can_be_nobody; then
	printf '[desk]\n' >"$config"
	chown 65534 "$config"
	bad_config "it belongs to somebody else" 'somebody else' 4
else
	skip "config.ini: it belongs to somebody else" "nobody else to be"
fi
rm -f "$config"

# ---- streams ----

# shellcheck disable=SC2016 # the inner shell expands
{
	run sh -c '"$1" --help >/dev/full' sh "$COUNTERSEAL"
	expect "a full disk" 4 'standard output: No space left'
	run sh -c '"$1" --help >&-' sh "$COUNTERSEAL"
	expect "standard output is closed" 4 'standard output: '
	run sh -c '"$1" --help <&- 2>&-' sh "$COUNTERSEAL"
	expect "standard input and error are closed" 0 'counterseal'
}
# The reader is gone before the first byte is written.
mkfifo "$WORK/pipe"
# shellcheck disable=SC2094 # a reader, only so that the writer can open
exec 3<>"$WORK/pipe" 4>"$WORK/pipe" 3>&-
"$COUNTERSEAL" --help >&4 2>"$WORK/err"
STATUS=$? OUT='' ERR=$(cat "$WORK/err")
exec 4>&-
expect "a reader that went away" 4
check "a reader that went away is not complained of" [ -z "$ERR" ]

# ---- completion ----

run "$COUNTERSEAL" --completion bash
expect "completion for bash" 0 'complete -F'
printf '%s\n' "$OUT" >"$WORK/completion"
check "is a script" bash -n "$WORK/completion"
check "passes shellcheck" shellcheck -s bash "$WORK/completion"
completed() { # WORD...; the last one is incomplete
	bash -c '. "$1"; shift; COMP_WORDS=(counterseal "$@")
	    COMP_CWORD=$#; _counterseal; echo "${COMPREPLY[*]}"' bash \
	    "$WORK/completion" "$@"
}
completes() { # WANT WORD...
	local want=$1 got
	shift
	got=$(completed "$@")
	check "completes '$*' to '$want'" [ "$got" = "$want" ]
}
completes approve appr
completes 'key' ke
completes 'offer' key of
completes '--reason' reject 3 --re
completes '--reason' key revoke 3 --re
completes '--json' approve --js
completes 'approve' --ledger /x appr

# ---- the man page tells what the table says ----

page=$ROOT/src/cli/counterseal.1
if [ -e "$page" ]; then
	mandoc -T ascii "$page" | sed 's/.\x08//g' | tr -s ' \n' ' ' \
	    >"$WORK/page"
	while read -r line; do
		check "man page: $line" grep -qF -- "$line" "$WORK/page"
	done <<<"$verbs"
fi

tap_done
