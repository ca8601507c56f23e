# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2153,SC2154
# A payout account from the offer to the proof, with PINs, over hidapi. Both
# keys stay plugged in; the right one has to be found.

LIN_PIN=4711-lin
MINA_PIN=0815-mina
declare -A pin_of=([lin]=$LIN_PIN [mina]=$MINA_PIN)
DESKS=/home/$PERSON
LEDGER=$DESKS/ledger.db

# The command at the desk of NAME.
desk() { # NAME
	DESK=(env HOME="$DESKS/$1" COUNTERSEAL_LEDGER="$LEDGER" counterseal)
}

# At a terminal: each prompt for the PIN gets it.
at() { # NAME PINS ARGUMENT...
	local name=$1 n=$2 play=
	shift 2
	for (( ; n > 0; n--)); do
		play+="{PIN of .* tries left\\): \$} \"${pin_of[$name]}\\r\" "
	done
	desk "$name"
	typed "$play" "${DESK[@]}" "$@"
}

# Reads what the terminal behind descriptor 4 writes until the words are there.
sees() { # WORDS
	local c
	while IFS= read -r -N 1 -t 60 -u 4 c; do
		[ "$c" = $'\r' ] || SCREEN+=$c
		[[ ! $SCREEN =~ $1 ]] || return 0
	done
	return 1
}

for name in lin mina; do
	mkdir -p "$DESKS/$name"
	chown -R "$PERSON:$PERSON" "$DESKS/$name"
	typed "{Enter new PIN.*: \$} \"${pin_of[$name]}\\r\" {again: \$} \"${pin_of[$name]}\\r\"" \
	    fido2-token -S "$(node_of $name)"
	expect "fido2-token sets $name's PIN" 0
	at $name 2 key offer --person $name --org 'Example Trading GmbH' \
	    --token "$(node_of $name)" -o "$DESKS/$name.offer"
	expect "an offer of $name's key" 0 'a key of'
done

at lin 1 init --demo --org 'Example Trading GmbH' \
    --from "$DESKS/lin.offer=operator,admin" \
    --from "$DESKS/mina.offer=approver,admin"
expect "lin founds the ledger; of two keys lin's blinks" 0 'found this ledger'
at mina 1 join
expect "mina joins; mina's blinks" 0
printf 'holder: Example Trading GmbH\niban: DE89370400440532013000\n' \
    >"$DESKS/account"
at lin 1 request payout.iban --store main-de --from "$DESKS/account"
expect "lin asks for a payout account" 0 'asked for by lin'

# ---- both keys are in the drawer when mina approves ----

does "mina's key is pulled out" pull mina
does "and lin's" pull lin
rm -f /run/screen
mkfifo /run/screen
desk mina
(as "$PERSON" expect "$PLAY" \
    "{IBAN: \$} \"DE89370400440532013000\\r\" {PIN of .*: \$} \"$MINA_PIN\\r\"" \
    "${DESK[@]}" approve 2) >/run/screen 2>&1 </dev/null &
approving=$!
exec 4<>/run/screen
SCREEN=
does "the key is asked for, by whose it is" sees 'Insert the key of [a-z ]*mina\.'
does "hers is put back" plug mina
does "and found, and the approval goes on" sees 'approved by mina'
does "what mina typed again was the same" sees 'The same as asked for'
does "it ends well" sees 'STATUS=0'
does "her terminal is as it was" sees 'TERMINAL=same'
wait $approving
exec 4<&-
does "lin's is put back" plug lin

desk lin
typed "{press Enter: \$} \"\\r\" {press Enter: \$} \"\\r\" {\\[y/N\\] \$} \"y\\r\"
    {Account holder: \$} \"Example Trading GmbH\\r\"
    {last 3 or more: \$} \"3000\\r\" {two letters: \$} \"DE\\r\"
    {PIN of .*: \$} \"$LIN_PIN\\r\"" \
    "${DESK[@]}" apply 2
expect "lin has entered it" 0 'in force'
run_as "$PERSON" "${DESK[@]}" verify
expect "all of it verifies" 0 'findings: none'
