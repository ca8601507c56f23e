#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Fetches what the guest is made of and the host need not have installed: a
# Debian kernel, a static busybox, udev and systemd's rules for seats.
#   tests/vm/packages.sh FOLDER
# makes FOLDER/debs (kept: nothing is fetched twice), FOLDER/root with what is
# needed of them, and FOLDER/version, the kernel's.
set -eu
folder=$1
mkdir -p "$folder/debs"
cd "$folder"

fetch() { # PACKAGE...
	(cd debs && apt-get -q -o APT::Sandbox::User=root download "$@")
}

newest() { # PACKAGE
	find debs -name "$1_*.deb" | sort -V | tail -n 1
}

kernel=$(find debs -name 'linux-image-*.deb' | sort -V | tail -n 1)
if [ -z "$kernel" ] || [ -z "$(newest busybox-static)" ] ||
    [ -z "$(newest udev)" ] || [ -z "$(newest systemd)" ]; then
	# linux-image-amd64 is a name for the newest one.
	find_kernel() {
		apt-cache depends linux-image-amd64 2>/dev/null |
		    sed -n 's/^ *Depends: *\(linux-image-[0-9].*\)/\1/p' |
		    head -n 1
	}
	name=$(find_kernel)
	if [ -z "$name" ] || ! fetch "$name" busybox-static udev systemd; then
		apt-get -q update
		fetch "$(find_kernel)" busybox-static udev systemd
	fi
	kernel=$(newest "$(find_kernel)")
fi

rm -rf root
mkdir root
for package in busybox-static udev systemd; do
	dpkg -x "$(newest "$package")" root
done
# Of 400 MB of drivers those that a key, and the guest's way to files, needs.
dpkg --fsys-tarfile "$kernel" | tar -x -C root --wildcards \
    './boot/vmlinuz-*' './lib/modules/*/modules.*' \
    './lib/modules/*/kernel/drivers/hid/*' \
    './lib/modules/*/kernel/drivers/usb/*' \
    './lib/modules/*/kernel/drivers/virtio/*' \
    './lib/modules/*/kernel/fs/*' './lib/modules/*/kernel/net/9p/*'
version=$(basename root/lib/modules/*)
/sbin/depmod -b root "$version"
printf '%s\n' "$version" >version
