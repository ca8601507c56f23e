# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154
# What goes wrong with real devices, each with its sentence.

# A wrong PIN, over hidapi.
desk lin
typed '{8 tries left\): $} "wrong\r" {The PIN was wrong.*7 tries left\): $} "\003"' \
    "${DESK[@]}" request payout.iban --store main-fr --from "$DESKS/account"
expect "a wrong PIN is told, with the tries that are left" 130

# Pulled out while it waits for the touch.
pull lin
plug lin --presence never
rm -f /run/screen
mkfifo /run/screen
(as "$PERSON" expect "$PLAY" "{PIN of .*: \$} \"$LIN_PIN\\r\"" "${DESK[@]}" \
    request payout.iban --store main-fr --from "$DESKS/account") \
    >/run/screen 2>&1 </dev/null &
asking=$!
exec 4<>/run/screen
SCREEN=
does "a touch is waited for" sees 'Touch your key \(lin\)'
does "the key is pulled out" pull lin
does "which is told" sees 'the key is gone'
does "as a failure of the key" sees 'STATUS=3'
wait $asking
exec 4<&-
does "it is put back" plug lin

# It opens, and says nothing.
node=$(node_of lin)
kill -STOP "${key_pid[lin]}"
run_as "$PERSON" counterseal token info --token "$node"
expect "a key that does not answer" 3 'does not answer'
kill -CONT "${key_pid[lin]}"
run_as "$PERSON" counterseal token info --token "$node"
expect "and that answers again" 0 'FIDO_2_1'

run_as "$PERSON" counterseal token info --token /dev/hidraw99
expect "a device that is not there" 3 'no such device'
run_as "$PERSON" counterseal token info --token /dev/null
expect "a device that is no key" 3 'not a security key'

# Two that look the same: mina's credentials on neither, lin's on one.
lin_pid=${key_pid[lin]}
pull mina
STATE=twin start_key lin --uhid
twin_pid=${key_pid[lin]}
key_pid[lin]=$lin_pid

two_of_lin() {
	[ "$(grep -lx HID_UNIQ=lin /sys/class/hidraw/*/device/uevent | wc -l)" \
	    -eq 2 ]
}

does "a twin of lin's key" await two_of_lin
udevadm settle
run_as "$PERSON" counterseal token list
check "both are listed, by node" [ "$(grep -Ec \
    '^/dev/hidraw[0-9]+ +counterseal-token +lin$' <<<"$OUT")" -eq 2 ]
run_as "$PERSON" counterseal token info
expect "which one is meant has to be said" 3 '2 security keys'
at lin 1 request payout.iban --store main-fr --from "$DESKS/account"
expect "the one that can seal is found without" 0 'asked for by lin'
kill "$twin_pid"
wait "$twin_pid" 2>/dev/null
does "mina's key is back" plug mina
