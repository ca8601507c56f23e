#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Packs the guest's memory file system:
#   tests/vm/initrd.sh FOLDER INSTALLED
# FOLDER is that of packages.sh, INSTALLED what `make install` made below its
# DESTDIR with the PREFIX /usr/local. Makes FOLDER/initrd.gz. All else of /usr
# the guest has from the host, read-only.
set -eu
folder=$(realpath "$1")
installed=$(realpath "$2")
tests=$(cd "$(dirname "$0")/.." && pwd)
version=$(cat "$folder/version")
from=$folder/root
guest=$folder/guest

MODULES='uhid hid-generic usbhid dummy_hcd libcomposite usb_f_hid
    9p 9pnet_virtio virtio_pci'
APPLETS='sh mount mkdir ln insmod modprobe poweroff cat sleep'

rm -rf "$guest"
mkdir -p "$guest"/{dev,proc,sys,run,tmp,home,usr,etc/udev/rules.d,busybox} \
    "$guest"/lib/{modules,systemd} "$guest"/here/{tests/vm,tests/cli,local,udev}
ln -s usr/bin "$guest/bin"
ln -s usr/sbin "$guest/sbin"
ln -s usr/lib64 "$guest/lib64"
ln -s ../usr/lib/x86_64-linux-gnu "$guest/lib/x86_64-linux-gnu"
ln -s ../usr/lib/udev "$guest/lib/udev"

cp "$from/bin/busybox" "$guest/busybox/"
for applet in $APPLETS; do
	ln -s busybox "$guest/busybox/$applet"
done

# udevd goes by its name. What may be of the host's own udev is left out.
cp "$from/bin/udevadm" "$guest/busybox/"
ln -s /busybox/udevadm "$guest/lib/systemd/systemd-udevd"
cp -r "$from/lib/udev/." "$guest/here/udev/"
rm -rf "$guest/here/udev/hwdb.d"
cp "$from"/lib/udev/rules.d/7[0-9]-*.rules "$guest/here/udev/rules.d/"

for module in $MODULES; do
	/sbin/modprobe --dirname "$from" --set-version "$version" \
	    --show-depends "$module"
done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u | while read -r file; do
	file=${file#"$from/"}
	mkdir -p "$guest/${file%/*}"
	cp "$from/$file" "$guest/$file"
done
cp "$from/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} \
    "$guest/lib/modules/$version/"
/sbin/depmod -b "$guest" "$version"

cp -r "$installed/usr/local/." "$guest/here/local/"
cp "$tests"/vm/{init,guest,steps_,client}* "$guest/here/tests/vm/"
cp "$tests/tap.sh" "$guest/here/tests/"
cp "$tests/cli/on_terminal.exp" "$guest/here/tests/cli/"
ln -s here/tests/vm/init "$guest/init"

# The groups that udev's own rules name, root, and two people.
for group in root:0 tty:5 disk:6 lp:7 kmem:15 dialout:20 cdrom:24 tape:26 \
    audio:29 video:44 plugdev:46 input:101 sgx:102 kvm:103 render:104 \
    person:1000 other:1001; do
	printf '%s:x:%s:\n' "${group%:*}" "${group#*:}"
done >"$guest/etc/group"
cat >"$guest/etc/passwd" <<END
root:x:0:0:root:/:/bin/sh
person:x:1000:1000:at the seat:/home/person:/bin/sh
other:x:1001:1001:not at the seat:/home/other:/bin/sh
END
printf 'passwd: files\ngroup: files\n' >"$guest/etc/nsswitch.conf"

(cd "$guest" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) \
    >"$folder/initrd.gz"
