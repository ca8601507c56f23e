# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034,SC2154
# udev, a seat with a person at it, and two keys as real devices.

GADGET=/sys/kernel/config/usb_gadget/key

# As docs/gadget.md tells it for a Raspberry Pi.
make_gadget() {
	mount -t configfs none /sys/kernel/config
	mkdir -p "$GADGET/strings/0x409" "$GADGET/configs/c.1" \
	    "$GADGET/functions/hid.key"
	cd "$GADGET" || return
	echo 0x1209 >idVendor
	echo 0x0001 >idProduct
	echo Counterseal >strings/0x409/manufacturer
	echo counterseal-token >strings/0x409/product
	echo mina >strings/0x409/serialnumber
	echo 0 >functions/hid.key/protocol
	echo 0 >functions/hid.key/subclass
	echo 64 >functions/hid.key/report_length
	printf '%b' '\x06\xd0\xf1\x09\x01\xa1\x01\x09\x20\x15\x00\x26\xff' \
	    '\x00\x75\x08\x95\x40\x81\x02\x09\x21\x15\x00\x26\xff\x00' \
	    '\x75\x08\x95\x40\x91\x02\xc0' >functions/hid.key/report_desc
	ln -s functions/hid.key configs/c.1
	cd /
}

# What logind writes when somebody logs in at the machine (sd_seat_get_active
# of sd-login(3) reads it): the same mechanism, without a login.
take_seat() { # UID
	mkdir -p /run/systemd/seats
	printf 'IS_SEAT0=1\nACTIVE=1\nACTIVE_UID=%d\n' "$1" \
	    >/run/systemd/seats/seat0
}

mkdir -p /home/0 /run/root
for uid in $PERSON $OTHER; do
	mkdir -p "/home/$uid"
	chown "$uid:$uid" "/home/$uid"
	chmod 700 "/home/$uid"
done
take_seat "$PERSON"

# Without our rule, and without the one of systemd that gives security keys to
# the person at the seat: what is reached in the end is reached by ours alone.
ln -s /dev/null "$RULE"
ln -s /dev/null /etc/udev/rules.d/70-uaccess.rules
check "udev starts" /lib/systemd/systemd-udevd --daemon --resolve-names=early
udevadm trigger --action=add
udevadm settle

for module in uhid hid-generic usbhid dummy_hcd libcomposite usb_f_hid; do
	modprobe "$module"
done
await test -c /dev/uhid
check "the USB gadget is set up" make_gadget
does "a key over uhid" plug lin
does "a key over USB" plug mina
check "it is enumerated as a USB device" grep -qx mina \
    /sys/bus/usb/devices/1-1/serial
check "the kernel's HID drives both" \
    test "$(find /sys/class/hidraw/ -name 'hidraw[0-9]*' | wc -l)" -eq 2
