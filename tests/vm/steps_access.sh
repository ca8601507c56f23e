# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Who may use the keys: nobody but root without our rule; with it who sits at
# the machine, and nobody else.

may_use() { # UID NODE
	setpriv --reuid "$1" --regid "$1" --clear-groups \
	    sh -c '[ -r "$1" ] && [ -w "$1" ]' sh "$2"
}

may_not_use() { # UID NODE
	! may_use "$@"
}

no_world_access() {
	find /dev -maxdepth 1 \( -name 'hidraw*' -o -name uhid -o \
	    -name 'hidg*' \) -perm /007
}

# The device's tags as they are now.
is_tagged() { # NODE
	udevadm info "$1" | grep -q '^E: CURRENT_TAGS=.*:uaccess:'
}

retrigger() {
	udevadm trigger --settle --action=add "$@"
}

run_as "$PERSON" counterseal token list
expect "both are listed, by whoever" 0 'counterseal-token +lin$'
expect "the USB one with its maker" 0 'Counterseal counterseal-token +mina$'
for name in lin mina; do
	run_as "$PERSON" counterseal token info --token "$(node_of $name)"
	expect "without the rule $name's is refused, with the way out" 3 \
	    'udev/70-counterseal.rules.*make install'
	run_as "$PERSON" fido2-token -I "$(node_of $name)"
	expect "and to fido2-token" 1
done
check_silent "no node is open to everybody" no_world_access

# ---- the rule, as `make install` put it ----

rm "$RULE"
check "udev reads the rules again" udevadm control --reload
for name in lin mina; do
	pull $name
	does "$name's key is plugged in again" plug $name
	run_as "$PERSON" counterseal token info --token "$(node_of $name)"
	expect "with the rule $name's key is the person's" 0 \
	    'versions.*FIDO_2_1'
	check "and not another's" may_not_use "$OTHER" "$(node_of $name)"
done
check_silent "still no node is open to everybody" no_world_access

for name in lin mina; do
	check "udev knows $name's as a FIDO device" grep -qx \
	    'E: ID_FIDO_TOKEN=1' <<<"$(udevadm info "$(node_of $name)")"
done

OUT=$(udevadm test --action=add "/sys/class/hidraw/$(basename \
    "$(node_of lin)")" 2>&1)
STATUS=$?
expect "udevadm test reads the rule" 0 '70-counterseal\.rules'
expect "and would give access" 0 "^run: 'uaccess'"
# What is wrong with a line is told without a device before it.
check_silent "without a complaint" grep -E '^[^ ]*70-counterseal\.rules:[0-9]+' \
    <<<"$OUT"
if udevadm verify --help >/dev/null 2>&1; then
	check "udevadm verify" udevadm verify \
	    /usr/local/lib/udev/rules.d/70-counterseal.rules
fi

# ---- where udev does not know FIDO devices by itself ----

without_help() { # TEXT
	udevadm control --reload
	retrigger "$(node_of lin)"
	check "$1" is_tagged "$(node_of lin)"
	check "$1, USB" is_tagged "$(node_of mina)"
}

ln -s /dev/null /etc/udev/rules.d/60-fido-id.rules
without_help "tagged without udev's own rule for FIDO devices"
mv /usr/lib/udev/fido_id /usr/lib/udev/fido_id.off
without_help "software keys are even without its program"
mv /usr/lib/udev/fido_id.off /usr/lib/udev/fido_id
rm /etc/udev/rules.d/60-fido-id.rules
udevadm control --reload

# ---- somebody else comes to the machine ----

take_seat "$OTHER"
retrigger "$(node_of lin)"
check "the key is whose the seat is" may_use "$OTHER" "$(node_of lin)"
check "and no longer whose it was" may_not_use "$PERSON" "$(node_of lin)"
take_seat "$PERSON"
retrigger "$(node_of lin)"
check "and back" may_use "$PERSON" "$(node_of lin)"

# ---- the nodes by which a program is a key ----

check "the gadget's node is the person's" may_use "$PERSON" /dev/hidg0
check "and not another's" may_not_use "$OTHER" /dev/hidg0
check "/dev/uhid is root's" may_not_use "$PERSON" /dev/uhid
pull lin
key_uid[lin]=$PERSON
mkdir -p /etc/counterseal
run_as "$PERSON" counterseal-token --uhid --state "/home/$PERSON/lin.key"
expect "so nobody else makes a key there" 1 '/dev/uhid: Permission denied'
: >/etc/counterseal/uhid
retrigger /dev/uhid
check "unless root wants it" may_use "$PERSON" /dev/uhid
check "but not for another" may_not_use "$OTHER" /dev/uhid
check_silent "and no node is open to everybody" no_world_access
pull mina
key_uid[mina]=$PERSON
does "the person has a key over uhid" plug lin
does "and one over USB" plug mina
