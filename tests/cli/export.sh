#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# export: a change's entries, judged by ssh-keygen, fido2-assert and openssl.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Runs a shell line in a folder; passes if it succeeds (or, with `no`, fails).
in_folder() { # TEXT yes|no FOLDER LINE
	local out status
	out=$(cd "$3" && bash -c "$4" 2>&1)
	status=$?
	if [ "$2" = yes ] && [ "$status" -eq 0 ]; then
		ok "$1"
	elif [ "$2" = no ] && [ "$status" -ne 0 ]; then
		ok "$1"
	else
		not_ok "$1" "status $status of: $4"$'\n'"$out"
	fi
}

# The commands that a README gives, as it gives them.
commands() { # FOLDER
	sed -n 's/^    //p' "$1/README"
}

if ! demo_ledger || ! ask DE02120300000000202051; then
	not_ok "a ledger with a change" "${OUT:-} ${ERR:-}"
	tap_done
fi
n=${CHANGE%%-*}
approve mina "$n" DE02120300000000202051
expect "approved" 0
at lin apply "$n" --yes
expect "entered" 0

# ---- ssh ----

at mina export "$CHANGE" --format ssh -o "$WORK/ssh"
expect "export --format ssh" 0 "^$WORK/ssh/$n-request-lin\$"
check "the folder is closed to others" \
    test "$(stat -c %a "$WORK/ssh")" = 700
check "so is each entry's" \
    test "$(stat -c %a "$WORK/ssh/$n-request-lin")" = 700
check "and each file" \
    test "$(stat -c %a "$WORK/ssh/$n-request-lin/message")" = 600
check "one folder an entry, nothing else" \
    test "$(find "$WORK/ssh" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort |
	tr '\n' ' ')" = \
    "$n-request-lin $((n + 1))-approve-mina $((n + 2))-apply-lin "
for folder in "$WORK"/ssh/*; do
	name=${folder##*/}
	person=${name##*-}
	verify="ssh-keygen -Y verify -f allowed_signers -I $person \
	    -n counterseal -s message.sig <message"
	in_folder "$name: ssh-keygen" yes "$folder" "$verify"
	in_folder "$name: says who" yes "$folder" \
	    "$verify | grep -q '^Good \"counterseal\" signature for $person '"
	in_folder "$name: the README's command" yes "$folder" \
	    "sed -n '/^    ssh-keygen/,/^\$/p' README | bash -e"
	in_folder "$name: other bytes" no "$folder" \
	    "(cat message; printf x) | ${verify%<message}"
	in_folder "$name: another namespace" no "$folder" \
	    "${verify/-n counterseal/-n git}"
	in_folder "$name: another person" no "$folder" \
	    "${verify/-I $person/-I petr}"
	in_folder "$name: says what is not proven" yes "$folder" \
	    "tr '\n' ' ' <README | grep -q 'neither the touch nor the PIN'"
done
in_folder "mina's signature is not lin's" no "$WORK/ssh" \
    "ssh-keygen -Y verify -f $n-request-lin/allowed_signers -I lin \
    -n counterseal -s $((n + 1))-approve-mina/message.sig \
    <$((n + 1))-approve-mina/message"

# ---- fido2-assert, openssl ----

at mina export "$n" --format fido2-assert -o "$WORK/fido2/" --json
expect_json "export --format fido2-assert --json" 0 \
    '.change == '"$n"' and .name == "'"$CHANGE"'" and
	.format == "fido2-assert" and .folder == "'"$WORK"'/fido2" and
	[.entries[] | [.index, .act, .person, .folder]] ==
	[['"$n"', "request", "lin", "'"$n"'-request-lin"],
	['$((n + 1))', "approve", "mina", "'$((n + 1))'-approve-mina"],
	['$((n + 2))', "apply", "lin", "'$((n + 2))'-apply-lin"]]'
for folder in "$WORK"/fido2/*; do
	name=${folder##*/}
	in_folder "$name: fido2-assert with touch and PIN" yes "$folder" \
	    "fido2-assert -V -p -v -i assert.txt pubkey.pem es256"
	in_folder "$name: openssl" yes "$folder" \
	    "openssl dgst -sha256 -verify pubkey.pem \
	    -signature signature.der signed.bin"
	in_folder "$name: openssl, other bytes" no "$folder" \
	    "(cat signed.bin; printf x) | openssl dgst -sha256 \
	    -verify pubkey.pem -signature signature.der"
	in_folder "$name: fido2-assert, another rp id" no "$folder" \
	    "sed '2s/^/x/' assert.txt | fido2-assert -V -p -v pubkey.pem es256"
	commands "$folder" >"$WORK/commands"
	in_folder "$name: every command of the README" yes "$folder" \
	    "bash -e '$WORK/commands' >'$WORK/said'"
	in_folder "$name: client data's hash is what was signed" yes \
	    "$folder" "test \"\$(sed -n 2p '$WORK/said')\" = \
	    \"\$(head -n 1 assert.txt)\" && \
	    test \"\$(tail -c 32 signed.bin | base64)\" = \
	    \"\$(head -n 1 assert.txt)\""
	in_folder "$name: the challenge is the statement's" yes "$folder" \
	    "test \"\$(jq -r .challenge client-data.json)\" = \
	    \"\$(sed -n 3p '$WORK/said')\""
	in_folder "$name: the statement is that of ssh" yes "$folder" \
	    "cmp message '$WORK/ssh/$name/message'"
done

# ---- refusals ----

at mina export "$n" --format ssh -o "$WORK/ssh"
expect "a folder that is not empty" 4 'there is something in it'
touch "$WORK/file"
at mina export "$n" --format ssh -o "$WORK/file"
expect "a file in the way" 4 "$WORK/file"
at mina export "$n" --format ssh -o "$WORK/no/such/folder"
expect "no folder to make it in" 4 "$WORK/no/such/folder"
mkdir "$WORK/vacant"
at mina export "$n" --format ssh -o "$WORK/vacant"
expect "an empty folder is taken" 0
check "and closed" test "$(stat -c %a "$WORK/vacant")" = 700
at mina export "$n" --format html -o "$WORK/html"
expect "an unknown format" 2 'ssh or fido2-assert'
check "leaves nothing behind" test ! -e "$WORK/html"
check "nor under another name" \
    test -z "$(find "$WORK" -maxdepth 1 -name 'html*' -print)"
at mina export "$n" -o "$WORK/x"
expect "without a format" 2 'format.*ssh or fido2-assert'
at mina export "$n" --format ssh
expect "without a folder" 2 '-o'
at mina export 99 --format ssh -o "$WORK/x"
expect "no such change" 2 '99'
check "no folder for it" test ! -e "$WORK/x"

tap_done
