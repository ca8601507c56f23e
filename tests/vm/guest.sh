#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs in the guest as root, step by step; what ordinary users do, they do as
# ordinary users. Prints TAP on the console.
#
# The keys: lin's is a HID device of the kernel (uhid), mina's a USB device
# (f_hid, on the host controller and the device controller of dummy_hcd, which
# are connected to each other).
# shellcheck disable=SC2034,SC2154 # the steps' files share the names
set -u
here=$(dirname "$0")
. "$here/../tap.sh"
export LC_ALL=C.UTF-8 TZ=UTC HOME=/run/root PATH=/usr/local/bin:$PATH
PERSON=1000 # at the seat
OTHER=1001  # an account on the same machine
RULE=/etc/udev/rules.d/70-counterseal.rules # masks ours
PLAY=$here/../cli/on_terminal.exp
declare -A key_pid key_uid
key_uid=([lin]=0 [mina]=0)

as() { # UID COMMAND...
	local uid=$1
	shift
	exec env -i HOME="/home/$uid" PATH="$PATH" LC_ALL=C.UTF-8 TERM=dumb \
	    setpriv --reuid "$uid" --regid "$uid" --clear-groups "$@"
}

# As somebody, without a terminal: OUT (both streams) and STATUS.
run_as() { # UID COMMAND...
	OUT=$(as "$@" 2>&1 </dev/null)
	STATUS=$?
}

expect() { # TEXT STATUS [PATTERN]
	if [ "$STATUS" -ne "$2" ]; then
		not_ok "$1" "status $STATUS, not $2"$'\n'"$OUT"
	elif [ -n "${3:-}" ] && ! grep -Eq -- "$3" <<<"$OUT"; then
		not_ok "$1" "no line with: $3"$'\n'"$OUT"
	else
		ok "$1"
	fi
}

# As check(), but not in a subshell: the command starts or ends a key.
does() { # TEXT COMMAND...
	local text=$1
	shift
	if "$@" >/run/did 2>&1; then
		ok "$text"
	else
		not_ok "$text" "$(cat /run/did /run/*.log)"
	fi
}

# A person at a terminal, by the PLAY of on_terminal.exp.
typed() { # PLAY COMMAND...
	local play=$1
	shift
	OUT=$(as "$PERSON" expect "$PLAY" "$play" "$@" 2>&1 | tr '\r' '\n')
	STATUS=$(sed -n 's/^STATUS=//p' <<<"$OUT")
	STATUS=${STATUS:-99}
}

# The kernel and udev take a moment; a minute is a failure.
await() { # COMMAND...
	local i
	for ((i = 0; i < 600; i++)); do
		! "$@" || return 0
		udevadm settle -t 5
		sleep 0.1
	done
	return 1
}

# The hidraw node of NAME's key, which has the name as its serial number.
node_of() { # NAME
	local uevent
	for uevent in /sys/class/hidraw/*/device/uevent; do
		grep -qx "HID_UNIQ=$1" "$uevent" 2>/dev/null || continue
		uevent=${uevent#/sys/class/hidraw/}
		printf '/dev/%s\n' "${uevent%%/*}"
		return 0
	done
	return 1
}

is_there() { # NAME
	local node
	node=$(node_of "$1") && [ -e "$node" ]
}

is_gone() { # NAME
	! node_of "$1"
}

# Switches the program on that is the key, and waits until it says so. It
# remembers in a file of its name, or of STATE's.
start_key() { # NAME OPTION...
	local name=$1 uid=${key_uid[$1]} presence=(--presence always) word
	shift
	for word in "$@"; do
		[ "$word" != --presence ] || presence=()
	done
	rm -f /run/ready
	mkfifo /run/ready
	as "$uid" counterseal-token --state "/home/$uid/${STATE:-$name}.key" --no-uv \
	    --name "$name" "${presence[@]}" --ready-fd 3 "$@" \
	    3>/run/ready >"/run/$name.log" 2>&1 </dev/null &
	key_pid[$name]=$!
	read -r <>/run/ready -t 60
	[ "${REPLY:-}" = ready ]
}

plug() { # NAME [OPTION...]
	local name=$1
	shift
	if [ "$name" = mina ]; then
		echo dummy_udc.0 >"$GADGET/UDC"
		await test -c /dev/hidg0
		start_key mina --hidg /dev/hidg0 "$@"
	else
		start_key "$name" --uhid "$@"
	fi && await is_there "$name" && udevadm settle
}

stop_key() { # NAME
	kill "${key_pid[$1]}"
	wait "${key_pid[$1]}" 2>/dev/null
}

pull() { # NAME
	stop_key "$1"
	[ "$1" != mina ] || echo >"$GADGET/UDC"
	await is_gone "$1" && udevadm settle
}

# STEPS comes from the kernel's command line: what it does not know itself it
# hands to the first process.
for step in ${STEPS//,/ }; do
	echo "# $step, after $(cut -d. -f1 /proc/uptime) s"
	# shellcheck source=/dev/null
	. "$here/steps_$step.sh"
done
echo "# end, after $(cut -d. -f1 /proc/uptime) s"
tap_done
